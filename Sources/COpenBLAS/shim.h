// OpenBLAS's C interface; pkg-config (openblas) says where this system keeps it.
#ifndef COPENBLAS_SHIM_H
#define COPENBLAS_SHIM_H

#include <cblas.h>

#endif
