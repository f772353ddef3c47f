#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <variant>

#include "base/log.h"
#include "config/load.h"
#include "daemon/app.h"
#include "daemon/options.h"
#include "daemon/process.h"
#include "daemon/web_entry.h"

namespace {

using tocsin::config::FaultText;

int Leave(const std::string& sentence) {
  std::fprintf(stderr, "tocsind: %s\n", sentence.c_str());
  return EXIT_FAILURE;
}

int Serve(const tocsin::daemon::Options& options) {
  tocsin::log::Configure(options.log_level, options.log_format);
  tocsin::daemon::PrepareProcess();
  auto loaded = tocsin::config::Load(options.config_file);
  for (const auto& fault : loaded.faults) {
    std::fprintf(stderr, "%s\n", FaultText(fault).c_str());
  }
  auto entry = tocsin::daemon::LoadWebEntry(options.web_config_file);
  for (const auto& fault : entry.faults) {
    std::fprintf(stderr, "%s\n", FaultText(fault).c_str());
  }
  if (!loaded.config) {
    return Leave("cannot start: " + options.config_file + " is faulty");
  }
  if (!entry.entry) {
    return Leave("cannot start: " + options.web_config_file + " is faulty");
  }
  for (const auto& warning : loaded.warnings) {
    tocsin::log::Warn("configuration", {{"warning", FaultText(warning)}});
  }
  for (const auto& warning : entry.warnings) {
    tocsin::log::Warn("web configuration", {{"warning", FaultText(warning)}});
  }
  auto app = tocsin::daemon::App::Start(
      std::make_shared<const tocsin::config::Config>(*std::move(loaded.config)),
      *std::move(entry.entry), options);
  if (!app.ok()) return Leave("cannot start: " + app.error().message);
  app.value()->Run();
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  const auto parsed = tocsin::daemon::ParseOptions(argc, argv);
  if (!parsed.ok()) return Leave(parsed.error().message);
  if (const auto* asked =
          std::get_if<tocsin::daemon::TextAsked>(&parsed.value())) {
    std::fputs(asked->text.c_str(), stdout);
    return EXIT_SUCCESS;
  }
  return Serve(std::get<tocsin::daemon::Options>(parsed.value()));
}
