// NEON with dot products (Armv8.2): a register holds 4 columns of 4 rows, so a record's vector is four of them. Weights below 128 and, for
// 8 bits, the original signed bytes are all valid signed operands.

#if defined(__aarch64__)
#include <arm_neon.h>

#include "internal.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

#include "vector.h"

/// Block b's 32 columns of 4 rows (those of `quarter`) as 8 vectors of signed bytes.
CK_INLINE void unpack(ck_type type, const uint8_t *record, int quarter, int8x16_t w[8]) {
    record += 16 * quarter;
    for (int k = 0; k < 8; k++) {
        if (ck_bits(type) == 8) {
            w[k] = vreinterpretq_s8_u8(veorq_u8(vld1q_u8(record + 64 * k), vdupq_n_u8(0x80)));
            continue;
        }
        const uint8x16_t packed = vld1q_u8(record + 64 * (k % 4));
        uint8x16_t u = k < 4 ? vandq_u8(packed, vdupq_n_u8(15)) : vshrq_n_u8(packed, 4);
        if (ck_bits(type) == 5) {
            const uint8x16_t bit = vandq_u8(vshlq_u8(vld1q_u8(record + 256), vdupq_n_s8((int8_t)-k)), vdupq_n_u8(1));
            u = vorrq_u8(u, vshlq_n_u8(bit, 4));
        }
        if (ck_bits(type) == 6) {
            const uint8x16_t high = vld1q_u8(record + 256 + 64 * (k / 4));
            const uint8x16_t bits = vandq_u8(vshlq_u8(high, vdupq_n_s8((int8_t)(-2 * (k % 4)))), vdupq_n_u8(3));
            u = vorrq_u8(u, vshlq_n_u8(bits, 4));
        }
        w[k] = vreinterpretq_s8_u8(u);
    }
}

CK_INLINE int8x16_t four_columns(const ck_block *x, int k) {
    int32_t four;
    memcpy(&four, x->q + 4 * k, 4);
    return vreinterpretq_s8_s32(vdupq_n_s32(four));
}
CK_INLINE float32x4_t halves_to_floats(const uint8_t *p) { return vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8(p))); }
CK_INLINE int32x4_t signed_bytes(const uint8_t *p) { return (int32x4_t){(int8_t)p[0], (int8_t)p[1], (int8_t)p[2], (int8_t)p[3]}; }
CK_INLINE float32x4_t bytes_to_floats(const uint8_t *p) { return (float32x4_t){p[0], p[1], p[2], p[3]}; }

/// `count` (at most 4) tokens of a group of `size`, times 4 rows.
CK_INLINE void multiply_quarter(ck_type type, int count, int size, const ck_product *p, const ck_block *x, int tile, int quarter, float *out) {
    const int blocks = p->matrix.columns / CK_BLOCK;
    const uint8_t *group = p->matrix.tiles + (size_t)tile * p->matrix.tile_bytes, *quants = group;
    float32x4_t sums[4];
    for (int t = 0; t < count; t++) sums[t] = vdupq_n_f32(0);
    for (int b = 0; b < blocks; b++, x += size, quants += ck_quant_bytes(type)) {
        if (b % CK_SUPER == 0) {
            group = quants;
            quants += ck_scale_bytes(type, ck_super_blocks(blocks, b));
        }
        const uint8_t *own = group + ck_own_scales(type, b % CK_SUPER), *bytes = own + 4 * quarter;
        const uint8_t *s = (ck_shares_scale(type) ? group : own) + 8 * quarter;
        float32x4_t scale = halves_to_floats(s), minimum = vdupq_n_f32(0);
        int32x4_t low_scale = vdupq_n_s32(0), high_scale = low_scale;
        if (ck_scales_of(type) == CK_MINIMUM) minimum = halves_to_floats(s + 32);
        if (ck_scales_of(type) == CK_SUPER_MINIMUM) {
            scale = vmulq_f32(scale, bytes_to_floats(bytes));
            minimum = vmulq_f32(halves_to_floats(s + 32), vsubq_f32(vdupq_n_f32(0), bytes_to_floats(bytes + 16)));
        }
        if (ck_scales_of(type) == CK_SUPER_HALVES) {
            low_scale = signed_bytes(bytes);
            high_scale = signed_bytes(bytes + 16);
        }
        int8x16_t w[8];
        unpack(type, quants, quarter, w);
        for (int t = 0; t < count; t++) {
            const ck_block *a = x + t;
            int32x4_t dot;
            if (ck_scales_of(type) == CK_SUPER_HALVES) {
                int32x4_t low = vdupq_n_s32(a->zero32_low), high = vdupq_n_s32(a->zero32_high);
                for (int k = 0; k < 4; k++) low = vdotq_s32(low, w[k], four_columns(a, k));
                for (int k = 4; k < 8; k++) high = vdotq_s32(high, w[k], four_columns(a, k));
                dot = vmlaq_s32(vmulq_s32(low, low_scale), high, high_scale);
            } else {
                dot = vdupq_n_s32(ck_bits(type) == 8 ? 0 : ck_zero_product(type, a));
                for (int k = 0; k < 8; k++) dot = vdotq_s32(dot, w[k], four_columns(a, k));
            }
            const float32x4_t scaled = vmulq_n_f32(vcvtq_f32_s32(dot), a->d);
            sums[t] = vfmaq_f32(sums[t], scaled, scale);
            if (ck_has_minimum(type)) sums[t] = vfmaq_f32(sums[t], vdupq_n_f32(a->d_sum), minimum);
        }
    }
    for (int t = 0; t < count; t++) vst1q_f32(out + 16 * t + 4 * quarter, sums[t]);
}

CK_INLINE void multiply_step(ck_type type, int count, int size, const ck_product *p, const ck_block *x, int tile, int first) {
    float out[4 * CK_ROWS];
    for (int quarter = 0; quarter < 4; quarter++) multiply_quarter(type, count, size, p, x, tile, quarter, out);
    for (int t = 0; t < count; t++) store_tile(p, tile, first + t, load(out + 16 * t));
}

CK_INLINE void multiply_group(ck_type type, const ck_product *p, const ck_block *x, int tile, int first, int size) {
    for (int t = 0, count; t < size; t += count) {
        count = ck_step(size - t);
        switch (count) {
            case 1: multiply_step(type, 1, size, p, x + t, tile, first + t); break;
            case 2: multiply_step(type, 2, size, p, x + t, tile, first + t); break;
            case 3: multiply_step(type, 3, size, p, x + t, tile, first + t); break;
            default: multiply_step(type, 4, size, p, x + t, tile, first + t); break;
        }
    }
}

const struct ck_kernels ck_kernels_neon = CK_KERNEL_TABLE;

#pragma clang attribute pop
#endif
