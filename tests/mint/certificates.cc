#include "tests/mint/certificates.h"

#include <openssl/x509v3.h>

#include <stdexcept>

#include "engine/mint/jose/key_data.h"

namespace assay::mint::testing {

namespace {

void Require(bool ok) {
  if (!ok) throw std::runtime_error("OpenSSL refused to make what a test needs");
}

using SslCtxPtr = std::unique_ptr<SSL_CTX, OpensslFree<SSL_CTX_free>>;

}  // namespace

std::string Certificate::Der() const {
  unsigned char* raw = nullptr;
  const int size = i2d_X509(x509.get(), &raw);
  Require(size > 0);
  std::string der(reinterpret_cast<char*>(raw), static_cast<std::size_t>(size));
  OPENSSL_free(raw);
  return der;
}

std::string Certificate::SignEs256(std::string_view message) const {
  EVP_PKEY_up_ref(key.get());
  const auto signer = jose::Access::MakeSigning(PkeyPtr(key.get()), Algorithm::kEs256, {});
  Require(signer.ok());
  return signer.value().Sign(message).value();
}

Certificate MakeCertificate(const CertificateSpec& spec, const Certificate* issuer) {
  static long serial = 0;
  Certificate made{{X509_new(), X509_free},
                   {EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "prime256v1"), EVP_PKEY_free}};
  X509* x509 = made.x509.get();
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial);
  ASN1_TIME_set(X509_getm_notBefore(x509), spec.not_before);
  ASN1_TIME_set(X509_getm_notAfter(x509), spec.not_after);
  const std::string name = "test " + std::to_string(serial);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC, Bytes(name), -1, -1,
                             0);
  X509* issuer_x509 = issuer == nullptr ? x509 : issuer->x509.get();
  X509_set_issuer_name(x509, X509_get_subject_name(issuer_x509));
  X509_set_pubkey(x509, made.key.get());
  X509V3_CTX ctx;
  X509V3_set_ctx(&ctx, issuer_x509, x509, nullptr, nullptr, 0);
  for (const auto& [key, value] : spec.extensions) {
    X509_EXTENSION* extension = X509V3_EXT_nconf(nullptr, &ctx, key.c_str(), value.c_str());
    Require(extension != nullptr);
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
  }
  EVP_PKEY* signer = issuer == nullptr ? made.key.get() : issuer->key.get();
  Require(X509_sign(x509, signer, EVP_sha256()) > 0);
  return made;
}

Certificate MakeAuthority(std::string_view trust_domain, const Certificate* issuer,
                          CertificateSpec spec) {
  spec.extensions.insert(spec.extensions.begin(), {{"basicConstraints", "critical,CA:TRUE"},
                                                   {"keyUsage", "critical,keyCertSign,cRLSign"},
                                                   {"subjectKeyIdentifier", "hash"}});
  if (issuer != nullptr) spec.extensions.emplace_back("authorityKeyIdentifier", "keyid:always");
  if (!trust_domain.empty()) {
    spec.extensions.emplace_back("subjectAltName", "URI:spiffe://" + std::string(trust_domain));
  }
  return MakeCertificate(spec, issuer);
}

CertificateSpec SvidSpec(std::string_view id) {
  return {.extensions = {{"subjectAltName", "URI:" + std::string(id)},
                         {"keyUsage", "critical,digitalSignature"},
                         {"basicConstraints", "critical,CA:FALSE"},
                         {"extendedKeyUsage", "serverAuth,clientAuth"},
                         {"subjectKeyIdentifier", "hash"},
                         {"authorityKeyIdentifier", "keyid:always"}}};
}

Certificate MakeSvid(std::string_view id, const Certificate& issuer) {
  return MakeCertificate(SvidSpec(id), &issuer);
}

std::string BundleJson(const std::vector<Certificate>& authorities, const std::string& more) {
  std::string keys;
  for (const Certificate& authority : authorities) {
    const std::string der = authority.Der();
    std::string text(der.size() * 2, '\0');
    text.resize(static_cast<std::size_t>(
        EVP_EncodeBlock(Bytes(&text), Bytes(der), static_cast<int>(der.size()))));
    if (!keys.empty()) keys += ",";
    keys += R"({"kty":"EC","use":"x509-svid","x5c":[")" + text + "\"]}";
  }
  return "{\"keys\":[" + keys + "]" + more + "}";
}

SslPtr ServerWithPeer(const std::vector<Certificate>& chain, bool complete, int version) {
  const Certificate own = MakeSvid("spiffe://server.example/x", MakeAuthority("server.example"));
  const SslCtxPtr server_ctx(SSL_CTX_new(TLS_server_method()));
  const SslCtxPtr client_ctx(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_use_certificate(server_ctx.get(), own.x509.get());
  SSL_CTX_use_PrivateKey(server_ctx.get(), own.key.get());
  SSL_CTX_set_verify(server_ctx.get(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
  for (SSL_CTX* ctx : {server_ctx.get(), client_ctx.get()}) {
    SSL_CTX_set_min_proto_version(ctx, version);
    SSL_CTX_set_max_proto_version(ctx, version);
    SSL_CTX_set_security_level(ctx, 0);
  }
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (i == 0) {
      SSL_CTX_use_certificate(client_ctx.get(), chain[0].x509.get());
      SSL_CTX_use_PrivateKey(client_ctx.get(), chain[0].key.get());
    } else {
      SSL_CTX_add1_chain_cert(client_ctx.get(), chain[i].x509.get());
    }
  }
  SslPtr server(SSL_new(server_ctx.get()));
  const SslPtr client(SSL_new(client_ctx.get()));
  BIO* server_side = nullptr;
  BIO* client_side = nullptr;
  Require(BIO_new_bio_pair(&server_side, 0, &client_side, 0) == 1);
  SSL_set_bio(server.get(), server_side, server_side);
  SSL_set_bio(client.get(), client_side, client_side);
  SSL_set_accept_state(server.get());
  SSL_set_connect_state(client.get());
  for (int i = 0; i < (complete ? 10 : 1); ++i) {
    SSL_do_handshake(client.get());
    SSL_do_handshake(server.get());
  }
  Require((SSL_is_init_finished(server.get()) == 1) == complete);
  ERR_clear_error();
  return server;
}

}  // namespace assay::mint::testing
