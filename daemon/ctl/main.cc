#include <cstdio>

#include "daemon/ctl/command.h"

namespace {

using tocsin::ctl::ExitCode;
using tocsin::ctl::Failure;
using tocsin::ctl::Invocation;
using tocsin::ctl::TextAsked;

int Leave(const Failure& failure) {
  std::fprintf(stderr, "tocsinctl: %s\n", failure.message.c_str());
  return static_cast<int>(failure.code);
}

}  // namespace

int main(int argc, char** argv) {
  const auto parsed = tocsin::ctl::ParseInvocation(argc, argv);
  if (const auto* failure = std::get_if<Failure>(&parsed)) {
    return Leave(*failure);
  }
  if (const auto* asked = std::get_if<TextAsked>(&parsed)) {
    std::fputs(asked->text.c_str(), stdout);
    return static_cast<int>(ExitCode::kOk);
  }
  const auto outcome = tocsin::ctl::Run(std::get<Invocation>(parsed));
  return outcome ? Leave(*outcome) : static_cast<int>(ExitCode::kOk);
}
