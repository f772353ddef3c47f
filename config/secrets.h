#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/reader.h"
#include "config/secret.h"

// Secrets as the file gives them: in it, in files of their own, or as
// credentials of systemd. Private to config/.
namespace tocsin::config {

enum class Secrets {
  kRead,
  kSkip,  // opens no secret file; what it holds reads as an empty secret
};

// The secret under `key` or, as the content of a file, `key`_file; both must be
// among the keys of `fields`. Absent when there is none or it has a fault.
std::optional<Secret> ReadSecret(const Fields& fields, std::string_view key,
                                 Secrets secrets);

// The text at `at`, which is the secret itself.
std::optional<Secret> ReadSecretText(const Reader& at);

// The trimmed content of the file that `path` names.
std::optional<Secret> ReadSecretFile(const Reader& path, Secrets secrets);

// A path in a file: relative ones count from that file's folder.
std::string ResolvePath(const Report& report, const std::string& path);

// The text of a path, as it is written. Reports one that is a variable of the
// environment, "$HOME": the environment is never read into the file.
std::optional<std::string> ReadPathText(const Reader& at);

// The same, resolved.
std::optional<std::string> ReadPath(const Reader& at);

}  // namespace tocsin::config
