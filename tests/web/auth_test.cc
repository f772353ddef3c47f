#include "web/auth.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

namespace tocsin::web {
namespace {

Credentials Some() {
  return Credentials(
      {{"prod", HashToken("old")},
       {"prod", HashToken("new")},
       {"web", HashToken("a:b")}},
      {{.name = "nightly", .hash = HashToken("job"), .role = Role::kResponder},
       {.name = "laptop",
        .hash = HashToken("ada's"),
        .role = Role::kAdmin,
        .user = "ada"}});
}

std::string SourceOf(const Result<std::string>& source) {
  return source.ok() ? source.value() : CodeName(source.error().code);
}

std::string ActorOf(std::string_view header) {
  const auto actor = Some().Api(header);
  if (!actor.ok()) return CodeName(actor.error().code);
  return actor.value().name + " " + RoleName(actor.value().role);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(auth)

BOOST_AUTO_TEST_CASE(a_source_has_two_tokens_while_rotating) {
  BOOST_TEST(SourceOf(Some().Source("old")) == "prod");
  BOOST_TEST(SourceOf(Some().Source("new")) == "prod");
  for (const char* wrong : {"", "ol", "old ", "OLD", "job"}) {
    BOOST_TEST(SourceOf(Some().Source(wrong)) == "unauthenticated");
  }
}

BOOST_AUTO_TEST_CASE(a_source_shows_its_token_as_bearer_or_basic) {
  const auto source = [](std::string_view header) {
    return SourceOf(Some().SourceByHeader(header));
  };
  BOOST_TEST(source("Bearer new") == "prod");
  BOOST_TEST(source("bearer  new") == "prod");
  BOOST_TEST(source("Basic eDpuZXc=") == "prod");  // x:new
  BOOST_TEST(source("Basic Om5ldw==") == "prod");  // :new
  BOOST_TEST(source("basic eDphOmI=") == "web");   // x:a:b
  for (const char* wrong :
       {"", "new", "Basic", "Basic ", "Basic x", "Basic ====", "Basic bmV3",
        "Basic eDpvbA==", "Bearer ", "Bearer job", "Digest new"}) {
    BOOST_TEST(source(wrong) == "unauthenticated", wrong);
  }
}

BOOST_AUTO_TEST_CASE(the_actor_is_the_user_or_the_token) {
  BOOST_TEST(ActorOf("job") == "token:nightly responder");
  BOOST_TEST(ActorOf("Bearer job") == "token:nightly responder");
  BOOST_TEST(ActorOf("Bearer ada's") == "ada admin");
  for (const char* wrong : {"", "Bearer", "Bearer ", "new", "Basic am9i"}) {
    BOOST_TEST(ActorOf(wrong) == "unauthenticated", wrong);
  }
}

BOOST_AUTO_TEST_CASE(a_role_includes_the_lower_ones) {
  const Actor responder{.name = "x", .role = Role::kResponder};
  BOOST_TEST(Require(responder, Role::kViewer).ok());
  BOOST_TEST(Require(responder, Role::kResponder).ok());
  const Status refused = Require(responder, Role::kAdmin);
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == Code::kForbidden));
}

BOOST_AUTO_TEST_CASE(role_names_are_read_back) {
  for (const Role role : {Role::kViewer, Role::kResponder, Role::kAdmin}) {
    BOOST_TEST((ParseRole(RoleName(role)).value() == role));
  }
  BOOST_TEST(!ParseRole("root").ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
