#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ctl {

// What the sources wrote is shown on a terminal: control characters (escape
// sequences among them) become spaces.
std::string Printable(std::string_view text);

// "1 fault", "2 faults".
std::string Counted(std::size_t count, const char* what);

// Columns of text, aligned, two spaces between them. When lines would be wider
// than `width`, the last column is cut and ends in "..."; 0 cuts nothing.
// Counts code points, not cells.
class Table {
 public:
  explicit Table(std::vector<std::string> head) : rows_{std::move(head)} {}

  // `row` has as many cells as the head.
  void Add(std::vector<std::string> row);

  std::string Draw(std::size_t width) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// Columns of the terminal on stdout; 0 when it is none (a pipe gets all).
std::size_t TerminalWidth();

}  // namespace tocsin::ctl
