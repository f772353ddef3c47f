#include "daemon/ctl/client.h"

#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "daemon/ctl/table.h"
#include "daemon/version.h"

namespace tocsin::ctl {
namespace {

namespace json = boost::json;

constexpr const char* kBlanks = " \t\r\n";

// The daemon answers after a commit; slower than this it is not well.
constexpr std::chrono::milliseconds kTimeout{15000};

// Ten thousand routes are read and compiled in some seconds.
constexpr std::chrono::milliseconds kReloadTimeout{60000};

// `what` names the file in a failure: "token".
std::variant<std::string, Failure> ReadSecret(const std::string& path,
                                              const std::string& what) {
  std::ifstream file(path);
  if (!file) {
    return Failure{ExitCode::kUsage, "cannot read the " + what + " file " +
                                         path + ": " + std::strerror(errno)};
  }
  std::string text((std::istreambuf_iterator<char>(file)),
                   std::istreambuf_iterator<char>());
  text.erase(text.find_last_not_of(kBlanks) + 1);
  text.erase(0, text.find_first_not_of(kBlanks));
  return text;
}

std::variant<std::string, Failure> ReadToken(const std::string& path) {
  auto read = ReadSecret(path, "token");
  if (std::holds_alternative<Failure>(read)) return read;
  const std::string& token = std::get<std::string>(read);
  if (token.empty() || token.find_first_of(kBlanks) != std::string::npos) {
    return Failure{ExitCode::kUsage, "the token file " + path +
                                         " does not hold exactly one token"};
  }
  return read;
}

std::variant<std::string, Failure> ReadUser(const std::string& path) {
  auto read = ReadSecret(path, "user");
  if (std::holds_alternative<Failure>(read)) return read;
  if (std::get<std::string>(read).find(':') == std::string::npos) {
    return Failure{ExitCode::kUsage,
                   "the user file " + path + " does not hold NAME:PASSWORD"};
  }
  return read;
}

std::string QueryText(const Query& query) {
  std::string text;
  for (const auto& [name, value] : query) {
    text += (text.empty() ? '?' : '&') + name + '=' + PathSegment(value);
  }
  return text;
}

// {"<field>": ["<sentence>"]} as "<field>: <sentence>".
std::string FieldFault(const json::value& body) {
  const json::object* members = body.if_object();
  if (members == nullptr || members->empty()) return "";
  const auto& [field, faults] = *members->begin();
  const json::array* texts = faults.if_array();
  if (texts == nullptr || texts->empty() || !texts->front().is_string()) {
    return "";
  }
  return Printable(std::string(field) + ": " +
                   std::string(texts->front().get_string()));
}

// The daemon's own words: {"detail": "..."} or the fault of a field.
std::string DetailOf(const http::Response& response) {
  boost::system::error_code failed;
  const json::value body = json::parse(response.body, failed);
  std::string detail = failed ? "" : Text(body, "detail");
  if (!failed && detail.empty()) detail = FieldFault(body);
  if (!detail.empty()) return detail;
  return "the daemon answered with HTTP status " +
         std::to_string(response.status);
}

Answer Understand(const http::Response& response) {
  if (response.status >= 500) {
    return Failure{ExitCode::kUnreachable, DetailOf(response)};
  }
  if (response.status < 200 || response.status >= 300) {
    return Failure{ExitCode::kRefused, DetailOf(response)};
  }
  if (response.body.empty()) return json::value(nullptr);
  boost::system::error_code failed;
  json::value body = json::parse(response.body, failed);
  if (failed) {
    return Failure{ExitCode::kUnreachable,
                   "the answer is not JSON: is this a Tocsin daemon?"};
  }
  return body;
}

}  // namespace

Client::Client(const Invocation& invocation)
    : invocation_(invocation),
      url_(invocation.url.substr(0, invocation.url.find_last_not_of('/') + 1)) {
}

Answer Client::Get(std::string_view path, const Query& query) const {
  return Send("GET", path, query, nullptr);
}

Answer Client::Post(std::string_view path, const json::value& body) const {
  return Send("POST", path, {}, body);
}

Answer Client::Send(std::string method, std::string_view path,
                    const Query& query, const json::value& body) const {
  const auto response =
      Fetch(std::move(method),
            "/api/v1/" + std::string(path) + QueryText(query), As::kToken,
            kTimeout, body.is_null() ? std::string() : json::serialize(body));
  if (const auto* failure = std::get_if<Failure>(&response)) return *failure;
  return Understand(std::get<http::Response>(response));
}

std::variant<std::string, Failure> Client::Reload() const {
  auto answer = Fetch("POST", "/-/reload", As::kUser, kReloadTimeout);
  if (auto* failure = std::get_if<Failure>(&answer)) return std::move(*failure);
  auto& response = std::get<http::Response>(answer);
  if (response.status == 200) return std::move(response.body);
  if (response.status == 500) {
    response.body.erase(response.body.find_last_not_of(kBlanks) + 1);
    return Failure{ExitCode::kRefused, std::move(response.body)};
  }
  const bool refused = response.status == 401;
  return Failure{refused ? ExitCode::kRefused : ExitCode::kUnreachable,
                 refused ? DetailOf(response)
                         : "the daemon answered with HTTP status " +
                               std::to_string(response.status)};
}

std::variant<http::Response, Failure> Client::Fetch(
    std::string method, const std::string& target, As who,
    std::chrono::milliseconds timeout, std::string body) const {
  http::Request request{
      .method = std::move(method),
      .url = url_ + target,
      .headers = {{"User-Agent", "tocsinctl/" + std::string(daemon::kVersion)},
                  {"Accept", "application/json"}},
      .body = std::move(body),
      .timeout = timeout,
      .ca_file = invocation_.ca_file,
      .certificate_file = invocation_.cert_file,
      .key_file = invocation_.key_file};
  if (!request.body.empty()) {
    request.headers.emplace_back("Content-Type", "application/json");
  }
  if (auto failure = AddWho(who, request)) return *failure;
  auto response = http::Fetch(request);
  if (!response.ok()) {
    return Failure{ExitCode::kUnreachable,
                   "cannot reach the daemon: " + response.error().message};
  }
  return std::move(response).value();
}

Outcome Client::AddWho(As who, http::Request& request) const {
  const std::string& file =
      who == As::kToken ? invocation_.token_file : invocation_.user_file;
  if (file.empty()) return std::nullopt;
  auto read = who == As::kToken ? ReadToken(file) : ReadUser(file);
  if (auto* failure = std::get_if<Failure>(&read)) return *failure;
  auto& secret = std::get<std::string>(read);
  if (who == As::kUser) {
    request.user_password = std::move(secret);
  } else {
    request.headers.emplace_back("Authorization", "Bearer " + secret);
  }
  return std::nullopt;
}

std::string PathSegment(std::string_view text) {
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string escaped;
  for (const char byte : text) {
    if (kUnreserved.find(byte) != std::string_view::npos) {
      escaped += byte;
      continue;
    }
    const auto code = static_cast<unsigned char>(byte);
    escaped += '%';
    escaped += kDigits[code >> 4U];
    escaped += kDigits[code & 0xFU];
  }
  return escaped;
}

std::string Text(const json::value& object, std::string_view name) {
  const json::object* members = object.if_object();
  if (members == nullptr) return "";
  const json::value* member = members->if_contains(name);
  if (member == nullptr || member->is_null()) return "";
  if (const json::string* text = member->if_string()) {
    return Printable(std::string_view(*text));
  }
  return json::serialize(*member);
}

const json::array* ArrayOf(const json::value& object, std::string_view name) {
  const json::object* members = object.if_object();
  const json::value* member = members ? members->if_contains(name) : nullptr;
  return member ? member->if_array() : nullptr;
}

const json::object* ObjectOf(const json::value& object, std::string_view name) {
  const json::object* members = object.if_object();
  const json::value* member = members ? members->if_contains(name) : nullptr;
  return member ? member->if_object() : nullptr;
}

std::string Seconds(const std::string& rfc3339) {
  constexpr std::size_t kToSeconds = 19;
  if (rfc3339.size() <= kToSeconds || rfc3339[10] != 'T') return rfc3339;
  std::string text = rfc3339.substr(0, kToSeconds) + "Z";
  text[10] = ' ';
  return text;
}

void PrintJson(const json::value& value) {
  std::puts(json::serialize(value).c_str());
}

}  // namespace tocsin::ctl
