#include "config/yaml_syntax.h"

#include <yaml.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/utf8.h"
#include "config/document.h"

namespace tocsin::config {
namespace {

// The library looks each one up among all before it.
constexpr std::size_t kMaxTagDirectives = 64;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// A place in the text as faults have it: the column counts bytes.
struct Place {
  int line = 1;
  int column = 1;
};

Place PlaceOfByte(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte);
  const std::size_t line_break = before.rfind('\n');
  const std::size_t line_start =
      line_break == std::string_view::npos ? 0 : line_break + 1;
  return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(before.size() - line_start) + 1};
}

// The library counts characters, and more kinds of line breaks than we do.
Place PlaceOf(std::string_view text, const yaml_mark_t& mark) {
  std::size_t byte = 0;
  for (std::size_t i = 0; i < mark.index && byte < text.size(); ++i) {
    byte += DecodeUtf8(text.substr(byte))->length;
  }
  return PlaceOfByte(text, byte);
}

class Judge {
 public:
  Judge(std::string_view text, Report& report) : text_(text), report_(report) {
    TOCSIN_CHECK(yaml_parser_initialize(&parser_) == 1);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &parser_, reinterpret_cast<const unsigned char*>(text.data()),
        text.size());
  }
  ~Judge() { yaml_parser_delete(&parser_); }
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  bool Run() {
    for (bool ended = false; !ended;) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) != 1) {
        ReportProblem();
        return false;
      }
      ended = event.type == YAML_STREAM_END_EVENT;
      const bool too_deep = Count(event.type) > kMaxDepth;
      const yaml_mark_t at = event.start_mark;
      yaml_event_delete(&event);
      if (too_deep) {
        Add(PlaceOf(text_, at), DeeperThanAllowed());
        return false;
      }
    }
    return true;
  }

 private:
  // The lists and mappings that are open behind the event.
  std::size_t Count(yaml_event_type_t type) {
    if (type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT) {
      ++depth_;
    } else if (type == YAML_SEQUENCE_END_EVENT ||
               type == YAML_MAPPING_END_EVENT) {
      --depth_;
    }
    return depth_;
  }

  void Add(const Place& place, std::string message) {
    report_.AddFault(place.line, place.column, "", std::move(message));
  }

  // What is missing behind a key or a quote is told where that begins: the
  // library finds out at the end of the file.
  void ReportProblem() {
    TOCSIN_CHECK(parser_.error != YAML_MEMORY_ERROR);
    const std::string problem = parser_.problem;
    const std::string context =
        parser_.context == nullptr ? "" : parser_.context;
    const std::string broken = "the YAML is broken here: ";
    if (parser_.error == YAML_READER_ERROR) {
      Add(PlaceOfByte(text_, parser_.problem_offset), broken + problem);
    } else if (context == "while scanning a quoted scalar") {
      Add(PlaceOf(text_, parser_.context_mark),
          broken + "the quote that begins here is never closed");
    } else if (context == "while scanning a simple key") {
      Add(PlaceOf(text_, parser_.context_mark), broken + problem);
    } else {
      Add(PlaceOf(text_, parser_.problem_mark),
          broken + problem + During(context));
    }
  }

  std::string During(const std::string& context) const {
    if (context.empty()) return "";
    const int begin = PlaceOf(text_, parser_.context_mark).line;
    if (begin == PlaceOf(text_, parser_.problem_mark).line) {
      return " " + context;
    }
    return " " + context + ", which begins in line " + std::to_string(begin);
  }

  const std::string_view text_;
  Report& report_;
  yaml_parser_t parser_{};
  std::size_t depth_ = 0;
};

// The place behind the last of the tag directives that are allowed, or npos.
std::size_t FindTooManyDirectives(std::string_view text) {
  constexpr std::string_view kDirective = "%TAG";
  std::size_t count = 0;
  for (std::size_t line = 0; line < text.size();) {
    if (text.substr(line, kDirective.size()) == kDirective &&
        ++count > kMaxTagDirectives) {
      return line;
    }
    const std::size_t line_break = text.find_first_of("\r\n", line);
    line = line_break == std::string_view::npos ? text.size() : line_break + 1;
  }
  return std::string_view::npos;
}

}  // namespace

std::string DeeperThanAllowed() {
  return "the file is nested deeper than " + std::to_string(kMaxDepth) +
         " levels";
}

bool CheckYamlSyntax(std::string_view text, Report& report) {
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  const std::size_t directive = FindTooManyDirectives(text);
  if (directive != std::string_view::npos) {
    const Place place = PlaceOfByte(text, directive);
    report.AddFault(place.line, place.column, "",
                    "YAML tags are not used in this file");
    return false;
  }
  return Judge(text, report).Run();
}

}  // namespace tocsin::config
