#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "config/sections.h"

namespace tocsin::config {
namespace {

// Tokens and passwords are below 1 KiB; a key file that is larger than this is
// the wrong file.
constexpr std::size_t kMaxSecretBytes = 64u << 10;

std::string Trimmed(const std::string& text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool HasControl(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

// Reads at most one byte more than a secret may have.
std::optional<std::string> ReadStart(const Reader& at,
                                     const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    at.AddFault("cannot read the secret file " + Quoted(path) + ": " +
                (error ? error.message() : "it is not a regular file"));
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    at.AddFault("cannot read the secret file " + Quoted(path) + ": " +
                std::strerror(errno));
    return std::nullopt;
  }
  std::string text(kMaxSecretBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

std::string ResolvePath(const Report& report, const std::string& path) {
  const std::filesystem::path folder =
      std::filesystem::path(report.file()).parent_path();
  return (folder / path).lexically_normal().string();
}

std::optional<Secret> ReadSecretFile(const Reader& path) {
  const std::optional<std::string> name = path.Text();
  if (!name) return std::nullopt;
  const std::string file = ResolvePath(path.report(), *name);
  const std::optional<std::string> start = ReadStart(path, file);
  if (!start) return std::nullopt;
  const std::string text = Trimmed(*start);
  if (start->size() > kMaxSecretBytes) {
    path.AddFault("the secret file " + Quoted(file) + " is larger than " +
                  std::to_string(kMaxSecretBytes) + " bytes");
  } else if (text.empty()) {
    path.AddFault("the secret file " + Quoted(file) + " is empty");
  } else if (HasControl(text)) {
    path.AddFault("the secret file " + Quoted(file) +
                  " has more than one line of text");
  } else {
    return Secret(text);
  }
  return std::nullopt;
}

std::optional<Secret> ReadSecret(const Fields& fields, std::string_view key) {
  const std::string file_key = std::string(key) + "_file";
  const Reader::Entry* const given = fields.OneOf({key, file_key});
  if (given == nullptr) return std::nullopt;
  if (given->name == file_key) return ReadSecretFile(given->value);
  const std::optional<std::string> text = given->value.Text();
  if (!text) return std::nullopt;
  return Secret(*text);
}

}  // namespace tocsin::config
