// AVX2: a register holds 4 columns of 8 rows, so a tile is computed as two halves. Products of unsigned weights and signed activations add up in
// pairs in 16 bits; how many such pairs fit before they must widen depends on the weights' bits. Half the registers of AVX-512 do not hold the sums
// of a group: a block is unpacked once for all its tokens, which are computed up to 4 at a time, and sums wait in memory between blocks.

#if defined(__x86_64__)
#include <immintrin.h>

#include "internal.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#include "vector.h"

/// Block b's 32 columns of 8 rows (those of `half`) as 8 vectors; unsigned bytes, of 8 bits signed ones.
CK_INLINE void unpack(ck_type type, const uint8_t *record, int half, __m256i w[8]) {
    record += 32 * half;
#define AT(i) _mm256_load_si256((const __m256i *)(const void *)(record + 64 * (i)))
    if (ck_bits(type) == 8) {
        for (int k = 0; k < 8; k++) w[k] = _mm256_xor_si256(AT(k), _mm256_set1_epi8((char)0x80));
        return;
    }
    const __m256i nibble = _mm256_set1_epi8(15), fifth = _mm256_set1_epi8(16), sixth = _mm256_set1_epi8(48);
    for (int j = 0; j < 4; j++) {
        w[j] = _mm256_and_si256(AT(j), nibble);
        w[j + 4] = _mm256_and_si256(_mm256_srli_epi16(AT(j), 4), nibble);
    }
    for (int k = 0; k < 8; k++) {
        if (ck_bits(type) == 5) {
            const __m256i bit = k < 4 ? _mm256_slli_epi16(AT(4), 4 - k) : _mm256_srli_epi16(AT(4), k - 4);
            w[k] = _mm256_or_si256(w[k], _mm256_and_si256(bit, fifth));
        }
        if (ck_bits(type) == 6) {
            const int at = 2 * (k % 4);
            const __m256i bits = at < 4 ? _mm256_slli_epi16(AT(4 + k / 4), 4 - at) : _mm256_srli_epi16(AT(4 + k / 4), at - 4);
            w[k] = _mm256_or_si256(w[k], _mm256_and_si256(bits, sixth));
        }
    }
#undef AT
}

CK_INLINE __m256i four_columns(const ck_block *x, int k) {
    int32_t four;
    memcpy(&four, x->q + 4 * k, 4);
    return _mm256_set1_epi32(four);
}

CK_INLINE __m256 halves_to_floats(const uint8_t *p) { return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)p)); }
CK_INLINE __m256 bytes_to_floats(const uint8_t *p) {
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p)));
}
CK_INLINE __m256i signed_bytes(const uint8_t *p) { return _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p)); }

/// A block of a tile as all tokens of a group need it, both halves of its rows or, in the first place, one.
typedef struct {
    __m256i w[8][2];  // vector k of each half
    __m256 scale[2], minimum[2];
    __m256i low_scale[2], high_scale[2];
} ready_block;

/// `halves` halves, from `first` on, of the block whose quants, own scales and group's scales are given.
CK_INLINE void prepare(ck_type type, const uint8_t *quants, const uint8_t *own, const uint8_t *group, int first, int halves, ready_block *out) {
    for (int half = 0; half < halves; half++) {
        const uint8_t *bytes = own + 8 * (first + half), *s = (ck_shares_scale(type) ? group : own) + 16 * (first + half);
        out->scale[half] = halves_to_floats(s);
        if (ck_scales_of(type) == CK_MINIMUM) out->minimum[half] = halves_to_floats(s + 32);
        if (ck_scales_of(type) == CK_SUPER_MINIMUM) {
            out->scale[half] = _mm256_mul_ps(out->scale[half], bytes_to_floats(bytes));
            out->minimum[half] = _mm256_mul_ps(halves_to_floats(s + 32), _mm256_sub_ps(_mm256_setzero_ps(), bytes_to_floats(bytes + 16)));
        }
        if (ck_scales_of(type) == CK_SUPER_HALVES) {
            out->low_scale[half] = signed_bytes(bytes);
            out->high_scale[half] = signed_bytes(bytes + 16);
        }
        __m256i w[8];
        unpack(type, quants, first + half, w);
        for (int k = 0; k < 8; k++) out->w[k][half] = w[k];
    }
}

/// Weights of one vector times activations, summed in pairs. 8 bits are signed, and so is their first operand's sign given to the second.
CK_INLINE __m256i multiply_pairs(ck_type type, __m256i w, __m256i x) {
    return ck_bits(type) == 8 ? _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w)) : _mm256_maddubs_epi16(w, x);
}

/// dots[t] += the sums over vectors from ... to of weights times activations, widened to 32 bits after every `pairs` vectors: a pair of products
/// is at most 2 * 127 * (15, 31, 63 or 128), which leaves room for 8, 4, 2 or 1 of them.
CK_INLINE void add_dots(ck_type type, int count, int halves, const ready_block *block, const ck_block *a, int from, int to, __m256i dots[][2]) {
    const int pairs = ck_bits(type) == 8 ? 1 : ck_bits(type) == 6 ? 2 : ck_bits(type) == 5 ? 4 : 8;
    const __m256i ones = _mm256_set1_epi16(1);
    for (int k = from; k < to; k += pairs) {
        __m256i sums[4][2];
        for (int i = k; i < k + pairs; i++) {
            for (int t = 0; t < count; t++) {
                const __m256i x = four_columns(a + t, i);
                for (int half = 0; half < halves; half++) {
                    const __m256i product = multiply_pairs(type, block->w[i][half], x);
                    sums[t][half] = i == k ? product : _mm256_add_epi16(sums[t][half], product);
                }
            }
        }
        for (int t = 0; t < count; t++)
            for (int half = 0; half < halves; half++) dots[t][half] = _mm256_add_epi32(dots[t][half], _mm256_madd_epi16(sums[t][half], ones));
    }
}

/// Adds a block's part to the sums of `count` (at most 4) tokens.
CK_INLINE void multiply_step(ck_type type, int count, int halves, const ready_block *block, const ck_block *a, __m256 sums[][2]) {
    const bool split = ck_scales_of(type) == CK_SUPER_HALVES;
    __m256i dots[4][2], high[4][2];
    for (int t = 0; t < count; t++) {
        const int32_t start = split ? a[t].zero32_low : ck_bits(type) == 8 ? 0 : ck_zero_product(type, a + t);
        for (int half = 0; half < halves; half++) {
            dots[t][half] = _mm256_set1_epi32(start);
            if (split) high[t][half] = _mm256_set1_epi32(a[t].zero32_high);
        }
    }
    add_dots(type, count, halves, block, a, 0, split ? 4 : 8, dots);
    if (split) add_dots(type, count, halves, block, a, 4, 8, high);
    for (int t = 0; t < count; t++) {
        for (int half = 0; half < halves; half++) {
            __m256i dot = dots[t][half];
            if (split) dot = _mm256_add_epi32(_mm256_mullo_epi32(dot, block->low_scale[half]), _mm256_mullo_epi32(high[t][half], block->high_scale[half]));
            const __m256 scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(dot), _mm256_set1_ps(a[t].d));
            sums[t][half] = _mm256_fmadd_ps(scaled, block->scale[half], sums[t][half]);
            if (ck_has_minimum(type)) sums[t][half] = _mm256_fmadd_ps(_mm256_set1_ps(a[t].d_sum), block->minimum[half], sums[t][half]);
        }
    }
}

/// One token times one half: a block unpacked for it alone stays in registers.
CK_INLINE void multiply_half(ck_type type, const ck_product *p, const ck_block *x, int tile, int half, float *out) {
    const int blocks = p->matrix.columns / CK_BLOCK;
    const uint8_t *group = p->matrix.tiles + (size_t)tile * p->matrix.tile_bytes, *quants = group;
    __m256 sums[1][2] = {{_mm256_setzero_ps()}};
    for (int b = 0; b < blocks; b++, x++, quants += ck_quant_bytes(type)) {
        if (b % CK_SUPER == 0) {
            group = quants;
            quants += ck_scale_bytes(type, ck_super_blocks(blocks, b));
        }
        ready_block block;
        prepare(type, quants, group + ck_own_scales(type, b % CK_SUPER), group, half, 1, &block);
        multiply_step(type, 1, 1, &block, x, sums);
    }
    _mm256_storeu_ps(out + 8 * half, sums[0][0]);
}

/// Groups of so many tokens and more ask for weights so many bytes ahead: their products keep the processor from looking so far.
enum { ASKING = 3, AHEAD = 4096 };

CK_INLINE void multiply_group(ck_type type, const ck_product *p, const ck_block *x, int tile, int first, int size) {
    if (size == 1) {
        float out[CK_ROWS];
        for (int half = 0; half < 2; half++) multiply_half(type, p, x, tile, half, out);
        store_tile(p, tile, first, load(out));
        return;
    }
    const int blocks = p->matrix.columns / CK_BLOCK;
    const uint8_t *group = p->matrix.tiles + (size_t)tile * p->matrix.tile_bytes, *quants = group;
    __m256 sums[CK_GROUP][2];
    for (int t = 0; t < size; t++) sums[t][0] = sums[t][1] = _mm256_setzero_ps();
    for (int b = 0; b < blocks; b++, x += size, quants += ck_quant_bytes(type)) {
        if (b % CK_SUPER == 0) {
            group = quants;
            quants += ck_scale_bytes(type, ck_super_blocks(blocks, b));
        }
        if (size >= ASKING) ck_ask_ahead(type, quants, AHEAD);
        ready_block block;
        prepare(type, quants, group + ck_own_scales(type, b % CK_SUPER), group, 0, 2, &block);
        for (int t = 0, count; t < size; t += count) {
            count = ck_step(size - t);
            switch (count) {
                case 1: multiply_step(type, 1, 2, &block, x + t, sums + t); break;
                case 2: multiply_step(type, 2, 2, &block, x + t, sums + t); break;
                case 3: multiply_step(type, 3, 2, &block, x + t, sums + t); break;
                default: multiply_step(type, 4, 2, &block, x + t, sums + t); break;
            }
        }
    }
    for (int t = 0; t < size; t++) {
        v16 out;
        memcpy(&out, sums[t], sizeof out);
        store_tile(p, tile, first + t, out);
    }
}

const struct ck_kernels ck_kernels_avx2 = CK_KERNEL_TABLE;

#pragma clang attribute pop
#endif
