#include "config/secrets.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>

#include "base/utf8.h"
#include "config/read_file.h"

namespace tocsin::config {
namespace {

// Tokens and passwords are below 1 KiB; a key file that is larger than this is
// the wrong file.
constexpr std::size_t kMaxSecretBytes = 64u << 10;

constexpr std::string_view kCredential = "credential:";

std::string Trimmed(const std::string& text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

// What is wrong with the content of a secret file; null: nothing. What an
// editor may have added would be sent, and fit nowhere.
const char* WhyNoSecret(std::string_view text) {
  if (text.empty()) return "is empty";
  if (!IsValidUtf8(text)) return "is not UTF-8 text";
  if (text.starts_with("\xEF\xBB\xBF")) {
    return "begins with a byte order mark: write it without";
  }
  if (text.find_first_of("\r\n") != std::string_view::npos) {
    return "has more than one line of text";
  }
  return HasControl(text) ? "has a control character" : nullptr;
}

// Exactly "$NAME" or "${NAME}".
bool IsVariable(std::string_view text) {
  if (!text.starts_with('$')) return false;
  text.remove_prefix(1);
  if (text.starts_with('{') && text.ends_with('}')) {
    text = text.substr(1, text.size() - 2);
  }
  const bool begins = !text.empty() && (text[0] < '0' || text[0] > '9');
  return begins && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                  (c >= 'A' && c <= 'Z') || c == '_';
         });
}

// The text is not quoted in the fault: it may be a secret after all.
bool RefuseVariable(const Reader& at, std::string_view text) {
  if (!IsVariable(text)) return false;
  at.AddFault(
      "is a variable of the environment, which is never read: write the text "
      "itself or, of a secret, the file that has it");
  return true;
}

bool CheckCredentialName(const Reader& at, std::string_view name) {
  if (!name.empty() && name.find('/') == std::string_view::npos &&
      !name.starts_with('.')) {
    return true;
  }
  at.AddFault(Quoted(name) + " cannot be the name of a credential");
  return false;
}

// The file of a credential that systemd hands to the service.
std::optional<std::string> CredentialPath(const Reader& at,
                                          std::string_view name) {
  const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr || *folder == '\0') {
    at.AddFault("the credential " + Quoted(name) +
                " is not there: systemd has set no CREDENTIALS_DIRECTORY "
                "(LoadCredential= in the unit)");
    return std::nullopt;
  }
  return std::string(folder) + "/" + std::string(name);
}

// Where the secret's file is. A credential is looked for only to be read.
std::optional<std::string> SecretPath(const Reader& at, Secrets secrets) {
  const std::optional<std::string> text = ReadPathText(at);
  if (!text) return std::nullopt;
  const bool is_credential = text->starts_with(kCredential);
  const std::string_view name =
      std::string_view(*text).substr(is_credential ? kCredential.size() : 0);
  if (is_credential && !CheckCredentialName(at, name)) return std::nullopt;
  if (secrets == Secrets::kSkip) return text;
  return is_credential ? CredentialPath(at, name)
                       : ResolvePath(at.report(), *text);
}

}  // namespace

std::string ResolvePath(const Report& report, const std::string& path) {
  const std::filesystem::path folder =
      std::filesystem::path(report.file()).parent_path();
  return (folder / path).lexically_normal().string();
}

std::optional<std::string> ReadPathText(const Reader& at) {
  const std::optional<std::string> text = at.Text();
  if (!text || RefuseVariable(at, *text)) return std::nullopt;
  return text;
}

std::optional<std::string> ReadPath(const Reader& at) {
  const std::optional<std::string> text = ReadPathText(at);
  if (!text) return std::nullopt;
  return ResolvePath(at.report(), *text);
}

std::optional<Secret> ReadSecretFile(const Reader& path, Secrets secrets) {
  const std::optional<std::string> file = SecretPath(path, secrets);
  if (!file) return std::nullopt;
  if (secrets == Secrets::kSkip) return Secret();
  const Result<std::string> content = ReadRegularFile(*file, kMaxSecretBytes);
  const std::string name = "the secret file " + Quoted(*file);
  if (!content.ok()) {
    path.AddFault("cannot read " + name + ": " + content.error().message);
    return std::nullopt;
  }
  const std::string text = Trimmed(content.value());
  if (content.value().size() > kMaxSecretBytes) {
    path.AddFault(name + " is larger than " + std::to_string(kMaxSecretBytes) +
                  " bytes");
  } else if (const char* const wrong = WhyNoSecret(text)) {
    path.AddFault(name + " " + wrong);
  } else {
    return Secret(text);
  }
  return std::nullopt;
}

std::optional<Secret> ReadSecretText(const Reader& at) {
  const std::optional<std::string> text = at.Text();
  if (!text || RefuseVariable(at, *text)) return std::nullopt;
  return Secret(*text);
}

std::optional<Secret> ReadSecret(const Fields& fields, std::string_view key,
                                 Secrets secrets) {
  const std::string file_key = std::string(key) + "_file";
  const Reader::Entry* const given = fields.OneOf({key, file_key});
  if (given == nullptr) return std::nullopt;
  return given->name == file_key ? ReadSecretFile(given->value, secrets)
                                 : ReadSecretText(given->value);
}

}  // namespace tocsin::config
