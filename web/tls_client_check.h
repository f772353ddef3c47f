#pragma once

#include <openssl/x509.h>

#include <string>
#include <vector>

// The part of a handshake that looks at a client's certificate; private to
// tls_context.cc.
namespace tocsin::web {

// All alternative names of a certificate as text: DNS, e-mail, address, URI.
// One with a zero byte inside is left out: it says one thing to us and another
// to whoever signed it.
std::vector<std::string> SubjectAlternativeNames(const X509& certificate);

// For SSL_CTX_set_cert_verify_callback; `library` is the TlsContext's.
int CheckClient(X509_STORE_CTX* store, void* library);

}  // namespace tocsin::web
