#include "web/router.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "web/query.h"

namespace tocsin::web {
namespace {

// Of "secret".
const char* const kSecret =
    "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

std::string Match(const char* pattern, const char* path) {
  const auto parameters = MatchPath(pattern, path);
  if (!parameters) return "none";
  std::string out = "match";
  for (const std::string& parameter : *parameters) out += " " + parameter;
  return out;
}

// Takes the answer, and whether somebody vouched for the client.
class Witness final : public Reply::Target {
 public:
  void Vouch(std::uint64_t) override { vouched = true; }
  void Answer(std::uint64_t, Response response) override {
    status.set_value(response.status);
  }
  web::Stream AnswerByStream(std::uint64_t, Response) override { return {}; }

  bool vouched = false;  // before the status
  std::promise<int> status;
};

// The house's doors, one of each kind.
struct Doors {
  explicit Doors(EntryRules entry = {})
      : rules(std::make_shared<const EntryRules>(std::move(entry))),
        users(rules, metrics),
        pool(std::make_shared<WorkerPool>(1, 0)),
        router({{"POST", "/own/<id>/", Door::Own(), Where::kTransport, Ok},
                {"GET", "/token/", Door::Token(Role::kViewer),
                 Where::kTransport, Ok},
                {"POST", "/token/", Door::Token(Role::kResponder),
                 Where::kTransport, Ok},
                {"POST", "/users", Door::Users(), Where::kTransport, Ok},
                {"GET", "/slow/", Door::Own(), Where::kWorker, Ok}},
               settings, users, pool, metrics) {}
  ~Doors() {
    users.Stop();
    pool->Stop();
  }

  static void Ok(const Call& call) { call.reply.Send({.status = 200}); }

  static Request Asked(const char* method, const char* path,
                       const char* length = "5", const char* token = "") {
    Request request;
    request.method = method;
    request.path = path;
    request.headers = {{"Content-Length", length}, {"Authorization", token}};
    return request;
  }
  // The status with which it is refused at the head; 0: admitted.
  int Admits(const Request& head) const {
    const auto refused = router.Admit(head).refused;
    return refused ? refused->status : 0;
  }
  // The status of its answer, and "known" where that was vouched for.
  std::string Judges(const Request& request) const {
    const auto witness = std::make_shared<Witness>();
    router.Handle(request, Reply(witness, 1));
    const int status = witness->status.get_future().get();
    return std::to_string(status) + (witness->vouched ? " known" : "");
  }
  Response Handles(const Request& request) const {
    Response got;
    router.Handle(request, Reply([&](Response answer) { got = answer; }));
    return got;
  }

  metrics::Metrics metrics{metrics::Names{}};
  Current<EntryRules> rules;
  CurrentSettings settings{std::make_shared<const Settings>(
      Settings{.credentials = Credentials({}, {{.name = "eye",
                                                .hash = HashToken("viewer"),
                                                .role = Role::kViewer}})})};
  Users users;
  std::shared_ptr<WorkerPool> pool;
  Router router;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(router)

BOOST_AUTO_TEST_CASE(a_head_is_refused_as_the_whole_request_would_be) {
  const Doors doors;
  for (const Request& request :
       {Doors::Asked("POST", "/nothing"), Doors::Asked("GET", "/own/7/"),
        Doors::Asked("POST", "/api/nothing/"), Doors::Asked("GET", "/token/"),
        Doors::Asked("GET", "/token/", "5", "wrong"),
        Doors::Asked("POST", "/token/", "5", "viewer"),
        Doors::Asked("DELETE", "/token/"), Doors::Asked("GET", "/users"),
        Doors::Asked("OPTIONS", "*")}) {
    const Response whole = doors.Handles(request);
    BOOST_TEST(whole.status >= 401);
    BOOST_TEST(doors.Admits(request) == whole.status,
               request.method << " " << request.path);
    BOOST_TEST(doors.router.Admit(request).refused->body == whole.body);
  }
}

BOOST_AUTO_TEST_CASE(a_head_that_may_pass_is_admitted) {
  const Doors doors;
  for (const Request& request : {Doors::Asked("POST", "/own/7/", "99999999"),
                                 Doors::Asked("GET", "/token/", "5", "viewer"),
                                 Doors::Asked("HEAD", "/token/", "5", "viewer"),
                                 Doors::Asked("POST", "/users")}) {
    BOOST_TEST(doors.Admits(request) == 0, request.path);
    BOOST_TEST(doors.Handles(request).status == 200, request.path);
  }
}

BOOST_AUTO_TEST_CASE(where_users_come_in_bodies_are_small) {
  const Doors doors;
  BOOST_TEST(doors.Admits(Doors::Asked("POST", "/users", "4096")) == 0);
  BOOST_TEST(doors.Admits(Doors::Asked("POST", "/users", "4097")) == 413);
  BOOST_TEST(doors.Admits(Doors::Asked("POST", "/users", "")) == 0);
  BOOST_TEST(doors.Admits(Doors::Asked("POST", "/nowhere", "4097")) == 413);
}

BOOST_AUTO_TEST_CASE(where_users_come_in_a_whole_body_is_judged_alike) {
  const Doors doors;
  BOOST_TEST(doors.Handles(Doors::Asked("POST", "/users", "4096")).status ==
             200);
  BOOST_TEST(doors.Handles(Doors::Asked("POST", "/users", "4097")).status ==
             413);
  Request chunked;
  chunked.method = "POST";
  chunked.headers = {{"Transfer-Encoding", "chunked"}};
  for (const char* path : {"/users", "/nowhere"}) {
    chunked.path = path;
    BOOST_TEST(doors.Admits(chunked) == 411, path);
    BOOST_TEST(doors.Handles(chunked).status == 411, path);
  }
  chunked.path = "/own/7/";
  BOOST_TEST(doors.Admits(chunked) == 0);
  BOOST_TEST(doors.Handles(chunked).status == 200);
}

BOOST_AUTO_TEST_CASE(who_has_proved_something_is_known) {
  const Doors open;
  const auto viewer = Doors::Asked("GET", "/token/", "5", "viewer");
  BOOST_TEST(open.Judges(viewer) == "200 known");
  BOOST_TEST(open.router.Admit(viewer).known);
  BOOST_TEST(open.Judges(Doors::Asked("GET", "/token/")) == "401");
  BOOST_TEST(open.Judges(Doors::Asked("POST", "/own/7/")) == "200");
  BOOST_TEST(!open.router.Admit(Doors::Asked("POST", "/own/7/")).known);
  // Where nobody is written down, a name is worth nothing.
  const char* const ada = "Basic YWRhOnNlY3JldA==";
  const auto reload = Doors::Asked("POST", "/users", "5", ada);
  const auto nowhere = Doors::Asked("POST", "/nowhere", "5", ada);
  BOOST_TEST(open.Judges(reload) == "200");
  BOOST_TEST(open.Judges(nowhere) == "404");
  BOOST_TEST(!open.router.Admit(reload).known);

  const Doors closed({.users = {{"ada", kSecret}}});
  BOOST_TEST(closed.Judges(Doors::Asked("POST", "/users")) == "401");
  BOOST_TEST(!closed.router.Admit(reload).known);
  BOOST_TEST(closed.Judges(reload) == "200 known");
  BOOST_TEST(closed.Judges(nowhere) == "404 known");
  BOOST_TEST(closed.router.Admit(reload).known);
}

BOOST_AUTO_TEST_CASE(a_password_that_is_not_known_yet_is_left_to_bcrypt) {
  const Doors doors({.users = {{"ada", kSecret}}});
  const char* const ada = "Basic YWRhOnNlY3JldA==";
  BOOST_TEST(doors.Admits(Doors::Asked("POST", "/users")) == 401);
  BOOST_TEST(doors.Admits(Doors::Asked("POST", "/nowhere")) == 401);
  BOOST_TEST(doors.Admits(Doors::Asked("POST", "/users", "5", ada)) == 0);
}

BOOST_AUTO_TEST_CASE(a_method_that_a_path_has_not_names_those_it_has) {
  const Doors doors;
  const auto allow = [&](const char* method, const char* path) {
    const Response response = doors.Handles(Doors::Asked(method, path));
    BOOST_TEST(response.status == 405);
    return response.headers.empty() ? "" : response.headers.front().second;
  };
  BOOST_TEST(allow("PUT", "/token") == "GET, HEAD, POST");
  BOOST_TEST(allow("GET", "/own/7") == "POST");
  BOOST_TEST(allow("OPTIONS", "*") == "GET, HEAD, POST");
}

BOOST_AUTO_TEST_CASE(a_read_that_no_worker_takes_is_counted) {
  const Doors doors;
  BOOST_TEST(doors.Handles(Doors::Asked("GET", "/slow/")).status == 503);
  BOOST_TEST(doors.metrics.Serialize().find(
                 "tocsin_http_refused_total{reason=\"waiting_reads\"} 1\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_slash_at_the_end_may_be_left_out) {
  BOOST_TEST(Match("/a/<id>/", "/a/7/") == "match 7");
  BOOST_TEST(Match("/a/<id>/", "/a/7") == "match 7");
  BOOST_TEST(Match("/a", "/a/") == "match");
}

BOOST_AUTO_TEST_CASE(nothing_else_is_forgiven) {
  for (const char* path : {"/a", "/a/", "/a//", "//a/7", "/a/7//", "/a/7/b",
                           "/A/7", "/b/7", "/", "/a/7/b/"}) {
    BOOST_TEST(Match("/a/<id>/", path) == "none", path);
  }
}

BOOST_AUTO_TEST_CASE(many_slashes_are_no_burden) {
  BOOST_TEST(Match("/a/<id>/", std::string(15000, '/').c_str()) == "none");
}

BOOST_AUTO_TEST_CASE(queries_are_decoded_and_the_last_value_counts) {
  const Query query("a=1&b=x%20y+z&a=2&c&&%=5%&d=%4");
  BOOST_TEST(*query.Get("a") == "2");
  BOOST_TEST(*query.Get("b") == "x y z");
  BOOST_TEST(*query.Get("c") == "");
  BOOST_TEST(*query.Get("%") == "5%");
  BOOST_TEST(*query.Get("d") == "%4");
  BOOST_TEST(!query.Get("e"));
  BOOST_TEST(Query("x=a%26b&page=1").With("page", "2") == "x=a%26b&page=2");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
