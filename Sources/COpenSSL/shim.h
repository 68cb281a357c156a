// OpenSSL's digests (libcrypto); pkg-config (libcrypto) says where this system keeps it.
#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H

#include <openssl/evp.h>

#endif
