#pragma once

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/check.h"
#include "config/load.h"
#include "said.h"

namespace tocsin::config {

// A folder with configuration files, gone with this object.
class Folder {
 public:
  Folder() {
    std::string name = "/tmp/tocsin-config-XXXXXX";
    TOCSIN_CHECK(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string PathOf(const std::string& name) const {
    return (path_ / name).string();
  }

  // Makes the folders on the way, too.
  void Write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

  LoadResult LoadMain(const LoadOptions& options = {}) const {
    return Load(PathOf("tocsin.yml"), options);
  }

  // Faults and warnings of tocsin.yml, a line each, without the folder.
  std::string Said(const LoadOptions& options = {}) const {
    const LoadResult result = LoadMain(options);
    std::string said;
    for (const Fault& fault : result.faults) said += FaultText(fault) + "\n";
    for (const Fault& fault : result.warnings) {
      if (IsOfRootThatDiscards(fault)) continue;
      said += "warning: " + FaultText(fault) + "\n";
    }
    const std::string prefix = path_.string() + "/";
    for (std::size_t at = said.find(prefix); at != std::string::npos;
         at = said.find(prefix, at)) {
      said.erase(at, prefix.size());
    }
    return said;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace tocsin::config
