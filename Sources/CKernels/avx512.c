// AVX-512 with VNNI: a register holds 4 columns of 16 rows; one instruction multiplies it with 4 activations and adds up.

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#include "internal.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c"))), apply_to = function)

#include "vector.h"

/// Block b's 32 columns of 16 rows as 8 vectors of unsigned bytes.
CK_INLINE void unpack(ck_type type, const uint8_t *record, __m512i w[8]) {
    if (ck_bits(type) == 8) {
        for (int k = 0; k < 8; k++) w[k] = _mm512_load_si512(record + 64 * k);
        return;
    }
    const __m512i nibble = _mm512_set1_epi8(15), fifth = _mm512_set1_epi8(16), sixth = _mm512_set1_epi8(48);
    for (int j = 0; j < 4; j++) {
        const __m512i packed = _mm512_load_si512(record + 64 * j);
        w[j] = _mm512_and_si512(packed, nibble);
        w[j + 4] = _mm512_and_si512(_mm512_srli_epi16(packed, 4), nibble);
    }
    // 0xEA: (a & b) | c. Shifts move 16-bit lanes; the mask drops what crosses a byte.
    if (ck_bits(type) == 5) {
        const __m512i high = _mm512_load_si512(record + 256);
        for (int k = 0; k < 8; k++) {
            const __m512i bit = k < 4 ? _mm512_slli_epi16(high, 4 - k) : _mm512_srli_epi16(high, k - 4);
            w[k] = _mm512_ternarylogic_epi32(bit, fifth, w[k], 0xEA);
        }
    }
    if (ck_bits(type) == 6) {
        for (int k = 0; k < 8; k++) {
            const __m512i high = _mm512_load_si512(record + 256 + 64 * (k / 4));
            const int at = 2 * (k % 4);
            const __m512i bits = at < 4 ? _mm512_slli_epi16(high, 4 - at) : _mm512_srli_epi16(high, at - 4);
            w[k] = _mm512_ternarylogic_epi32(bits, sixth, w[k], 0xEA);
        }
    }
}

CK_INLINE __m512 halves_to_floats(const uint8_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)p)); }
CK_INLINE __m512 bytes_to_floats(const uint8_t *p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)p)));
}
CK_INLINE __m512i four_columns(const ck_block *x, int k) {
    int32_t four;
    memcpy(&four, x->q + 4 * k, 4);
    return _mm512_set1_epi32(four);
}

/// Groups of so many tokens and more ask for weights so many bytes ahead. On Zen 4, asking costs a single step a tenth; on Zen 5, which looks less
/// far ahead between its products, it makes a pass over 3 tokens take 22 ms instead of 37, and on a Xeon over 4 tokens 44 instead of 67 (docs/speed.md).
static struct { int from, bytes; } asking = {5, 4096};

__attribute__((constructor)) static void see_processor(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(0, &a, &b, &c, &d)) return;
    const bool intel = b == signature_INTEL_ebx && c == signature_INTEL_ecx && d == signature_INTEL_edx;
    const bool amd = b == signature_AMD_ebx && c == signature_AMD_ecx && d == signature_AMD_edx;
    if (intel) asking.from = 1;
    if (!amd || !__get_cpuid(1, &a, &b, &c, &d)) return;
    const unsigned family = (a >> 8 & 15) + (a >> 20 & 255);
    if (family >= 26) asking.from = 1, asking.bytes = 8192;
}

/// A group of a constant size, so that its sums stay in registers.
CK_INLINE void multiply_tokens(ck_type type, int size, const ck_product *p, const ck_block *x, int tile, int first) {
    const int blocks = p->matrix.columns / CK_BLOCK;
    const uint8_t *group = p->matrix.tiles + (size_t)tile * p->matrix.tile_bytes, *quants = group;
    const bool asks = size >= asking.from;
    const int ahead = asking.bytes;
    __m512 sums[CK_GROUP];
    for (int t = 0; t < size; t++) sums[t] = _mm512_setzero_ps();
    for (int b = 0; b < blocks; b++, x += size, quants += ck_quant_bytes(type)) {
        if (b % CK_SUPER == 0) {
            group = quants;
            quants += ck_scale_bytes(type, ck_super_blocks(blocks, b));
        }
        const uint8_t *own = group + ck_own_scales(type, b % CK_SUPER), *s = ck_shares_scale(type) ? group : own;
        __m512 scale = halves_to_floats(s), minimum = _mm512_setzero_ps();
        __m512i low_scale = _mm512_setzero_si512(), high_scale = low_scale;
        if (ck_scales_of(type) == CK_MINIMUM) minimum = halves_to_floats(s + 32);
        if (ck_scales_of(type) == CK_SUPER_MINIMUM) {
            scale = _mm512_mul_ps(scale, bytes_to_floats(own));
            minimum = _mm512_mul_ps(halves_to_floats(s + 32), _mm512_sub_ps(_mm512_setzero_ps(), bytes_to_floats(own + 16)));
        }
        if (ck_scales_of(type) == CK_SUPER_HALVES) {
            low_scale = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)(const void *)own));
            high_scale = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)(const void *)(own + 16)));
        }
        if (asks) ck_ask_ahead(type, quants, ahead);
        __m512i w[8];
        unpack(type, quants, w);
#pragma clang loop unroll(full)
        for (int t = 0; t < size; t++) {
            const ck_block *a = x + t;
            __m512i dot;
            if (ck_scales_of(type) == CK_SUPER_HALVES) {
                __m512i low = _mm512_set1_epi32(a->zero32_low), high = _mm512_set1_epi32(a->zero32_high);
                for (int k = 0; k < 4; k++) low = _mm512_dpbusd_epi32(low, w[k], four_columns(a, k));
                for (int k = 4; k < 8; k++) high = _mm512_dpbusd_epi32(high, w[k], four_columns(a, k));
                dot = _mm512_add_epi32(_mm512_mullo_epi32(low, low_scale), _mm512_mullo_epi32(high, high_scale));
            } else {
                dot = _mm512_set1_epi32(ck_zero_product(type, a));
                for (int k = 0; k < 8; k++) dot = _mm512_dpbusd_epi32(dot, w[k], four_columns(a, k));
            }
            const __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(dot), _mm512_set1_ps(a->d));
            sums[t] = _mm512_fmadd_ps(scaled, scale, sums[t]);
            if (ck_has_minimum(type)) sums[t] = _mm512_fmadd_ps(_mm512_set1_ps(a->d_sum), minimum, sums[t]);
        }
    }
    for (int t = 0; t < size; t++) {
        v16 out;
        memcpy(&out, &sums[t], sizeof out);
        store_tile(p, tile, first + t, out);
    }
}

CK_INLINE void multiply_group(ck_type type, const ck_product *p, const ck_block *x, int tile, int first, int size) {
    switch (size) {
#define SIZE(n) case n: multiply_tokens(type, n, p, x, tile, first); break;
        SIZE(1) SIZE(2) SIZE(3) SIZE(4) SIZE(5) SIZE(6) SIZE(7) SIZE(8)
        SIZE(9) SIZE(10) SIZE(11) SIZE(12) SIZE(13) SIZE(14) SIZE(15) SIZE(16)
#undef SIZE
        default: break;
    }
}

const struct ck_kernels ck_kernels_avx512 = CK_KERNEL_TABLE;

#pragma clang attribute pop
#endif
