#include "config/web_config.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "tests/config/folder.h"
#include "tests/routing/conformance_table.h"

namespace tocsin::config {
namespace {

namespace json = boost::json;

const char* const kCert =
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const char* const kKey =
    "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";
const char* const kHash =
    "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

// The files that web configurations name, beside the configuration.
class WebFolder : public Folder {
 public:
  WebFolder() {
    for (const char* const name :
         {"server.crt", "client_selfsigned.pem", "client2_selfsigned.pem"}) {
      Write(name, kCert);
    }
    Write("server.key", kKey);
  }

  WebConfigResult LoadWeb(const std::string& text) const {
    Write("web.yml", text);
    return LoadWebConfig(PathOf("web.yml"));
  }
  // Each as "line:column: path: message".
  std::string Faults(const std::string& text) const {
    return Lines(LoadWeb(text).faults);
  }
  std::string Warnings(const std::string& text) const {
    const WebConfigResult result = LoadWeb(text);
    BOOST_TEST(result.config.has_value());
    return Lines(result.warnings);
  }

 private:
  std::string Lines(const std::vector<Fault>& faults) const {
    std::string lines;
    for (const Fault& fault : faults) {
      lines += FaultText(fault).substr(PathOf("web.yml").size() + 1) + "\n";
    }
    return lines;
  }
};

const char* const kTls =
    "tls_server_config:\n"
    "  cert_file: server.crt\n"
    "  key_file: server.key\n";

BOOST_FIXTURE_TEST_SUITE(web_config, WebFolder)

BOOST_AUTO_TEST_CASE(a_file_without_a_setting_sets_nothing) {
  for (const char* const text :
       {"", "\n  \n# only this\n", "{}", "---\n", "--- # x\n...\n", "~"}) {
    const WebConfigResult result = LoadWeb(text);
    BOOST_REQUIRE(result.config.has_value());
    BOOST_TEST(!result.config->tls.has_value());
    BOOST_TEST(result.config->users.empty());
    BOOST_TEST(result.config->http2);
  }
  BOOST_TEST(!LoadWeb("tls_server_config: {}").config.value().tls.has_value());
}

BOOST_AUTO_TEST_CASE(defaults_are_those_of_the_format) {
  const TlsServer tls = LoadWeb(kTls).config.value().tls.value();
  BOOST_TEST(tls.cert.path == PathOf("server.crt"));
  BOOST_TEST(tls.key.path == PathOf("server.key"));
  BOOST_TEST((tls.client_auth == ClientAuth::kNone));
  BOOST_TEST((tls.min_version == TlsVersion::kTls12));
  BOOST_TEST((tls.max_version == TlsVersion::kTls13));
  BOOST_TEST(tls.prefer_server_cipher_suites);
  BOOST_TEST(tls.cipher_suites.empty());
  BOOST_TEST(tls.curves.empty());
  BOOST_TEST(!tls.client_ca.has_value());
}

BOOST_AUTO_TEST_CASE(ciphers_and_curves_get_the_names_of_openssl) {
  const TlsServer tls = LoadWeb(std::string(kTls) +
                                "  min_version: TLS11\n  max_version: TLS12\n"
                                "  prefer_server_cipher_suites: false\n"
                                "  cipher_suites: [TLS_AES_128_GCM_SHA256, "
                                "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "
                                "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA]\n"
                                "  curve_preferences: [X25519, CurveP384]\n")
                            .config.value()
                            .tls.value();
  const std::vector<std::string> ciphers = {"ECDHE-RSA-CHACHA20-POLY1305",
                                            "ECDHE-ECDSA-AES256-SHA"};
  const std::vector<std::string> curves = {"X25519", "P-384"};
  BOOST_TEST(tls.cipher_suites == ciphers, boost::test_tools::per_element());
  BOOST_TEST(tls.curves == curves, boost::test_tools::per_element());
  BOOST_TEST((tls.min_version == TlsVersion::kTls11));
  BOOST_TEST((tls.max_version == TlsVersion::kTls12));
  BOOST_TEST(!tls.prefer_server_cipher_suites);
}

BOOST_AUTO_TEST_CASE(certificate_and_key_may_stand_in_the_file) {
  const TlsServer tls =
      LoadWeb(
          "tls_server_config:\n"
          "  cert: |\n    -----BEGIN CERTIFICATE-----\n    MIIB\n"
          "    -----END CERTIFICATE-----\n"
          "  key: |\n    -----BEGIN PRIVATE KEY-----\n    MIIB\n"
          "    -----END PRIVATE KEY-----\n")
          .config.value()
          .tls.value();
  BOOST_TEST(tls.cert.text.Reveal() == kCert);
  BOOST_TEST(tls.key.text.Reveal() == kKey);
  BOOST_TEST(tls.cert.path.empty());
}

BOOST_AUTO_TEST_CASE(users_headers_and_rate_limit_are_read) {
  const WebConfig config =
      LoadWeb(std::string("basic_auth_users: {ada: ") + kHash +
              "}\n"
              "http_server_config:\n  http2: false\n  headers:\n"
              "    X-Frame-Options: deny\n    X-XSS-Protection: 1\n"
              "    Content-Security-Policy: ''\n"
              "rate_limit: {interval: 1s, burst: 20}\n")
          .config.value();
  BOOST_TEST(config.users.at("ada").Reveal() == kHash);
  BOOST_TEST(!config.http2);
  BOOST_TEST(config.headers.size() == 2U);
  BOOST_TEST(config.headers.at("X-Frame-Options") == "deny");
  BOOST_TEST(config.headers.at("X-XSS-Protection") == "1");
  BOOST_TEST((config.rate_limit.value().interval == std::chrono::seconds(1)));
  BOOST_TEST(config.rate_limit.value().burst == 20U);
  BOOST_TEST(!LoadWeb("rate_limit: {interval: 0, burst: 3}")
                  .config.value()
                  .rate_limit.has_value());
}

BOOST_AUTO_TEST_CASE(all_faults_come_at_once_with_their_places) {
  BOOST_TEST(
      Faults("tls_server_config:\n"
             "  cert_file: gone.crt\n"
             "  key: ''\n"
             "  client_auth_type: Require\n"
             "  min_version: TLS14\n"
             "  cipher_suites: [TLS_AES_128_GCM_SHA257]\n"
             "  curve_preferences: [CurveP256, CurveP257]\n"
             "http_server_config: {headers: {Content-Type: text/html}}\n"
             "basic_auth_users: {'a:b': plain}\n"
             "rate_limit: {burst: -1}\n"
             "limits: 3\n") ==
      "2:3: tls_server_config: one of key, key_file must be given\n"
      "2:14: tls_server_config.cert_file: the file \"" +
          PathOf("gone.crt") +
          "\" cannot be read: No such file or directory\n"
          "4:21: tls_server_config.client_auth_type: \"Require\" is not a "
          "client_auth_type this version knows (NoClientCert, "
          "RequestClientCert, RequireAnyClientCert, RequireClientCert, "
          "VerifyClientCertIfGiven, RequireAndVerifyClientCert)\n"
          "5:16: tls_server_config.min_version: \"TLS14\" is not a TLS version "
          "this version knows, did you mean \"TLS13\"?\n"
          "6:19: tls_server_config.cipher_suites[0]: "
          "\"TLS_AES_128_GCM_SHA257\" is not a cipher suite this version "
          "knows, did you mean \"TLS_AES_128_GCM_SHA256\"?\n"
          "7:34: tls_server_config.curve_preferences[1]: \"CurveP257\" is not "
          "a "
          "curve this version knows, did you mean \"CurveP256\"?\n"
          "8:32: http_server_config.headers.Content-Type: \"Content-Type\" is "
          "not a header this version knows (Content-Security-Policy, "
          "Strict-Transport-Security, X-Content-Type-Options, "
          "X-Frame-Options, X-XSS-Protection)\n"
          "9:20: basic_auth_users.\"a:b\": a user who logs in by Basic cannot "
          "have a colon in the name\n"
          "9:27: basic_auth_users.\"a:b\": must be the bcrypt hash of the "
          "password, as `htpasswd -nBC 10 \"\"` prints it\n"
          "10:21: rate_limit.burst: must be a whole number from 0\n"
          "11:1: limits: \"limits\" is not a key this version knows "
          "(tls_server_config, http_server_config, basic_auth_users, "
          "rate_limit)\n");
}

BOOST_AUTO_TEST_CASE(a_value_and_its_file_exclude_each_other) {
  BOOST_TEST(Faults("tls_server_config:\n"
                    "  cert: '-----BEGIN CERTIFICATE-----'\n"
                    "  cert_file: server.crt\n"
                    "  key_file: server.key\n") ==
             "2:3: tls_server_config: only one of cert, cert_file may be "
             "given\n");
}

BOOST_AUTO_TEST_CASE(tls_settings_without_a_certificate_are_no_plain_http) {
  BOOST_TEST(Faults("tls_server_config: {min_version: TLS12}") ==
             "1:20: tls_server_config: one of cert, cert_file must be given\n"
             "1:20: tls_server_config: one of key, key_file must be given\n");
}

BOOST_AUTO_TEST_CASE(files_must_hold_what_they_are_named_for) {
  Write("locked.key",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n"
        "-----END ENCRYPTED PRIVATE KEY-----\n");
  BOOST_TEST(Faults("tls_server_config:\n"
                    "  cert_file: server.key\n"
                    "  key_file: locked.key\n") ==
             "2:14: tls_server_config.cert_file: the file \"" +
                 PathOf("server.key") +
                 "\" has no certificate in PEM form\n"
                 "3:13: tls_server_config.key_file: the file \"" +
                 PathOf("locked.key") +
                 "\" is locked by a passphrase, which nobody is there to "
                 "type\n");
}

BOOST_AUTO_TEST_CASE(asking_for_client_certificates_must_make_sense) {
  BOOST_TEST(
      Faults(std::string(kTls) + "  client_ca_file: client_selfsigned.pem\n") ==
      "2:3: tls_server_config: has authorities for the certificates of "
      "clients, but asks for none: give client_auth_type, "
      "RequireAndVerifyClientCert most likely\n");
  BOOST_TEST(Faults(std::string(kTls) +
                    "  client_auth_type: RequestClientCert\n"
                    "  client_allowed_sans: [one]\n") ==
             "5:24: tls_server_config.client_allowed_sans: has no effect where "
             "clients may come without a certificate: client_auth_type must be "
             "RequireAnyClientCert or RequireAndVerifyClientCert\n");
  BOOST_TEST(Warnings(std::string(kTls) +
                      "  client_auth_type: RequireAndVerifyClientCert\n") ==
             "2:3: tls_server_config: takes clients whose certificate any "
             "authority of this system has signed: client_ca_file is not "
             "given\n");
  BOOST_TEST(Faults(std::string(kTls) +
                    "  min_version: TLS13\n  max_version: TLS12\n") ==
             "2:3: tls_server_config: min_version is above max_version\n");
}

BOOST_AUTO_TEST_CASE(only_whole_bcrypt_hashes_are_taken) {
  const std::string hash = kHash;
  const auto refused = [&](const std::string& text) {
    return !LoadWeb("basic_auth_users: {ada: '" + text + "'}").faults.empty();
  };
  BOOST_TEST(!refused(hash));
  BOOST_TEST(!refused("$2a$" + hash.substr(4)));
  BOOST_TEST(!refused("$2$" + hash.substr(4)));
  BOOST_TEST(refused(hash.substr(0, hash.size() - 1)));
  BOOST_TEST(refused(hash + "x"));
  BOOST_TEST(refused("$1y$" + hash.substr(4)));
  BOOST_TEST(refused("$2q$" + hash.substr(4)));
  BOOST_TEST(refused("$2y$03$" + hash.substr(7)));
  BOOST_TEST(refused("$2y$32$" + hash.substr(7)));
  BOOST_TEST(refused("$2y$1x$" + hash.substr(7)));
  BOOST_TEST(refused(hash.substr(0, hash.size() - 1) + "!"));
  BOOST_TEST(refused(""));
}

BOOST_AUTO_TEST_CASE(a_fault_never_shows_a_hash_or_a_key) {
  const std::string faults = Faults(
      "basic_auth_users: {ada: hunter2secret}\n"
      "tls_server_config: {key: hunter3secret, cert_file: server.crt}\n");
  BOOST_TEST(faults.find("hunter2secret") == std::string::npos);
  BOOST_TEST(faults.find("hunter3secret") == std::string::npos);
  BOOST_TEST(faults.find("tls_server_config.key: has no private key in PEM "
                         "form") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_one_fault) {
  const WebConfigResult result = LoadWebConfig(PathOf("absent.yml"));
  BOOST_TEST(!result.config.has_value());
  BOOST_REQUIRE(result.faults.size() == 1U);
  BOOST_TEST(FaultText(result.faults[0]) ==
             PathOf("absent.yml") +
                 ": cannot be read: No such file or directory");
}

// Rows that this reader judges otherwise, with the reason; 2 % at most.
const std::map<std::string, std::string> kExceptions = {};

// What a newer version than the one observed knows.
bool IsNewerKey(const std::string& output) {
  return output.find("not found in type web.") != std::string::npos &&
         output.find("cert_filse") == std::string::npos;
}

// These come when a client connects, not when the file is read.
bool IsLater(const std::string& error) {
  return error == "bad certificate" || error == "Too Many Requests";
}

bool IsGood(const json::object& row) {
  const json::object& seen = row.at("promtool_2.42").as_object();
  if (seen.at("ok").as_bool()) return true;
  if (!IsNewerKey(std::string(seen.at("output").as_string()))) return false;
  const json::value* const errors = row.if_contains("upstream_error_regex");
  if (errors == nullptr) return true;
  for (const json::value& error : errors->as_array()) {
    if (!IsLater(std::string(error.as_string()))) return false;
  }
  return true;
}

BOOST_AUTO_TEST_CASE(each_file_of_the_format_s_own_tests_is_judged_alike) {
  const auto table = routing::LoadTable("web_config.json");
  if (!table) return;
  const json::array& rows = table->as_object().at("cases").as_array();
  BOOST_TEST(rows.size() > 40U);
  BOOST_TEST(kExceptions.size() * 50 <= rows.size());
  for (const json::value& value : rows) {
    const json::object& row = value.as_object();
    const std::string name(row.at("file").as_string());
    const std::string text(row.at("config").as_string());
    BOOST_TEST_CONTEXT(name << ": " << Faults(text)) {
      const bool alike = LoadWeb(text).config.has_value() == IsGood(row);
      BOOST_TEST(alike == (kExceptions.count(name) == 0));
    }
  }
  std::cout << "web_config.json: " << rows.size() << " rows compared\n";
}

BOOST_AUTO_TEST_CASE(a_burst_that_is_no_number_is_not_told_to_be_zero) {
  const WebConfigResult result =
      LoadWeb("rate_limit: {interval: 1s, burst: -1}\n");
  BOOST_TEST(result.faults.size() == 1U);
  BOOST_TEST(result.warnings.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
