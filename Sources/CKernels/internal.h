// Shared between the kernels: the layout of tiles, the table of one instruction set's functions, small maths.
#ifndef CKERNELS_INTERNAL_H
#define CKERNELS_INTERNAL_H

#include <math.h>
#include <string.h>

#include "ckernels.h"

#define CK_INLINE static inline __attribute__((always_inline))

enum { CK_ROWS = 16, CK_BLOCK = 32, CK_SUPER = 8 /* blocks of 32 in a K-quant's 256 */ };

// MARK: - Formats

/// What is stored beside a type's unsigned weights u to make values of them; zero is 2^(bits - 1).
typedef enum {
    CK_UNSCALED,       // floats
    CK_PLAIN,          // d (u - zero), one d a block of 32
    CK_MINIMUM,        // d u + m
    CK_SUPER_MINIMUM,  // d scale u - dmin min; d and dmin belong to 256 columns, the unsigned bytes scale and min to 32
    CK_SUPER_HALVES,   // d scale (u - zero); d belongs to 256 columns, the signed byte scale to 16
} ck_scales;

/// A row of the list of types (ckernels.h).
typedef struct {
    int block, block_bytes;  // of the file
    int bits;                // of a weight in a tile: 4, 5, 6 or 8; 0 for floats
    ck_scales scales;
} ck_format;

/// By type; all zero where there is none. A kernel asks for a constant type, so that the answers are constants as well.
static const ck_format ck_formats[] = {
#define CK_FORMAT(name, number, ...) [number] = {__VA_ARGS__},
    CK_FLOAT_TYPES(CK_FORMAT) CK_QUANTIZED_TYPES(CK_FORMAT)
#undef CK_FORMAT
};

CK_INLINE int ck_bits(ck_type type) { return ck_formats[type].bits; }
CK_INLINE ck_scales ck_scales_of(ck_type type) { return ck_formats[type].scales; }

/// Bytes of one float; 0 for quantised types.
CK_INLINE int ck_float_bytes(ck_type type) { return ck_bits(type) ? 0 : ck_formats[type].block_bytes; }

/// Whether the blocks of 256 columns share their d (and dmin), before scales of their own.
CK_INLINE bool ck_shares_scale(ck_type type) { return ck_scales_of(type) == CK_SUPER_MINIMUM || ck_scales_of(type) == CK_SUPER_HALVES; }

CK_INLINE bool ck_has_minimum(ck_type type) { return ck_scales_of(type) == CK_MINIMUM || ck_scales_of(type) == CK_SUPER_MINIMUM; }

/// The value that stands for zero among a type's unsigned weights; 0 for types with a minimum.
CK_INLINE int ck_zero_point(ck_type type) { return ck_has_minimum(type) ? 0 : 1 << (ck_bits(type) - 1); }

// MARK: - Tiles
//
// A tile is read from its first byte to its last: groups of at most 8 blocks of 32 columns, each group its scales, then its quants. One stream
// is what the memory delivers fastest; scales apart from their quants cost a fifth of the rate.
//
// quants:  one record a block of 32 columns. With u[r][c] the unsigned weight of row r, column c, the record is
//            8 bit: 8 vectors k of 64 bytes; bytes 4r ... 4r+3 of vector k = u[r][4k ... 4k+3]
//            4 bit: 4 vectors j; low nibbles = vector j of the above, high nibbles = vector j + 4
//            5 bit: 4 bit, then 1 vector whose bit k is bit 4 of vector k
//            6 bit: 4 bit, then 2 vectors; bits 2(k % 4), +1 of vector k / 4 are bits 4, 5 of vector k
// scales:  halves and bytes, 16 of each (a row's in its lane), padded to 64 bytes
//            plain: d                  minimum: d, m                a block
//            super minimum: d, dmin, then 8 x (scale, min bytes)    a group
//            super halves: d, then 8 x (scale of columns 0-15, of 16-31)    a group
// floats:  columns x 16 rows, in the file's own type.

CK_INLINE int ck_quant_bytes(ck_type type) { return 64 * ck_bits(type); }

/// Bytes of the scales of a group of so many blocks.
CK_INLINE int ck_scale_bytes(ck_type type, int blocks) {
    switch (ck_scales_of(type)) {
        case CK_PLAIN: return (blocks + 1) / 2 * 64;
        case CK_MINIMUM: return blocks * 64;
        case CK_SUPER_MINIMUM: case CK_SUPER_HALVES: return 320;
        default: return 0;
    }
}

/// Block i's own scales, in bytes from its group's start.
CK_INLINE int ck_own_scales(ck_type type, int i) {
    switch (ck_scales_of(type)) {
        case CK_MINIMUM: return i * 64;
        case CK_SUPER_MINIMUM: return 64 + i * 32;
        case CK_SUPER_HALVES: return 32 + i * 32;
        default: return i * 32;
    }
}

/// Blocks in the group that begins at block `first`.
CK_INLINE int ck_super_blocks(int blocks, int first) { return blocks - first < CK_SUPER ? blocks - first : CK_SUPER; }

/// Bytes of a tile of so many blocks.
CK_INLINE size_t ck_tile_bytes(ck_type type, int blocks) {
    size_t bytes = 0;
    for (int first = 0; first < blocks; first += CK_SUPER) {
        const int count = ck_super_blocks(blocks, first);
        bytes += (size_t)(ck_scale_bytes(type, count) + count * ck_quant_bytes(type));
    }
    return bytes;
}

/// Minus the zero point times the sum of a block of activations, where the block has one scale.
CK_INLINE int32_t ck_zero_product(ck_type type, const ck_block *x) {
    switch (ck_zero_point(type)) {
        case 8: return x->zero8;
        case 16: return x->zero16;
        case 128: return x->zero128;
        default: return 0;
    }
}

// MARK: - Groups of activations

/// Tokens in the group that begins at token `first`.
CK_INLINE int ck_group_tokens(int tokens, int first) {
    return tokens - first < CK_GROUP ? tokens - first : CK_GROUP;
}

/// How many of `rest` tokens to compute next where registers hold the sums of 4: as even as it goes, 5 are 3 and 2.
CK_INLINE int ck_step(int rest) {
    const int steps = (rest + 3) / 4;
    return (rest + steps - 1) / steps;
}

/// Asks for what is so many bytes beyond a block's quants: as much as a block and its scales are, in this tile or the next.
CK_INLINE void ck_ask_ahead(ck_type type, const uint8_t *quants, int ahead) {
    for (int i = 0; i <= ck_quant_bytes(type); i += 64) __builtin_prefetch((const void *)((uintptr_t)quants + (uintptr_t)(ahead + i)));
}

/// The first position that a token sees.
CK_INLINE int ck_first_seen(const ck_attention_shape *shape, int position) {
    return shape->window > 0 && position >= shape->window ? position - shape->window + 1 : 0;
}

// MARK: - One instruction set

struct ck_kernels {
    void (*multiply_tiles)(const ck_product *product, const ck_activations *input, int first, int end);
    void (*quantize_row)(const float *x, int columns, ck_block *blocks, int stride);
    void (*norm_row)(float *x, const float *delta, const float *weight, float epsilon, int columns, float *out);
    void (*gated_row)(ck_gate act, const float *gate, const float *up, int columns, float *out);
    void (*rotate_row)(float *x, const float *table, int head_size, bool interleaved);
    void (*halve_row)(const float *x, int n, uint16_t *out);
    void (*attend)(const ck_attention_shape *shape, const ck_place *place, size_t head_offset, const float *q, float *out, float *scores);
    void (*largest)(const float *x, int n, ck_summary *out);
    /// sums[0] = sum(exp(x - largest)), sums[1] = sum(exp(x - largest) * (x - largest))
    void (*exp_sums)(const float *x, int n, float largest, float sums[2]);
    /// Over n columns: sums[0] = sum q (log q - log p), sums[1] = sum q (log q - log m) + p (log p - log m).
    void (*diverge)(const float *q, float q_log_sum, const float *p, float p_log_sum, int n, float sums[2]);
    void (*cap_row)(float *x, int n, float cap);
};

extern const struct ck_kernels ck_kernels_scalar;
#if defined(__x86_64__)
extern const struct ck_kernels ck_kernels_avx2, ck_kernels_avx512;
#elif defined(__aarch64__)
extern const struct ck_kernels ck_kernels_neon;
#endif

/// The least magnitude that a block of activations is scaled to: 127 / less could overflow, and counts as zero.
#define CK_LEAST 0x1p-100f

/// The greatest finite float.
#define CK_GREATEST 0x1.fffffep127f

/// What a norm multiplies by. A mean of squares that overflowed would make zeros of the whole row, which look like numbers; it makes NaNs.
CK_INLINE float ck_norm_scale(float mean, float epsilon) { return mean <= CK_GREATEST ? 1.0f / sqrtf(mean + epsilon) : NAN; }

// MARK: - exp, as every instruction set computes it
//
// exp(x) = 2^n * exp(r), n = round(x / ln 2), |r| <= ln 2 / 2; the Taylor series of degree 7 leaves an error below 2^-24 there.
// Below -87 the result is 0.

#define CK_GELU_SLOPE 1.59576912f  // 2 sqrt(2 / pi)
#define CK_GELU_CUBIC 0.044715f

#define CK_EXP_LOWEST -87.0f
#define CK_LOG_2 0.693147182f
#define CK_LEAST_LOG -1e4f  // below it a probability has no further to fall
#define CK_EXP_LOG2E 1.44269504f
#define CK_EXP_LN2_HIGH 0.693145752f   // 15 bits: n * this is exact
#define CK_EXP_LN2_LOW 1.42860677e-6f
#define CK_EXP_C7 1.98412698e-4f
#define CK_EXP_C6 1.38888889e-3f
#define CK_EXP_C5 8.33333333e-3f
#define CK_EXP_C4 4.16666667e-2f
#define CK_EXP_C3 1.66666667e-1f

#endif
