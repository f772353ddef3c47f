#include "daemon/ctl/table.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.h"

namespace tocsin::ctl {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::string_view kCut = "...";
// Less than this of a last column says nothing; the line may then be wider.
constexpr std::size_t kLeastLastColumn = 12;

bool StartsCodePoint(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

std::size_t Length(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), StartsCodePoint));
}

std::string Cut(std::string_view text, std::size_t length) {
  if (length == 0 || Length(text) <= length) return std::string(text);
  const std::size_t kept = length - kCut.size();
  std::size_t seen = 0;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    if (StartsCodePoint(text[end]) && seen++ == kept) break;
  }
  return std::string(text.substr(0, end)) + std::string(kCut);
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string printable(text);
  for (char& byte : printable) {
    const auto code = static_cast<unsigned char>(byte);
    if (code < 0x20 || code == 0x7F) byte = ' ';
  }
  // C1 controls (U+0080 to U+009F) come as the two bytes C2 80 to C2 9F.
  for (std::size_t i = 0; i + 1 < printable.size(); ++i) {
    if (printable[i] == '\xC2' &&
        static_cast<unsigned char>(printable[i + 1]) < 0xA0) {
      printable[i] = printable[i + 1] = ' ';
    }
  }
  return printable;
}

std::string Counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

void Table::Add(std::vector<std::string> row) {
  TOCSIN_CHECK(row.size() == rows_.front().size());
  for (std::string& cell : row) cell = Printable(cell);
  rows_.push_back(std::move(row));
}

std::string Table::Draw(std::size_t width) const {
  const std::size_t last = rows_.front().size() - 1;
  std::vector<std::size_t> lengths(last, 0);
  std::size_t before_last = 0;
  for (std::size_t column = 0; column < last; ++column) {
    for (const auto& row : rows_) {
      lengths[column] = std::max(lengths[column], Length(row[column]));
    }
    before_last += lengths[column] + kGap.size();
  }
  const std::size_t room =
      width == 0
          ? 0
          : std::max(kLeastLastColumn, width - std::min(width, before_last));
  std::string drawn;
  for (const auto& row : rows_) {
    for (std::size_t column = 0; column < last; ++column) {
      drawn += row[column];
      drawn.append(lengths[column] - Length(row[column]), ' ');
      drawn += kGap;
    }
    drawn += Cut(row[last], room);
    drawn.erase(drawn.find_last_not_of(' ') + 1);
    drawn += '\n';
  }
  return drawn;
}

std::size_t TerminalWidth() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

}  // namespace tocsin::ctl
