#include "web/compression.h"

#include <zlib.h>

#include <algorithm>

namespace tocsin::web {
namespace {

// Beyond it a few percent less cost twice the time: our bodies are JSON and
// metrics of some 100 KB, which come down to a tenth here already.
constexpr int kLevel = 4;
constexpr int kGzipWindow = 15 + 16;  // the largest, in gzip's format
constexpr int kMemory = 8;            // zlib's own default

// Weights in thousandths, as they are written with at most three digits.
constexpr int kFullWeight = 1000;
// Of what is acceptable without being named: less than anything that is.
constexpr int kUnnamedWeight = 0;

std::string_view Trim(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

// Cuts off what stands before `mark`, and the mark.
std::string_view Cut(std::string_view& rest, char mark) {
  const std::size_t at = rest.find(mark);
  const std::string_view part = Trim(rest.substr(0, at));
  rest =
      at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return part;
}

bool Is(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) {
                      return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
                    });
}

// "0", "0.25", "1.000"; absent for anything else.
std::optional<int> Weight(std::string_view text) {
  constexpr std::size_t kLongest = 5;
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  if (text[0] != '0' && text[0] != '1') return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int weight = (text[0] - '0') * kFullWeight;
  int digit_weight = kFullWeight / 10;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9') return std::nullopt;
    weight += (c - '0') * digit_weight;
    digit_weight /= 10;
  }
  return weight <= kFullWeight ? std::optional(weight) : std::nullopt;
}

// The weights that a client gave; absent: not named.
struct Wishes {
  std::optional<int> gzip{};
  std::optional<int> identity{};
  std::optional<int> others{};
};

Wishes Read(std::string_view accept_encoding) {
  Wishes wishes;
  while (!accept_encoding.empty()) {
    std::string_view rest = Cut(accept_encoding, ',');
    const std::string_view name = Cut(rest, ';');
    std::optional<int> weight = kFullWeight;
    if (!rest.empty()) {
      const std::string_view key = Cut(rest, '=');
      weight = Is(key, "q") ? Weight(Trim(rest)) : std::nullopt;
    }
    if (!weight) continue;
    if (Is(name, "gzip") || Is(name, "x-gzip")) wishes.gzip = weight;
    if (Is(name, "identity")) wishes.identity = weight;
    if (name == "*") wishes.others = weight;
  }
  return wishes;
}

}  // namespace

std::optional<Coding> ChooseCoding(std::string_view accept_encoding,
                                   bool worthwhile) {
  const Wishes wishes = Read(accept_encoding);
  const int gzip = wishes.gzip.value_or(wishes.others.value_or(0));
  const bool plain_refused =
      wishes.identity.value_or(wishes.others.value_or(kFullWeight)) == 0;
  if (plain_refused) {
    return gzip > 0 ? std::optional(Coding::kGzip) : std::nullopt;
  }
  const int identity =
      wishes.identity.value_or(wishes.others.value_or(kUnnamedWeight));
  return worthwhile && gzip > 0 && gzip >= identity ? Coding::kGzip
                                                    : Coding::kIdentity;
}

std::optional<std::string> Gzip(std::string_view body) {
  z_stream stream{};
  if (::deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, kMemory,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  std::string out(::deflateBound(&stream, body.size()), '\0');
  // zlib does not write there.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = ::deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return whole ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace tocsin::web
