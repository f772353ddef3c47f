#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::config {

// Something wrong in the file, or worth knowing. Line and column count from 1;
// 0 means the whole file. `path` leads to the node: "teams.web.members[2]".
struct Fault {
  std::string file;
  int line = 0;
  int column = 0;
  std::string path;
  std::string message;  // one sentence, no secrets
};

// "tocsin.yml:12:9: teams.web.members[2]: no user is named ..."; the parts that
// a fault has not got are left out. One line, whatever the file holds.
std::string FaultText(const Fault& fault);

// `text` in double quotes for a message: control characters escaped, long
// texts cut.
std::string Quoted(std::string_view text);

// Collects what one load finds. Confined to one thread.
class Report {
 public:
  // `file` is the name that faults carry and the place relative paths in it
  // count from.
  explicit Report(std::string file) : file_(std::move(file)) {}

  const std::string& file() const { return file_; }
  bool clean() const { return faults_.empty(); }
  std::size_t fault_count() const { return faults_.size(); }

  void AddFault(int line, int column, std::string path, std::string message);
  void AddWarning(int line, int column, std::string path, std::string message);

  // In the order of the file.
  std::vector<Fault> SortedFaults() const;
  std::vector<Fault> SortedWarnings() const;

 private:
  const std::string file_;
  std::vector<Fault> faults_;
  std::vector<Fault> warnings_;
};

}  // namespace tocsin::config
