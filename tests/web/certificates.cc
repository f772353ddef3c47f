#include "tests/web/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace tocsin::test {
namespace {

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

void Expect(bool good) {
  if (!good) throw std::runtime_error("OpenSSL cannot make a certificate");
}

KeyPtr MakeKey() {
  std::string curve = "P-256";
  KeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.data()),
             EVP_PKEY_free);
  Expect(key != nullptr);
  return key;
}

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(length)};
}

std::string PemOf(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()), BIO_free);
  Expect(PEM_write_bio_X509(bio.get(), certificate) == 1);
  return TextOf(bio.get());
}

std::string PemOf(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_mem()), BIO_free);
  Expect(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr,
                                  nullptr) == 1);
  return TextOf(bio.get());
}

void AddExtension(X509* certificate, X509* issuer, int kind,
                  const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension =
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  Expect(extension != nullptr);
  Expect(X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

// Without an issuer: signed by itself, an authority.
X509Ptr MakeCertificate(const CertificateRequest& request, EVP_PKEY* key,
                        X509* issuer, EVP_PKEY* issuer_key) {
  static long serial = 0;
  X509Ptr made(X509_new(), X509_free);
  X509* const certificate = made.get();
  Expect(X509_set_version(certificate, X509_VERSION_3) == 1);
  Expect(ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial) == 1);
  constexpr long kBefore = -3600;  // clocks differ
  X509_gmtime_adj(X509_getm_notBefore(certificate), kBefore);
  X509_gmtime_adj(X509_getm_notAfter(certificate), request.valid_for.count());
  Expect(X509_set_pubkey(certificate, key) == 1);
  X509_NAME* const name = X509_get_subject_name(certificate);
  Expect(X509_NAME_add_entry_by_txt(
             name, "CN", MBSTRING_UTF8,
             reinterpret_cast<const unsigned char*>(request.name.c_str()), -1,
             -1, 0) == 1);
  X509* const signer = issuer == nullptr ? certificate : issuer;
  Expect(X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1);
  AddExtension(certificate, signer, NID_basic_constraints,
               issuer == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!request.sans.empty()) {
    AddExtension(certificate, signer, NID_subject_alt_name, request.sans);
  }
  Expect(X509_sign(certificate, issuer == nullptr ? key : issuer_key,
                   EVP_sha256()) > 0);
  return made;
}

}  // namespace

struct Authority::Library {
  KeyPtr key = MakeKey();
  X509Ptr certificate{nullptr, X509_free};
};

Authority::Authority(const std::string& name)
    : library_(std::make_unique<Library>()) {
  library_->certificate = MakeCertificate(
      {.name = name, .sans = ""}, library_->key.get(), nullptr, nullptr);
}
Authority::~Authority() = default;

Identity Authority::Issue(const CertificateRequest& request) const {
  const KeyPtr key = MakeKey();
  const X509Ptr certificate = MakeCertificate(
      request, key.get(), library_->certificate.get(), library_->key.get());
  return {PemOf(certificate.get()), PemOf(key.get())};
}

std::string Authority::certificate() const {
  return PemOf(library_->certificate.get());
}

}  // namespace tocsin::test
