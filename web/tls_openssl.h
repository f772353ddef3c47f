#pragma once

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "web/tls_context.h"

// What tls_context.cc and tls_session.cc share of OpenSSL; private to them.
namespace tocsin::web {

template <auto kFree>
struct FreeBy {
  template <typename T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};
using SslContextPtr = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, FreeBy<SSL_free>>;
using CertificatePtr = std::unique_ptr<X509, FreeBy<X509_free>>;

struct TlsContext::Library {
  SslContextPtr context;
  bool verifies = false;  // certificates of clients, by authorities
  std::vector<std::string> client_sans;
  std::chrono::sys_seconds not_after;
};

// The newest of the thread's errors, in OpenSSL's words; empties the queue,
// which would otherwise speak of another connection later.
std::string TakeSslError();

}  // namespace tocsin::web
