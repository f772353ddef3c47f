#pragma once

#include <string_view>

#include "web/auth.h"

namespace tocsin::web {

// What one must show to use a path. There is no door without a guard: where no
// users are written down, it is left to those who guard the network.
// Certificates of clients are asked for before any door, by TLS.
class Door {
 public:
  enum class Kind {
    kUsers,  // a name and password of --web.config.file
    kToken,  // a token of the API with a role
    kOwn,    // the handler looks itself: tokens of sources
  };

  static Door Users() { return {Kind::kUsers, Role::kViewer}; }
  static Door Token(Role role) { return {Kind::kToken, role}; }
  static Door Own() { return {Kind::kOwn, Role::kViewer}; }

  // That of a path which leads nowhere, or does not have the method: strangers
  // learn nothing of the paths of people. Where tokens are the credentials
  // there is nothing to learn: those paths are in the manual.
  // A slash too many in front of a path does not change whose it is.
  static Door Nowhere(std::string_view path) {
    while (path.starts_with("//")) path.remove_prefix(1);
    const bool tokens =
        path.starts_with("/api/") || path.starts_with("/integrations/");
    return tokens ? Own() : Users();
  }

  Kind kind() const { return kind_; }
  // Requires kToken.
  Role role() const { return role_; }

 private:
  Door(Kind kind, Role role) : kind_(kind), role_(role) {}

  Kind kind_;
  Role role_;
};

}  // namespace tocsin::web
