#include "web/tls_context.h"

#include <openssl/ssl.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "tests/web/certificates.h"
#include "tests/web/tls_peer.h"
#include "web/tls_session.h"

namespace tocsin::web {
namespace {

using test::Authority;
using test::Identity;
using test::PeerOptions;
using test::TlsPeer;

// A server and those who may, or may not, come in.
struct World {
  Authority authority{"ours"};
  Authority stranger{"somebody else's"};
  Identity server = authority.Issue();
  Identity friendly = authority.Issue(
      {.name = "ada",
       .sans = "DNS:ada.example,email:ada@example.com,IP:10.1.2.3,"
               "IP:2001:db8::7,URI:spiffe://example/ada"});
  Identity foreign = stranger.Issue({.name = "eve", .sans = "DNS:ada.example"});

  TlsOptions Options() const {
    return {.certificates = {"server.crt", server.certificate},
            .key = {"server.key", server.key}};
  }
  TlsOptions Asking(ClientCertificate what) const {
    TlsOptions options = Options();
    options.client_certificate = what;
    options.client_authorities = {"ca.crt", authority.certificate()};
    return options;
  }
};

// "in", or why not, as the session says.
std::string Try(const TlsOptions& options, const PeerOptions& client) {
  const TlsResult made = TlsContext::Make(options);
  BOOST_REQUIRE(made.context);
  const auto session = TlsSession::Open(made.context);
  TlsPeer peer(client);
  if (!peer.Talk(*session)) return peer.refusal();
  return session->handshaking() ? "handshaking" : "in";
}

std::string Fault(const TlsOptions& options) {
  const TlsResult made = TlsContext::Make(options);
  BOOST_TEST(!made.context);
  std::string text;
  for (const std::string& fault : made.faults) text += fault + "\n";
  return text;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tls_context, World)

BOOST_AUTO_TEST_CASE(clients_are_asked_as_the_five_modes_say) {
  struct Row {
    ClientCertificate asked;
    const char* none;
    const char* ours;
    const char* foreign;
  };
  const char* const kMissing =
      "the TLS handshake failed: peer did not return a certificate";
  const char* const kForeign =
      "unable to get local issuer certificate: certificate verify failed";
  const std::vector<Row> rows = {
      {ClientCertificate::kNone, "in", "in", "in"},
      {ClientCertificate::kRequest, "in", "in", "in"},
      {ClientCertificate::kRequireAny, kMissing, "in", "in"},
      {ClientCertificate::kVerifyIfGiven, "in", "in", kForeign},
      {ClientCertificate::kRequireAndVerify, kMissing, "in", kForeign},
  };
  for (const Row& row : rows) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      const auto ask = [&](const Identity& identity) {
        return Try(Asking(row.asked),
                   {.identity = identity, .max_version = version});
      };
      BOOST_TEST_CONTEXT(static_cast<int>(row.asked) << " " << version) {
        BOOST_TEST(ask({}) == row.none);
        BOOST_TEST(ask(friendly) == row.ours);
        BOOST_TEST(ask(foreign) == row.foreign);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_certificate_out_of_date_is_refused) {
  const Identity old =
      authority.Issue({.valid_for = std::chrono::seconds(-60)});
  BOOST_TEST(
      Try(Asking(ClientCertificate::kRequireAndVerify), {.identity = old}) ==
      "certificate has expired: certificate verify failed");
  BOOST_TEST(Try(Asking(ClientCertificate::kRequireAny), {.identity = old}) ==
             "in");
}

BOOST_AUTO_TEST_CASE(one_of_the_alternative_names_must_be_allowed) {
  TlsOptions options = Asking(ClientCertificate::kRequireAndVerify);
  for (const char* const name : {"ada.example", "ada@example.com", "10.1.2.3",
                                 "2001:db8::7", "spiffe://example/ada"}) {
    options.client_sans = {"nobody.example", name};
    BOOST_TEST(Try(options, {.identity = friendly}) == "in", name);
  }
  for (const char* const name :
       {"ada", "ADA.example", "ada.example.com", "10.1.2.30", "*.example"}) {
    options.client_sans = {name};
    BOOST_TEST(Try(options, {.identity = friendly}) ==
                   "application verification failure: certificate verify "
                   "failed",
               name);
  }
}

// The name alone opens nothing: the authority must be ours as well.
BOOST_AUTO_TEST_CASE(an_allowed_name_of_a_foreign_authority_is_refused) {
  TlsOptions options = Asking(ClientCertificate::kRequireAndVerify);
  options.client_sans = {"ada.example"};
  BOOST_TEST(Try(options, {.identity = foreign}) != "in");
  options.client_certificate = ClientCertificate::kRequireAny;
  BOOST_TEST(Try(options, {.identity = foreign}) == "in");
}

BOOST_AUTO_TEST_CASE(who_shows_a_certificate_shows_it_each_time) {
  const TlsResult made =
      TlsContext::Make(Asking(ClientCertificate::kRequireAndVerify));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPeer peer({.identity = friendly, .max_version = version});
    BOOST_REQUIRE(peer.Talk(*TlsSession::Open(made.context)));
    const auto again = peer.Again();
    BOOST_TEST(again->Talk(*TlsSession::Open(made.context)));
    BOOST_TEST(!again->resumed());
  }
}

BOOST_AUTO_TEST_CASE(versions_are_those_of_the_options) {
  struct Row {
    TlsVersion least, most;
    int client;
    const char* answer;
  };
  const char* const kOld = "the TLS handshake failed: unsupported protocol";
  const std::vector<Row> rows = {
      {TlsVersion::kTls12, TlsVersion::kTls13, TLS1_1_VERSION, kOld},
      {TlsVersion::kTls12, TlsVersion::kTls13, TLS1_2_VERSION, "in"},
      {TlsVersion::kTls12, TlsVersion::kTls13, TLS1_3_VERSION, "in"},
      {TlsVersion::kTls13, TlsVersion::kTls13, TLS1_2_VERSION, kOld},
      {TlsVersion::kTls12, TlsVersion::kTls12, TLS1_3_VERSION, "in"},
      {TlsVersion::kTls11, TlsVersion::kTls13, TLS1_1_VERSION, "in"},
      {TlsVersion::kTls11, TlsVersion::kTls13, TLS1_VERSION, kOld},
      {TlsVersion::kTls10, TlsVersion::kTls13, TLS1_VERSION, "in"},
  };
  for (const Row& row : rows) {
    TlsOptions options = Options();
    options.min_version = row.least;
    options.max_version = row.most;
    BOOST_TEST(Try(options, {.max_version = row.client}) == row.answer,
               row.client);
  }
}

BOOST_AUTO_TEST_CASE(weak_ciphers_are_not_offered) {
  for (const char* const cipher :
       {"AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA",
        "DHE-RSA-AES128-GCM-SHA256", "AECDH-AES128-SHA", "eNULL"}) {
    BOOST_TEST(
        Try(Options(), {.max_version = TLS1_2_VERSION, .ciphers = cipher}) ==
            "the TLS handshake failed: no shared cipher",
        cipher);
  }
}

BOOST_AUTO_TEST_CASE(ciphers_are_chosen_by_the_one_who_prefers) {
  TlsOptions options = Options();
  options.ciphers = {"ECDHE-ECDSA-CHACHA20-POLY1305",
                     "ECDHE-ECDSA-AES256-GCM-SHA384"};
  for (const bool ours : {true, false}) {
    options.prefer_our_ciphers = ours;
    TlsPeer peer({.max_version = TLS1_2_VERSION,
                  .ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384:"
                             "ECDHE-ECDSA-CHACHA20-POLY1305"});
    BOOST_REQUIRE(
        peer.Talk(*TlsSession::Open(TlsContext::Make(options).context)));
    BOOST_TEST(peer.cipher() == (ours ? "ECDHE-ECDSA-CHACHA20-POLY1305"
                                      : "ECDHE-ECDSA-AES256-GCM-SHA384"));
  }
}

BOOST_AUTO_TEST_CASE(all_faults_come_at_once) {
  TlsOptions options = Asking(ClientCertificate::kRequireAndVerify);
  options.ciphers = {"NO-SUCH-CIPHER"};
  options.curves = {"no-such-curve"};
  options.certificates.text =
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  options.client_authorities.text = "nothing";
  const std::string faults = Fault(options);
  for (const char* const part :
       {"cipher_suites cannot be used", "curve_preferences cannot be used",
        "server.crt is no certificate", "ca.crt has no authority"}) {
    BOOST_TEST(faults.find(part) != std::string::npos, part);
  }
}

BOOST_AUTO_TEST_CASE(a_key_must_be_one_and_belong_to_the_certificate) {
  TlsOptions options = Options();
  options.key.text = friendly.key;
  BOOST_TEST(Fault(options).starts_with(
      "server.key does not belong to the certificate server.crt"));
  options.key.text = "nothing";
  BOOST_TEST(Fault(options).starts_with("server.key is no private key"));
  options.key.text = server.certificate;
  BOOST_TEST(Fault(options).starts_with("server.key is no private key"));
}

BOOST_AUTO_TEST_CASE(a_chain_with_a_broken_end_is_refused) {
  TlsOptions options = Options();
  options.certificates.text +=
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  BOOST_TEST(Fault(options).starts_with("server.crt is no certificate"));
  options.certificates.text = server.certificate + authority.certificate();
  BOOST_TEST(TlsContext::Make(options).context != nullptr);
}

BOOST_AUTO_TEST_CASE(the_end_of_our_certificate_is_known) {
  const auto end = TlsContext::Make(Options()).context->not_after();
  const auto now = std::chrono::system_clock::now();
  BOOST_TEST((end > now + std::chrono::hours(23)));
  BOOST_TEST((end < now + std::chrono::hours(25)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
