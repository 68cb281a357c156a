// OpenSSL's SHA-256 (libcrypto).
#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H

// OpenSSL 3 advises against its digests' own functions, in favour of an interface that looks for a provider first; what they do is the same.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#endif
