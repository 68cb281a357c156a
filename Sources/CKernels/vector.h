// The float kernels once, for every SIMD instruction set: included by each with its target set, in vectors of 16 floats that the compiler
// maps to what the target has (one zmm, two ymm, four NEON registers). Operations and their order are those of scalar.c.

#include "internal.h"

// Vectors wider than a register have no settled calling convention; every function that passes them is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float v16 __attribute__((ext_vector_type(16)));
typedef int32_t i16v __attribute__((ext_vector_type(16)));
typedef _Float16 h16 __attribute__((ext_vector_type(16)));

CK_INLINE v16 load(const float *p) { v16 v; memcpy(&v, p, sizeof v); return v; }
CK_INLINE void store(float *p, v16 v) { memcpy(p, &v, sizeof v); }
CK_INLINE v16 load_halves(const void *p) { h16 h; memcpy(&h, p, sizeof h); return __builtin_convertvector(h, v16); }
CK_INLINE v16 splat(float x) { return (v16)x; }
CK_INLINE v16 multiply_add(v16 a, v16 b, v16 c) { return __builtin_elementwise_fma(a, b, c); }
CK_INLINE v16 larger(v16 a, v16 b) { return a > b ? a : b; }

/// The first n (< 16) floats, then `rest`.
CK_INLINE v16 load_tail(const float *p, int n, float rest) {
    float buffer[16];
    for (int i = 0; i < 16; i++) buffer[i] = i < n ? p[i] : rest;
    return load(buffer);
}

CK_INLINE float tree(v16 v) {
    const __typeof__(v.lo) a = v.lo + v.hi;
    const __typeof__(a.lo) b = a.lo + a.hi;
    const __typeof__(b.lo) c = b.lo + b.hi;
    return c.x + c.y;
}

CK_INLINE float largest_lane(v16 v) {
    float best = v[0];
    for (int i = 1; i < 16; i++) best = v[i] > best ? v[i] : best;
    return best;
}

CK_INLINE v16 exponential(v16 x) {
    const v16 n = __builtin_elementwise_rint(larger(x, splat(CK_EXP_LOWEST)) * splat(CK_EXP_LOG2E));
    const v16 r = multiply_add(n, splat(-CK_EXP_LN2_LOW), multiply_add(n, splat(-CK_EXP_LN2_HIGH), x));
    v16 p = splat(CK_EXP_C7);
    p = multiply_add(p, r, splat(CK_EXP_C6));
    p = multiply_add(p, r, splat(CK_EXP_C5));
    p = multiply_add(p, r, splat(CK_EXP_C4));
    p = multiply_add(p, r, splat(CK_EXP_C3));
    p = multiply_add(p, r, splat(0.5f));
    p = multiply_add(p, r, splat(1.0f));
    p = multiply_add(p, r, splat(1.0f));
    const i16v bits = (__builtin_convertvector(n, i16v) + 127) << 23;
    v16 power;
    memcpy(&power, &bits, sizeof power);
    return x >= splat(CK_EXP_LOWEST) ? p * power : splat(0);
}

static void quantize_row(const float *x, int columns, ck_block *blocks, int stride) {
    typedef int8_t b16 __attribute__((ext_vector_type(16)));
    for (; columns > 0; columns -= CK_BLOCK, x += CK_BLOCK, blocks += stride) {
        const v16 low = load(x), high = load(x + 16);
        // Magnitudes compare like their bits; a NaN's are the largest, so it comes through.
        const i16v low_bits = (i16v)low & 0x7FFFFFFF, high_bits = (i16v)high & 0x7FFFFFFF;
        const int32_t top_bits = __builtin_reduce_max(low_bits > high_bits ? low_bits : high_bits);
        float top;
        memcpy(&top, &top_bits, sizeof top);
        const v16 inverse = splat(top >= CK_LEAST ? 127.0f / top : 0);
        const v16 x_low = low * inverse, x_high = high * inverse;
        const i16v q_low = __builtin_convertvector(__builtin_elementwise_rint(x_low == x_low ? x_low : splat(0)), i16v);
        const i16v q_high = __builtin_convertvector(__builtin_elementwise_rint(x_high == x_high ? x_high : splat(0)), i16v);
        const b16 b_low = __builtin_convertvector(q_low, b16), b_high = __builtin_convertvector(q_high, b16);
        memcpy(blocks->q, &b_low, 16);
        memcpy(blocks->q + 16, &b_high, 16);
        const int32_t sum_low = __builtin_reduce_add(q_low), sum_high = __builtin_reduce_add(q_high), sum = sum_low + sum_high;
        blocks->d = top < CK_LEAST ? 0 : top / 127.0f;
        blocks->d_sum = blocks->d * (float)sum;
        blocks->zero8 = -8 * sum;
        blocks->zero16 = -16 * sum;
        blocks->zero128 = -128 * sum;
        blocks->zero32_low = -32 * sum_low;
        blocks->zero32_high = -32 * sum_high;
        blocks->sum = sum;
    }
}

/// `columns` is a multiple of 32 in every row kernel.
static void norm_row(float *x, const float *delta, const float *weight, float epsilon, int columns, float *out) {
    v16 sums = splat(0);
    for (int i = 0; i < columns; i += 16) {
        v16 v = load(x + i);
        if (delta) store(x + i, v = v + load(delta + i));
        sums = multiply_add(v, v, sums);
    }
    const v16 scale = splat(ck_norm_scale(tree(sums) / (float)columns, epsilon));
    for (int i = 0; i < columns; i += 16) store(out + i, load(x + i) * scale * load(weight + i));
}

static void gated_row(ck_gate act, const float *gate, const float *up, int columns, float *out) {
    for (int i = 0; i < columns; i += 16) {
        const v16 g = load(gate + i);
        const v16 z = act == CK_GELU ? g * splat(CK_GELU_SLOPE) * multiply_add(g * g, splat(CK_GELU_CUBIC), splat(1.0f)) : g;
        store(out + i, g / (splat(1.0f) + exponential(-larger(z, splat(CK_EXP_LOWEST)))) * load(up + i));
    }
}

static void rotate_row(float *x, const float *table, int head_size, bool interleaved) {
    const int half = head_size / 2;
    if (interleaved) {
        for (int i = 0; i < half; i++) {
            const float c = table[i], s = table[half + i], a = x[2 * i], b = x[2 * i + 1];
            x[2 * i] = __builtin_fmaf(a, c, -(b * s));
            x[2 * i + 1] = __builtin_fmaf(b, c, a * s);
        }
    } else {
        for (int i = 0; i < half; i++) {
            const float c = table[i], s = table[half + i], a = x[i], b = x[half + i];
            x[i] = __builtin_fmaf(a, c, -(b * s));
            x[half + i] = __builtin_fmaf(b, c, a * s);
        }
    }
}

static void halve_row(const float *x, int n, uint16_t *out) {
    for (int i = 0; i < n; i += 16) {
        const h16 h = __builtin_convertvector(load(x + i), h16);
        memcpy(out + i, &h, sizeof h);
    }
}

// MARK: - Attention: the heads that share one kv head, for one token

/// Scores of `rows` heads, from the page of the first position seen on: a lane is a position. Lanes of others get minus infinity.
CK_INLINE void score_rows(int rows, const ck_attention_shape *shape, const ck_place *place, size_t head_offset, const float *q, float *scores, int stride) {
    const int size = shape->head_size, first = ck_first_seen(shape, place->position), start = first / CK_PAGE * CK_PAGE;
    for (int p = start; p < stride; p += CK_PAGE) {
        const uint8_t *keys = place->pages[p / CK_PAGE] + head_offset;
        v16 sums[8];
        for (int r = 0; r < rows; r++) sums[r] = splat(0);
        for (int i = 0; i < size; i++) {
            const v16 k = load_halves(keys + (size_t)i * CK_PAGE * 2);
            for (int r = 0; r < rows; r++) sums[r] = multiply_add(splat(q[r * size + i]), k, sums[r]);
        }
        for (int r = 0; r < rows; r++) store(scores + r * stride + p, sums[r] * splat(shape->scale));
    }
    for (int r = 0; r < rows; r++) {
        for (int p = start; p < first; p++) scores[r * stride + p] = -INFINITY;
        for (int p = place->position + 1; p < stride; p++) scores[r * stride + p] = -INFINITY;
    }
}

/// Columns first ... first + 16 * vectors of the values' weighted sums, for `rows` heads.
CK_INLINE void weigh_values(int rows, int vectors, const ck_attention_shape *shape, const ck_place *place, size_t head_offset, int first,
                            const float *weights, const float *inverse, int stride, float *out) {
    const int size = shape->head_size;
    v16 sums[4][4];
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < vectors; c++) sums[r][c] = splat(0);
    for (int p = ck_first_seen(shape, place->position); p <= place->position; p++) {
        const uint8_t *values = place->pages[p / CK_PAGE] + head_offset + ((size_t)CK_PAGE * (size_t)size + (size_t)(p % CK_PAGE) * (size_t)size + (size_t)first) * 2;
        for (int c = 0; c < vectors; c++) {
            const v16 v = load_halves(values + 32 * c);
            for (int r = 0; r < rows; r++) sums[r][c] = multiply_add(splat(weights[r * stride + p]), v, sums[r][c]);
        }
    }
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < vectors; c++) store(out + r * size + first + 16 * c, sums[r][c] * splat(inverse[r]));
}

/// `count` scores -> exp(score - largest), in place; returns 1 / their sum.
CK_INLINE float soften(float *scores, int count) {
    v16 top = load(scores), sums = splat(0);
    for (int p = 16; p < count; p += 16) top = larger(load(scores + p), top);
    top = splat(largest_lane(top));
    for (int p = 0; p < count; p += 16) {
        const v16 e = exponential(load(scores + p) - top);
        store(scores + p, e);
        sums = sums + e;
    }
    return 1.0f / tree(sums);
}

static void attend(const ck_attention_shape *shape, const ck_place *place, size_t head_offset, const float *q, float *out, float *scores) {
    const int heads = shape->heads / shape->kv_heads, size = shape->head_size;
    const int stride = (place->position + CK_PAGE) / CK_PAGE * CK_PAGE;
    const int start = ck_first_seen(shape, place->position) / CK_PAGE * CK_PAGE;
    for (int h = 0; h < heads;) {
        const float *from = q + h * size;
        float *to = scores + h * stride;
        const int rest = heads - h;
#define SCORE(n) score_rows(n, shape, place, head_offset, from, to, stride), h += n
        if (rest >= 8) SCORE(8);
        else if (rest == 7) SCORE(7);
        else if (rest == 6) SCORE(6);
        else if (rest >= 4) SCORE(4);
        else if (rest == 3) SCORE(3);
        else if (rest == 2) SCORE(2);
        else SCORE(1);
#undef SCORE
    }
    for (int h = 0; h < heads;) {
        const int rows = heads - h < 4 ? heads - h : 4;
        float inverse[4];
        for (int r = 0; r < rows; r++) inverse[r] = soften(scores + (h + r) * stride + start, stride - start);
        for (int c = 0; c < size;) {
            const bool wide = size - c >= 64;
#define WEIGH(n) (wide ? weigh_values(n, 4, shape, place, head_offset, c, scores + h * stride, inverse, stride, out + h * size) \
                       : weigh_values(n, 1, shape, place, head_offset, c, scores + h * stride, inverse, stride, out + h * size))
            switch (rows) {
                case 4: WEIGH(4); break;
                case 3: WEIGH(3); break;
                case 2: WEIGH(2); break;
                default: WEIGH(1); break;
            }
#undef WEIGH
            c += wide ? 64 : 16;
        }
        h += rows;
    }
}

// MARK: - Logits

CK_INLINE int first_index(const float *x, int n, float value, int except) {
    for (int i = 0; i < n; i++) if (x[i] == value && i != except) return i;
    return 0;
}

static void largest(const float *x, int n, ck_summary *out) {
    v16 top = splat(-INFINITY), next = splat(-INFINITY);  // of each lane
    for (int i = 0; i < n; i += 16) {
        const v16 v = n - i >= 16 ? load(x + i) : load_tail(x + i, n - i, -INFINITY);
        next = larger(next, v > top ? top : v);
        top = larger(v, top);
    }
    out->largest = largest_lane(top);
    out->argmax = first_index(x, n, out->largest, -1);
    float second = -INFINITY;
    bool seen = false;  // one lane holds the largest itself; another that equals it is the second
    for (int i = 0; i < 16; i++) {
        const bool own = !seen && top[i] == out->largest;
        const float candidate = own ? next[i] : top[i];
        seen |= own;
        second = candidate > second ? candidate : second;
    }
    out->second = n > 1 ? first_index(x, n, second, out->argmax) : 0;
    // Zeros of both signs are equal: report the one that was chosen.
    out->largest = x[out->argmax];
    out->runner_up = n > 1 ? x[out->second] : -INFINITY;
}

static void exp_sums(const float *x, int n, float top, float sums[2]) {
    v16 plain = splat(0), weighted = splat(0);
    for (int i = 0; i < n; i += 16) {
        // A padding of -1e30 adds exp = 0, and -0, to sums that are +0 or more, or less than 0.
        const v16 z = (n - i >= 16 ? load(x + i) : load_tail(x + i, n - i, -1e30f)) - splat(top);
        const v16 e = exponential(z);
        plain = plain + e;
        // Below the lowest, e is 0 and z may be infinite; a NaN stays.
        weighted = multiply_add(e, larger(splat(CK_EXP_LOWEST), z), weighted);
    }
    sums[0] = tree(plain);
    sums[1] = tree(weighted);
}

CK_INLINE v16 log_one_plus(v16 t) {
    const v16 u = t / (splat(2.0f) + t), u2 = u * u;
    v16 sum = splat(1.0f / 13);
    sum = multiply_add(sum, u2, splat(1.0f / 11));
    sum = multiply_add(sum, u2, splat(1.0f / 9));
    sum = multiply_add(sum, u2, splat(1.0f / 7));
    sum = multiply_add(sum, u2, splat(1.0f / 5));
    sum = multiply_add(sum, u2, splat(1.0f / 3));
    sum = multiply_add(sum, u2, splat(1.0f));
    return splat(2.0f) * u * sum;
}

static void diverge(const float *q, float q_log_sum, const float *p, float p_log_sum, int n, float sums[2]) {
    v16 kl = splat(0), js = splat(0);
    for (int i = 0; i < n; i += 16) {
        // Padding has no probability in either, and adds 0.
        const bool whole = n - i >= 16;
        const v16 log_q = larger(splat(CK_LEAST_LOG), (whole ? load(q + i) : load_tail(q + i, n - i, -1e30f)) - splat(q_log_sum));
        const v16 log_p = larger(splat(CK_LEAST_LOG), (whole ? load(p + i) : load_tail(p + i, n - i, -1e30f)) - splat(p_log_sum));
        const v16 gap = log_q - log_p, eq = exponential(log_q), ep = exponential(log_p);
        const v16 log_m = larger(log_p, log_q) + (log_one_plus(exponential(-__builtin_elementwise_abs(gap))) - splat(CK_LOG_2));
        kl = multiply_add(eq, gap, kl);
        js = multiply_add(ep, log_p - log_m, multiply_add(eq, log_q - log_m, js));
    }
    sums[0] = tree(kl);
    sums[1] = tree(js);
}

CK_INLINE v16 capped(v16 x, float cap) {
    const v16 y = x / splat(cap), e = exponential(splat(-2.0f) * __builtin_elementwise_abs(y));
    const v16 squeezed = splat(cap) * ((splat(1.0f) - e) / (splat(1.0f) + e));
    return __builtin_elementwise_abs(x) <= splat(CK_GREATEST) ? y < splat(0) ? -squeezed : squeezed : x;
}

static void cap_row(float *x, int n, float cap) {
    int i = 0;
    for (; i + 16 <= n; i += 16) store(x + i, capped(load(x + i), cap));
    if (i == n) return;
    const v16 tail = capped(load_tail(x + i, n - i, 0), cap);
    for (int r = 0; i + r < n; r++) x[i + r] = tail[r];
}

// MARK: - Unquantised matrices

CK_INLINE v16 load_weights(ck_type type, const uint8_t *tile, int c) {
    if (type == CK_F32) return load((const float *)(const void *)tile + (size_t)c * CK_ROWS);
    if (type == CK_F16) return load_halves(tile + (size_t)c * CK_ROWS * 2);
    typedef uint16_t u16 __attribute__((ext_vector_type(16)));
    typedef uint32_t u32 __attribute__((ext_vector_type(16)));
    u16 h;
    memcpy(&h, tile + (size_t)c * CK_ROWS * 2, sizeof h);
    const u32 bits = __builtin_convertvector(h, u32) << 16;
    v16 v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/// Writes the lanes of one token's tile that are rows of the matrix, bias added.
CK_INLINE void store_tile(const ck_product *p, int tile, int token, v16 sums) {
    const int row = tile * CK_ROWS;
    float *out = p->out + (size_t)token * p->out_stride + row;
    if (row + CK_ROWS <= p->matrix.rows) {
        store(out, p->bias ? sums + load(p->bias + row) : sums);
    } else {
        for (int r = 0; row + r < p->matrix.rows; r++) out[r] = p->bias ? sums[r] + p->bias[row + r] : sums[r];
    }
}

CK_INLINE void multiply_float_group(ck_type type, int size, const ck_product *p, const float *x, int tile, int first) {
    const int columns = p->matrix.columns;
    const uint8_t *weights = p->matrix.tiles + (size_t)tile * p->matrix.tile_bytes;
    v16 sums[4];
    for (int t = 0; t < size; t++) sums[t] = splat(0);
    for (int c = 0; c < columns; c++) {
        const v16 w = load_weights(type, weights, c);
        for (int t = 0; t < size; t++) sums[t] = multiply_add(w, splat(x[(size_t)(first + t) * (size_t)columns + (size_t)c]), sums[t]);
    }
    for (int t = 0; t < size; t++) store_tile(p, tile, first + t, sums[t]);
}

CK_INLINE void multiply_float_tiles(ck_type type, const ck_product *p, const ck_activations *input, int first, int end) {
    for (int tile = first; tile < end; tile++) {
        int t = 0;
        for (; t + 4 <= input->tokens; t += 4) multiply_float_group(type, 4, p, input->floats, tile, t);
        for (; t < input->tokens; t++) multiply_float_group(type, 1, p, input->floats, tile, t);
    }
}

// MARK: - Quantised matrices: the part that does not depend on the instruction set

/// One tile times one group of `size` tokens, from token `first` on.
CK_INLINE void multiply_group(ck_type type, const ck_product *p, const ck_block *x, int tile, int first, int size);

CK_INLINE void multiply_quantized_tiles(ck_type type, const ck_product *p, const ck_activations *input, int first, int end) {
    const int blocks = p->matrix.columns / CK_BLOCK;
    for (int tile = first; tile < end; tile++) {
        for (int t = 0; t < input->tokens; t += CK_GROUP) {
            const ck_block *x = input->blocks + (size_t)t * (size_t)blocks;
            multiply_group(type, p, x, tile, t, ck_group_tokens(input->tokens, t));
        }
    }
}

static void multiply_tiles(const ck_product *p, const ck_activations *input, int first, int end) {
    switch (p->matrix.type) {
#define FLOATS(name, ...) case CK_##name: multiply_float_tiles(CK_##name, p, input, first, end); break;
#define QUANTIZED(name, ...) case CK_##name: multiply_quantized_tiles(CK_##name, p, input, first, end); break;
        CK_FLOAT_TYPES(FLOATS)
        CK_QUANTIZED_TYPES(QUANTIZED)
#undef FLOATS
#undef QUANTIZED
    }
}

#define CK_KERNEL_TABLE \
    {multiply_tiles, quantize_row, norm_row, gated_row, rotate_row, halve_row, attend, largest, exp_sums, diverge, cap_row}
