#pragma once

#include "config/reader.h"
#include "config/web_config.h"

// The TLS part of web_config.h; private to config/.
namespace tocsin::config {

// Reads `tls_server_config`, which is there and not empty.
TlsServer ReadTlsServer(const Reader& at);

}  // namespace tocsin::config
