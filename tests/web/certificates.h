#pragma once

#include <chrono>
#include <memory>
#include <string>

// Certificates that tests make for themselves, with OpenSSL.
namespace tocsin::test {

// A certificate and its key, in PEM form.
struct Identity {
  std::string certificate;
  std::string key;
};

struct CertificateRequest {
  std::string name = "localhost";
  // As OpenSSL's configuration has it: "DNS:localhost,IP:127.0.0.1"; may be
  // empty.
  std::string sans = "DNS:localhost,IP:127.0.0.1";
  std::chrono::seconds valid_for = std::chrono::hours(24);
};

// Signs certificates of 256 bit curves.
class Authority {
 public:
  explicit Authority(const std::string& name = "an authority");
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  Identity Issue(const CertificateRequest& request = {}) const;
  std::string certificate() const;

 private:
  struct Library;
  std::unique_ptr<Library> library_;
};

}  // namespace tocsin::test
