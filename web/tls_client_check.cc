#include "web/tls_client_check.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string_view>

#include "web/tls_openssl.h"

namespace tocsin::web {
namespace {

using NamesPtr = std::unique_ptr<GENERAL_NAMES, FreeBy<GENERAL_NAMES_free>>;

std::string TextOf(const ASN1_STRING* string) {
  const auto* const data =
      reinterpret_cast<const char*>(ASN1_STRING_get0_data(string));
  return {data, static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string AddressOf(const ASN1_STRING* string) {
  constexpr int kBytes4 = 4;
  constexpr int kBytes6 = 16;
  const int length = ASN1_STRING_length(string);
  if (length != kBytes4 && length != kBytes6) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* const written =
      inet_ntop(length == kBytes4 ? AF_INET : AF_INET6,
                ASN1_STRING_get0_data(string), text.data(), text.size());
  return written == nullptr ? "" : written;
}

std::string TextOf(const GENERAL_NAME& name) {
  int kind = 0;
  const auto* const value =
      static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(&name, &kind));
  switch (kind) {
    case GEN_DNS:
    case GEN_EMAIL:
    case GEN_URI:
      return TextOf(value);
    case GEN_IPADD:
      return AddressOf(value);
    default:
      return {};
  }
}

}  // namespace

std::vector<std::string> SubjectAlternativeNames(const X509& certificate) {
  std::vector<std::string> texts;
  const NamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    std::string text = TextOf(*sk_GENERAL_NAME_value(names.get(), i));
    if (!text.empty() && text.find('\0') == std::string::npos) {
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

int CheckClient(X509_STORE_CTX* store, void* library) {
  const auto& rules = *static_cast<const TlsContext::Library*>(library);
  if (rules.verifies && X509_verify_cert(store) != 1) return 0;
  if (rules.client_sans.empty()) return 1;
  const X509* const certificate = X509_STORE_CTX_get0_cert(store);
  const auto names = SubjectAlternativeNames(*certificate);
  const bool allowed = std::any_of(
      names.begin(), names.end(), [&rules](const std::string& name) {
        return std::find(rules.client_sans.begin(), rules.client_sans.end(),
                         name) != rules.client_sans.end();
      });
  if (!allowed) {
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  }
  return allowed ? 1 : 0;
}

}  // namespace tocsin::web
