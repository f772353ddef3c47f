#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::config {

// Something wrong in a file, or worth knowing. Line and column count from 1;
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

// Takes what one load finds in one file. The reports of all files of a load
// share their findings. Confined to one thread.
class Report {
 public:
  // `file` is the name that faults carry and the place relative paths in it
  // count from.
  explicit Report(std::string file);

  // A further file of the same load.
  Report Included(std::string file) const;

  const std::string& file() const { return file_; }
  // Of all files.
  bool clean() const;
  std::size_t fault_count() const;

  void AddFault(int line, int column, std::string path, std::string message);
  void AddWarning(int line, int column, std::string path, std::string message);
  // Of equal messages only the first in the order of files and lines is kept.
  void AddWarningOnce(int line, int column, std::string path,
                      std::string message);

  // Of all files, in the order in which they were read, and of their lines.
  std::vector<Fault> SortedFaults() const;
  std::vector<Fault> SortedWarnings() const;

 private:
  struct Findings;
  Report(std::string file, std::shared_ptr<Findings> findings);

  std::string file_;
  std::size_t order_;                   // among the files
  std::shared_ptr<Findings> findings_;  // shared by the reports of one load
};

}  // namespace tocsin::config
