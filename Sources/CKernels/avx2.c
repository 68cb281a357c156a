// AVX2: a register holds 4 columns of 8 rows, so a tile is computed as two halves. Products of unsigned weights and signed activations add up in
// pairs in 16 bits; how many such pairs fit before they must widen depends on the weights' bits.

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

/// The sums over vectors from ... to of weights times activations, widened to 32 bits after every `pairs` vectors: a pair of products is at most
/// 2 * 127 * (15, 31, 63 or 128), which leaves room for 8, 4, 2 or 1 of them.
CK_INLINE __m256i dot_vectors(ck_type type, const __m256i w[8], const ck_block *a, int from, int to, __m256i start) {
    const int pairs = ck_bits(type) == 8 ? 1 : ck_bits(type) == 6 ? 2 : ck_bits(type) == 5 ? 4 : 8;
    const __m256i ones = _mm256_set1_epi16(1);
    for (int k = from; k < to; k += pairs) {
        __m256i sum = _mm256_setzero_si256();
        for (int i = k; i < k + pairs; i++) {
            const __m256i x = four_columns(a, i);
            const __m256i product = ck_bits(type) == 8 ? _mm256_maddubs_epi16(_mm256_abs_epi8(w[i]), _mm256_sign_epi8(x, w[i]))
                                                    : _mm256_maddubs_epi16(w[i], x);
            sum = i == k ? product : _mm256_add_epi16(sum, product);
        }
        start = _mm256_add_epi32(start, _mm256_madd_epi16(sum, ones));
    }
    return start;
}

CK_INLINE __m256 halves_to_floats(const uint8_t *p) { return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)p)); }
CK_INLINE __m256 bytes_to_floats(const uint8_t *p) {
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p)));
}
CK_INLINE __m256i signed_bytes(const uint8_t *p) { return _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p)); }

/// `count` (at most 4) tokens of a group of `size`, times 8 rows.
CK_INLINE void multiply_half(ck_type type, int count, int size, const ck_product *p, const ck_block *x, int tile, int half, float *out) {
    const int blocks = p->matrix.columns / CK_BLOCK;
    const uint8_t *group = p->matrix.tiles + (size_t)tile * p->matrix.tile_bytes, *quants = group;
    __m256 sums[4];
    for (int t = 0; t < count; t++) sums[t] = _mm256_setzero_ps();
    for (int b = 0; b < blocks; b++, x += size, quants += ck_quant_bytes(type)) {
        if (b % CK_SUPER == 0) {
            group = quants;
            quants += ck_scale_bytes(type, ck_super_blocks(blocks, b));
        }
        const uint8_t *own = group + ck_own_scales(type, b % CK_SUPER), *bytes = own + 8 * half;
        const uint8_t *s = (ck_shares_scale(type) ? group : own) + 16 * half;
        __m256 scale = halves_to_floats(s), minimum = _mm256_setzero_ps();
        __m256i low_scale = _mm256_setzero_si256(), high_scale = low_scale;
        if (ck_scales_of(type) == CK_MINIMUM) minimum = halves_to_floats(s + 32);
        if (ck_scales_of(type) == CK_SUPER_MINIMUM) {
            scale = _mm256_mul_ps(scale, bytes_to_floats(bytes));
            minimum = _mm256_mul_ps(halves_to_floats(s + 32), _mm256_sub_ps(_mm256_setzero_ps(), bytes_to_floats(bytes + 16)));
        }
        if (ck_scales_of(type) == CK_SUPER_HALVES) {
            low_scale = signed_bytes(bytes);
            high_scale = signed_bytes(bytes + 16);
        }
        __m256i w[8];
        unpack(type, quants, half, w);
        for (int t = 0; t < count; t++) {
            const ck_block *a = x + t;
            __m256i dot;
            if (ck_scales_of(type) == CK_SUPER_HALVES) {
                const __m256i low = dot_vectors(type, w, a, 0, 4, _mm256_set1_epi32(a->zero32_low));
                const __m256i high = dot_vectors(type, w, a, 4, 8, _mm256_set1_epi32(a->zero32_high));
                dot = _mm256_add_epi32(_mm256_mullo_epi32(low, low_scale), _mm256_mullo_epi32(high, high_scale));
            } else {
                const int32_t start = ck_bits(type) == 8 ? 0 : ck_zero_product(type, a);
                dot = dot_vectors(type, w, a, 0, 8, _mm256_set1_epi32(start));
            }
            const __m256 scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(dot), _mm256_set1_ps(a->d));
            sums[t] = _mm256_fmadd_ps(scaled, scale, sums[t]);
            if (ck_has_minimum(type)) sums[t] = _mm256_fmadd_ps(_mm256_set1_ps(a->d_sum), minimum, sums[t]);
        }
    }
    for (int t = 0; t < count; t++) _mm256_storeu_ps(out + 16 * t + 8 * half, sums[t]);
}

CK_INLINE void multiply_group(ck_type type, int size, const ck_product *p, const ck_block *x, int tile, int first, int tokens) {
    const int step = size < 4 ? size : 4;
    for (int t = 0; t < tokens; t += step) {
        float out[4 * CK_ROWS];
        multiply_half(type, step, size, p, x + t, tile, 0, out);
        multiply_half(type, step, size, p, x + t, tile, 1, out);
        for (int i = 0; i < step && t + i < tokens; i++) store_tile(p, tile, first + t + i, load(out + 16 * i));
    }
}

const struct ck_kernels ck_kernels_avx2 = CK_KERNEL_TABLE;

#pragma clang attribute pop
#endif
