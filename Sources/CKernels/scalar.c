// The reference: each kernel as the plainest loop that computes it, in the order of operations that all others must match.

#include "internal.h"

CK_INLINE float half_at(const uint8_t *p, int lane) { uint16_t h; memcpy(&h, p + 2 * lane, 2); return ck_half_to_float(h); }

/// Column c (0 ... 31) of row r in a tile's record of quants: the unsigned weight.
static int weight_at(ck_type type, const uint8_t *record, int r, int c) {
    const int vector = c / 4, byte = 4 * r + c % 4;
    if (ck_bits(type) == 8) return record[64 * vector + byte];
    const uint8_t *high = record + 256;
    const int low = record[64 * (vector % 4) + byte] >> (vector < 4 ? 0 : 4) & 15;
    if (ck_bits(type) == 5) return low | (high[byte] >> vector & 1) << 4;
    if (ck_bits(type) == 6) return low | (high[64 * (vector / 4) + byte] >> 2 * (vector % 4) & 3) << 4;
    return low;
}

/// The dot product of row r of a quantised tile with one token, whose blocks are `stride` apart.
static float dot_quantized(const ck_matrix *m, const uint8_t *tile, int r, const ck_block *x, int stride) {
    const ck_type type = m->type;
    const int blocks = m->columns / CK_BLOCK, zero = ck_zero_point(type);
    const uint8_t *group = tile, *record = tile;
    float sum = 0;
    for (int b = 0; b < blocks; b++, x += stride, record += ck_quant_bytes(type)) {
        if (b % CK_SUPER == 0) {
            group = record;
            record += ck_scale_bytes(type, ck_super_blocks(blocks, b));
        }
        const uint8_t *own = group + ck_own_scales(type, b % CK_SUPER), *s = ck_shares_scale(type) ? group : own;
        int32_t halves[2] = {0, 0};  // columns 0-15, 16-31
        for (int c = 0; c < CK_BLOCK; c++) halves[c / 16] += (weight_at(type, record, r, c) - zero) * x->q[c];
        float scale = half_at(s, r), minimum = 0;
        int32_t dot = halves[0] + halves[1];
        switch (ck_scales_of(type)) {
            case CK_MINIMUM: minimum = half_at(s + 32, r); break;
            case CK_SUPER_MINIMUM:
                scale *= (float)own[r];
                minimum = half_at(s + 32, r) * (0.0f - (float)own[16 + r]);
                break;
            case CK_SUPER_HALVES:
                dot = (int8_t)own[r] * halves[0] + (int8_t)own[16 + r] * halves[1];
                break;
            default: break;
        }
        sum = fmaf((float)dot * x->d, scale, sum);
        if (ck_has_minimum(type)) sum = fmaf(x->d_sum, minimum, sum);
    }
    return sum;
}

static float dot_floats(const ck_matrix *m, const uint8_t *tile, int r, const float *x) {
    float sum = 0;
    for (int c = 0; c < m->columns; c++) {
        const size_t i = (size_t)c * CK_ROWS + (size_t)r;
        float w;
        uint16_t h;
        if (m->type == CK_F32) memcpy(&w, tile + 4 * i, 4);
        else {
            memcpy(&h, tile + 2 * i, 2);
            const uint32_t bits = (uint32_t)h << 16;
            if (m->type == CK_F16) w = ck_half_to_float(h);
            else memcpy(&w, &bits, 4);
        }
        sum = fmaf(w, x[c], sum);
    }
    return sum;
}

static void multiply_tiles(const ck_product *product, const ck_activations *input, int first, int end) {
    const ck_matrix *m = &product->matrix;
    const int blocks = m->columns / CK_BLOCK;
    for (int row = first * CK_ROWS; row < end * CK_ROWS && row < m->rows; row++) {
        const uint8_t *tile = m->tiles + (size_t)(row / CK_ROWS) * m->tile_bytes;
        for (int t = 0; t < input->tokens; t++) {
            float sum;
            if (ck_float_bytes(m->type)) {
                sum = dot_floats(m, tile, row % CK_ROWS, input->floats + (size_t)t * (size_t)m->columns);
            } else {
                const int group = t / CK_GROUP * CK_GROUP, size = ck_group_tokens(input->tokens, group);
                sum = dot_quantized(m, tile, row % CK_ROWS, input->blocks + (size_t)group * (size_t)blocks + t % CK_GROUP, size);
            }
            product->out[(size_t)t * product->out_stride + (size_t)row] = product->bias ? sum + product->bias[row] : sum;
        }
    }
}

static void quantize_row(const float *x, int columns, ck_block *blocks, int stride) {
    for (; columns > 0; columns -= CK_BLOCK, x += CK_BLOCK, blocks += stride) {
        // Magnitudes compare like their bits; a NaN's are the largest, so it comes through.
        int32_t top = 0;
        for (int i = 0; i < CK_BLOCK; i++) {
            int32_t bits;
            memcpy(&bits, &x[i], 4);
            bits &= 0x7FFFFFFF;
            top = bits > top ? bits : top;
        }
        float largest;
        memcpy(&largest, &top, 4);
        const float inverse = largest >= CK_LEAST ? 127.0f / largest : 0;
        int32_t sums[2] = {0, 0};
        for (int i = 0; i < CK_BLOCK; i++) {
            const float q = x[i] * inverse;
            blocks->q[i] = q == q ? (int8_t)rintf(q) : 0;
            sums[i / 16] += blocks->q[i];
        }
        const int32_t sum = sums[0] + sums[1];
        blocks->d = largest < CK_LEAST ? 0 : largest / 127.0f;
        blocks->d_sum = blocks->d * (float)sum;
        blocks->zero8 = -8 * sum;
        blocks->zero16 = -16 * sum;
        blocks->zero128 = -128 * sum;
        blocks->zero32_low = -32 * sums[0];
        blocks->zero32_high = -32 * sums[1];
        blocks->sum = sum;
    }
}

/// The fixed tree that ends every sum over a vector.
static float tree(const float p[16]) {
    float a[16];
    memcpy(a, p, sizeof a);
    for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; i++) a[i] += a[i + half];
    return a[0];
}

static void norm_row(float *x, const float *delta, const float *weight, float epsilon, int columns, float *out) {
    float sums[16] = {0};
    for (int i = 0; i < columns; i++) {
        if (delta) x[i] += delta[i];
        sums[i % 16] = fmaf(x[i], x[i], sums[i % 16]);
    }
    const float scale = ck_norm_scale(tree(sums) / (float)columns, epsilon);
    for (int i = 0; i < columns; i++) out[i] = x[i] * scale * weight[i];
}

static float exponential(float x) {
    if (!(x >= CK_EXP_LOWEST)) return 0;
    const float n = rintf(x * CK_EXP_LOG2E);
    const float r = fmaf(n, -CK_EXP_LN2_LOW, fmaf(n, -CK_EXP_LN2_HIGH, x));
    float p = CK_EXP_C7;
    p = fmaf(p, r, CK_EXP_C6);
    p = fmaf(p, r, CK_EXP_C5);
    p = fmaf(p, r, CK_EXP_C4);
    p = fmaf(p, r, CK_EXP_C3);
    p = fmaf(p, r, 0.5f);
    p = fmaf(p, r, 1.0f);
    p = fmaf(p, r, 1.0f);
    const int32_t bits = ((int32_t)n + 127) << 23;
    float power;
    memcpy(&power, &bits, 4);
    return p * power;
}

float ck_exp(float x) { return exponential(x); }

static void gated_row(ck_gate act, const float *gate, const float *up, int columns, float *out) {
    for (int i = 0; i < columns; i++) {
        const float g = gate[i];
        const float z = act == CK_GELU ? g * CK_GELU_SLOPE * fmaf(g * g, CK_GELU_CUBIC, 1.0f) : g;
        // Where exp(-z) would overflow, the gate is 0 to within a float's smallest number.
        const float low = z < CK_EXP_LOWEST ? CK_EXP_LOWEST : z;
        out[i] = g / (1.0f + exponential(-low)) * up[i];
    }
}

static void rotate_row(float *x, const float *table, int head_size, bool interleaved) {
    const int half = head_size / 2;
    for (int i = 0; i < half; i++) {
        float *a = x + (interleaved ? 2 * i : i), *b = interleaved ? a + 1 : a + half;
        const float c = table[i], s = table[half + i], a0 = *a, b0 = *b;
        *a = fmaf(a0, c, -(b0 * s));
        *b = fmaf(b0, c, a0 * s);
    }
}

static void halve_row(const float *x, int n, uint16_t *out) {
    for (int i = 0; i < n; i++) out[i] = ck_float_to_half(x[i]);
}

static void attend(const ck_attention_shape *shape, const ck_place *place, size_t head_offset, const float *q, float *out, float *scores) {
    const int size = shape->head_size, count = place->position + 1;
    const int first = ck_first_seen(shape, place->position);
    for (int head = 0; head < shape->heads / shape->kv_heads; head++, q += size, out += size) {
        float largest = -INFINITY;
        for (int p = first; p < count; p++) {
            const uint8_t *keys = place->pages[p / CK_PAGE] + head_offset;
            float sum = 0;
            for (int i = 0; i < size; i++) sum = fmaf(q[i], half_at(keys + (size_t)i * CK_PAGE * 2, p % CK_PAGE), sum);
            scores[p] = sum * shape->scale;
            largest = scores[p] > largest ? scores[p] : largest;
        }
        float sums[16] = {0};
        for (int p = first; p < count; p++) {
            scores[p] = exponential(scores[p] - largest);
            sums[p % 16] += scores[p];
        }
        const float inverse = 1.0f / tree(sums);
        for (int i = 0; i < size; i++) {
            float sum = 0;
            for (int p = first; p < count; p++) {
                const uint8_t *values = place->pages[p / CK_PAGE] + head_offset + (size_t)size * CK_PAGE * 2;
                sum = fmaf(scores[p], half_at(values + (size_t)(p % CK_PAGE) * (size_t)size * 2, i), sum);
            }
            out[i] = sum * inverse;
        }
    }
}

static void largest(const float *x, int n, ck_summary *out) {
    out->argmax = 0;
    for (int i = 1; i < n; i++) if (x[i] > x[out->argmax]) out->argmax = i;
    out->second = out->argmax == 0 && n > 1 ? 1 : 0;
    for (int i = 0; i < n; i++) if (i != out->argmax && x[i] > x[out->second]) out->second = i;
    out->largest = x[out->argmax];
    out->runner_up = n > 1 ? x[out->second] : -INFINITY;
}

static void exp_sums(const float *x, int n, float top, float sums[2]) {
    float plain[16] = {0}, weighted[16] = {0};
    for (int i = 0; i < n; i++) {
        const float z = x[i] - top, e = exponential(z);
        plain[i % 16] += e;
        // Below the lowest, e is 0 and z may be infinite; a NaN stays.
        weighted[i % 16] = fmaf(e, CK_EXP_LOWEST > z ? CK_EXP_LOWEST : z, weighted[i % 16]);
    }
    sums[0] = tree(plain);
    sums[1] = tree(weighted);
}

/// log(1 + t) = 2 atanh(t / (2 + t)) by its series, for t in 0...1; to within 2^-23.
static float log_one_plus(float t) {
    const float u = t / (2.0f + t), u2 = u * u;
    float sum = 1.0f / 13;
    sum = fmaf(sum, u2, 1.0f / 11);
    sum = fmaf(sum, u2, 1.0f / 9);
    sum = fmaf(sum, u2, 1.0f / 7);
    sum = fmaf(sum, u2, 1.0f / 5);
    sum = fmaf(sum, u2, 1.0f / 3);
    sum = fmaf(sum, u2, 1.0f);
    return 2.0f * u * sum;
}

static void diverge(const float *q, float q_log_sum, const float *p, float p_log_sum, int n, float sums[2]) {
    float kl[16] = {0}, js[16] = {0};
    for (int i = 0; i < n; i++) {
        const float log_q = CK_LEAST_LOG > q[i] - q_log_sum ? CK_LEAST_LOG : q[i] - q_log_sum;
        const float log_p = CK_LEAST_LOG > p[i] - p_log_sum ? CK_LEAST_LOG : p[i] - p_log_sum;
        const float gap = log_q - log_p, eq = exponential(log_q), ep = exponential(log_p);
        // log m = the larger of both + log(1 + exp(-|gap|)) - log 2
        const float log_m = (log_p > log_q ? log_p : log_q) + (log_one_plus(exponential(-fabsf(gap))) - CK_LOG_2);
        kl[i % 16] = fmaf(eq, gap, kl[i % 16]);
        js[i % 16] = fmaf(ep, log_p - log_m, fmaf(eq, log_q - log_m, js[i % 16]));
    }
    sums[0] = tree(kl);
    sums[1] = tree(js);
}

/// tanh(y) = (1 - e) / (1 + e) with e = exp(-2 y), for y >= 0; to within 2^-23 of a whole.
static void cap_row(float *x, int n, float cap) {
    for (int i = 0; i < n; i++) {
        const float y = x[i] / cap, e = exponential(-2.0f * fabsf(y));
        const float squeezed = cap * ((1.0f - e) / (1.0f + e));
        if (fabsf(x[i]) <= CK_GREATEST) x[i] = y < 0 ? -squeezed : squeezed;
    }
}

const struct ck_kernels ck_kernels_scalar = {
    multiply_tiles, quantize_row, norm_row, gated_row, rotate_row, halve_row, attend, largest, exp_sums, diverge, cap_row,
};
