#include "config/web_config.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "config/document.h"
#include "config/read_file.h"
#include "config/reader.h"
#include "config/web_tls.h"

namespace tocsin::config {
namespace {

// The certificates of a whole system have some 250 KiB.
constexpr std::size_t kMaxWebConfigBytes = 4u << 20;

// One that is blank is not sent.
void ReadHeader(const Reader::Entry& entry, WebConfig& config) {
  if (entry.value.IsNull()) return;
  const std::optional<std::string> value = entry.value.TextOrEmpty();
  if (!value || value->empty()) return;
  if (entry.name == "X-Content-Type-Options" && *value != "nosniff") {
    entry.value.AddFault("must be nosniff");
  } else if (entry.name == "X-Frame-Options" && *value != "deny" &&
             *value != "sameorigin") {
    entry.value.AddFault("must be deny or sameorigin");
  } else {
    config.headers[entry.name] = *value;
  }
}

void ReadHttp(const Reader& at, WebConfig& config) {
  const Fields fields = at.Keys({"http2", "headers"});
  if (const Reader* http2 = fields.Find("http2")) {
    config.http2 = http2->Flag().value_or(true);
    if (config.http2 && !http2->IsNull()) {
      http2->AddWarning("is not spoken here, HTTP/1.1 is");
    }
  }
  const Reader* const headers = fields.Find("headers");
  if (headers == nullptr) return;
  const std::vector<std::string_view> known = {
      "Content-Security-Policy", "Strict-Transport-Security",
      "X-Content-Type-Options", "X-Frame-Options", "X-XSS-Protection"};
  for (const Reader::Entry& entry : headers->Entries()) {
    if (std::find(known.begin(), known.end(), entry.name) == known.end()) {
      entry.key.AddUnknown("header", entry.name, known);
    } else {
      ReadHeader(entry, config);
    }
  }
}

// "$2y$10$" and 53 characters of bcrypt's alphabet.
bool IsBcrypt(std::string_view hash) {
  constexpr std::size_t kSaltAndHash = 53;
  constexpr std::string_view kOthers = "./";
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (hash.substr(0, 2) != "$2") return false;
  hash.remove_prefix(2);
  if (!hash.empty() &&
      std::string_view("abxy").find(hash[0]) != std::string_view::npos) {
    hash.remove_prefix(1);
  }
  if (hash.size() != kSaltAndHash + 4 || hash[0] != '$' || hash[3] != '$' ||
      !is_digit(hash[1]) || !is_digit(hash[2])) {
    return false;
  }
  const int cost = (hash[1] - '0') * 10 + (hash[2] - '0');
  hash.remove_prefix(4);
  return cost >= 4 && cost <= 31 &&
         std::all_of(hash.begin(), hash.end(), [&](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'z') ||
                  (c >= 'A' && c <= 'Z') ||
                  kOthers.find(c) != std::string_view::npos;
         });
}

void ReadUsers(const Reader& at, WebConfig& config) {
  for (const Reader::Entry& user : at.Entries()) {
    if (user.name.find(':') != std::string::npos) {
      user.key.AddFault(
          "a user who logs in by Basic cannot have a colon in "
          "the name");
    }
    const std::optional<std::string> hash = user.value.Text();
    if (!hash) continue;
    if (IsBcrypt(*hash)) {
      config.users[user.name] = Secret(*hash);
    } else {
      user.value.AddFault(
          "must be the bcrypt hash of the password, as `htpasswd -nBC 10 \"\"` "
          "prints it");
    }
  }
}

std::optional<std::uint32_t> ReadBurst(const Reader& at) {
  const std::optional<std::string> text = at.Text();
  if (!text) return std::nullopt;
  std::uint32_t burst = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, burst);
  if (stop == end && error == std::errc()) return burst;
  at.AddFault("must be a whole number from 0");
  return std::nullopt;
}

// An interval of 0 is no limit.
std::optional<RateLimit> ReadRateLimit(const Reader& at) {
  const Fields fields = at.Keys({"interval", "burst"});
  RateLimit limit;
  if (const Reader* interval = fields.Find("interval")) {
    limit.interval = interval->AnyLength().value_or(Duration());
  }
  if (const Reader* given = fields.Find("burst")) {
    const std::optional<std::uint32_t> burst = ReadBurst(*given);
    if (!burst) return std::nullopt;
    limit.burst = *burst;
  }
  if (limit.interval == Duration()) return std::nullopt;
  if (limit.burst == 0) {
    at.AddWarning("a burst of 0 lets no request through");
  }
  return limit;
}

WebConfig ReadWebConfig(const Reader& root) {
  const Fields fields = root.Keys({"tls_server_config", "http_server_config",
                                   "basic_auth_users", "rate_limit"});
  WebConfig config;
  const Reader* const tls = fields.Find("tls_server_config");
  if (tls != nullptr && !tls->IsEmptyMap()) config.tls = ReadTlsServer(*tls);
  if (const Reader* http = fields.Find("http_server_config")) {
    ReadHttp(*http, config);
  }
  if (const Reader* users = fields.Find("basic_auth_users")) {
    ReadUsers(*users, config);
  }
  if (const Reader* limit = fields.Find("rate_limit")) {
    config.rate_limit = ReadRateLimit(*limit);
  }
  return config;
}

WebConfigResult Refuse(const std::string& path, std::string message) {
  WebConfigResult result;
  result.faults.push_back({path, 0, 0, "", std::move(message)});
  return result;
}

}  // namespace

WebConfigResult LoadWebConfigText(const std::string& path,
                                  std::string_view text) {
  WebConfigResult result;
  Report report(path);
  WebConfig config;
  // A file without a setting sets nothing, unlike the daemon's own.
  const NodePtr document = ParseAnyDocument(text, report);
  if (document && document->kind != NodeKind::kNull) {
    config = ReadWebConfig(Reader(*document, "", report));
  }
  result.faults = report.SortedFaults();
  result.warnings = report.SortedWarnings();
  if (report.clean()) result.config = std::move(config);
  return result;
}

WebConfigResult LoadWebConfig(const std::string& path) {
  const Result<std::string> text = ReadRegularFile(path, kMaxWebConfigBytes);
  if (!text.ok()) {
    return Refuse(path, "cannot be read: " + text.error().message);
  }
  if (text.value().size() > kMaxWebConfigBytes) {
    return Refuse(path, "the file is larger than " +
                            std::to_string(kMaxWebConfigBytes) + " bytes");
  }
  return LoadWebConfigText(path, text.value());
}

}  // namespace tocsin::config
