// Tensors as GGUF files store them -> floats, and -> the tiles that the kernels read (internal.h describes both sides).
// Block formats: the GGML project's ggml-quants, as facts; each is stated beside its code.

#include "internal.h"

int ck_type_at(int index) {
#define NUMBER(name, ...) CK_##name,
    static const int numbers[] = {CK_FLOAT_TYPES(NUMBER) CK_QUANTIZED_TYPES(NUMBER)};
#undef NUMBER
    return index >= 0 && (size_t)index < sizeof numbers / sizeof *numbers ? numbers[index] : -1;
}

bool ck_type_supported(int type) {
    return type >= 0 && (size_t)type < sizeof ck_formats / sizeof *ck_formats && ck_formats[type].block > 0;
}

int ck_type_block(ck_type type) { return ck_formats[type].block; }
int ck_type_block_bytes(ck_type type) { return ck_formats[type].block_bytes; }

float ck_half_to_float(uint16_t h) {
    const uint32_t sign = (uint32_t)(h & 0x8000) << 16, exponent = (h >> 10) & 31, fraction = h & 0x3FF;
    uint32_t bits;
    if (exponent == 31) bits = sign | 0x7F800000 | fraction << 13;
    else if (exponent) bits = sign | (exponent + 112) << 23 | fraction << 13;
    else {  // zero or subnormal: fraction * 2^-24, exact
        const float f = (float)fraction * 0x1p-24f;
        memcpy(&bits, &f, 4);
        bits |= sign;
    }
    float f;
    memcpy(&f, &bits, 4);
    return f;
}

uint16_t ck_float_to_half(float f) {
    uint32_t bits;
    memcpy(&bits, &f, 4);
    const uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    bits &= 0x7FFFFFFF;
    if (bits > 0x7F800000) return sign | 0x7E00;   // NaN
    if (bits >= 0x477FF000) return sign | 0x7C00;  // >= 65520 rounds to infinity
    if (bits < 0x38800000) {                       // below 2^-14: a multiple of 2^-24; adding 0.5 rounds there, to even
        float magnitude;
        memcpy(&magnitude, &bits, 4);
        magnitude += 0.5f;
        memcpy(&bits, &magnitude, 4);
        return sign | (uint16_t)(bits - 0x3F000000);
    }
    bits += 0xFFF + (bits >> 13 & 1);  // to nearest even
    return sign | (uint16_t)((bits - 0x38000000) >> 13);
}

static uint16_t load_half(const uint8_t *p) { uint16_t h; memcpy(&h, p, 2); return h; }
static uint32_t load_word(const uint8_t *p) { uint32_t w; memcpy(&w, p, 4); return w; }

/// 32 columns of one row: unsigned weights and their scales, in the terms of the tile.
typedef struct {
    uint8_t u[CK_BLOCK];
    uint16_t d, m;      // halves: scale; minimum, or what its scale multiplies
    uint8_t scale[2];   // super minimum: scale and min; super halves: the two halves' signed scales
} block;

/// The 6-bit scale and minimum number j of a Q4_K or Q5_K block: 12 bytes hold 8 of each.
CK_INLINE void load_scale_min(const uint8_t *packed, int j, uint8_t out[2]) {
    if (j < 4) {
        out[0] = packed[j] & 63;
        out[1] = packed[j + 4] & 63;
    } else {
        out[0] = (uint8_t)((packed[j + 4] & 15) | (packed[j - 4] >> 6) << 4);
        out[1] = (uint8_t)(packed[j + 4] >> 4 | (packed[j] >> 6) << 4);
    }
}

/// Block b (of 32 columns) of a row.
CK_INLINE void load_block(ck_type type, const uint8_t *row, int b, block *out) {
    const int j = b % CK_SUPER;  // within a K-quant's 256
    const int per = ck_type_block(type) / CK_BLOCK;
    const uint8_t *p = row + (size_t)(b / per) * (size_t)ck_type_block_bytes(type);
    switch (type) {
        case CK_Q4_0:  // d, 16 bytes: columns 0-15 low nibbles, 16-31 high
        case CK_Q4_1:  // d, m, the same
            out->d = load_half(p);
            if (type == CK_Q4_1) out->m = load_half(p + 2);
            p += type == CK_Q4_1 ? 4 : 2;
            for (int i = 0; i < 16; i++) { out->u[i] = p[i] & 15; out->u[i + 16] = p[i] >> 4; }
            break;
        case CK_Q5_0:  // d, 32 fifth bits, then as Q4_0
        case CK_Q5_1: {
            out->d = load_half(p);
            if (type == CK_Q5_1) out->m = load_half(p + 2);
            p += type == CK_Q5_1 ? 4 : 2;
            const uint32_t high = load_word(p);
            p += 4;
            for (int i = 0; i < 16; i++) {
                out->u[i] = (uint8_t)((p[i] & 15) | (high >> i & 1) << 4);
                out->u[i + 16] = (uint8_t)(p[i] >> 4 | (high >> (i + 16) & 1) << 4);
            }
            break;
        }
        case CK_Q8_0:  // d, 32 signed bytes
            out->d = load_half(p);
            for (int i = 0; i < CK_BLOCK; i++) out->u[i] = p[2 + i] ^ 0x80;
            break;
        case CK_Q4_K:  // d, dmin, 12 bytes of scales, 4 x 32 bytes: low nibbles are block 2i, high 2i + 1
        case CK_Q5_K: {  // fifth bits (32 bytes, bit j belongs to block j) before them
            out->d = load_half(p);
            out->m = load_half(p + 2);
            load_scale_min(p + 4, j, out->scale);
            const uint8_t *high = p + 16, *low = p + (type == CK_Q5_K ? 48 : 16) + (j / 2) * 32;
            const int shift = (j % 2) * 4;
            for (int i = 0; i < CK_BLOCK; i++) out->u[i] = low[i] >> shift & 15;
            if (type == CK_Q5_K)
                for (int i = 0; i < CK_BLOCK; i++) out->u[i] |= (uint8_t)((high[i] >> j & 1) << 4);
            break;
        }
        case CK_Q6_K: {  // 128 bytes of low nibbles, 64 of bit pairs, 16 signed scales, d; two halves of 128 columns
            const uint8_t *low = p + (j / 4) * 64 + (j % 2) * 32, *high = p + 128 + (j / 4) * 32;
            const int shift = (j % 4 / 2) * 4, pair = (j % 4) * 2;
            for (int i = 0; i < CK_BLOCK; i++) out->u[i] = (uint8_t)((low[i] >> shift & 15) | (high[i] >> pair & 3) << 4);
            out->scale[0] = p[192 + 2 * j];
            out->scale[1] = p[192 + 2 * j + 1];
            out->d = load_half(p + 208);
            break;
        }
        default: break;
    }
}

static float load_float(ck_type type, const uint8_t *p) {
    float f;
    uint32_t bits;
    switch (type) {
        case CK_F16: return ck_half_to_float(load_half(p));
        case CK_BF16: bits = (uint32_t)load_half(p) << 16; memcpy(&f, &bits, 4); return f;
        default: memcpy(&f, p, 4); return f;
    }
}

void ck_dequantize_row(ck_type type, const void *row, int columns, float *out) {
    const int size = ck_float_bytes(type);
    if (size) {
        for (int i = 0; i < columns; i++) out[i] = load_float(type, (const uint8_t *)row + (size_t)i * (size_t)size);
        return;
    }
    const float zero = (float)ck_zero_point(type);
    for (int b = 0; b < columns / CK_BLOCK; b++, out += CK_BLOCK) {
        block k;
        load_block(type, row, b, &k);
        const float d = ck_half_to_float(k.d);
        float scales[2] = {d, d}, m = 0;  // of columns 0-15 and 16-31
        switch (ck_scales_of(type)) {
            case CK_MINIMUM: m = ck_half_to_float(k.m); break;
            case CK_SUPER_MINIMUM:
                scales[0] = scales[1] = d * (float)k.scale[0];
                m = -ck_half_to_float(k.m) * (float)k.scale[1];
                break;
            case CK_SUPER_HALVES:
                for (int half = 0; half < 2; half++) scales[half] = d * (float)(int8_t)k.scale[half];
                break;
            default: break;
        }
        for (int i = 0; i < CK_BLOCK; i++) out[i] = scales[i / 16] * ((float)k.u[i] - zero) + m;
    }
}

// MARK: - Repacking

size_t ck_matrix_bytes(ck_type type, int rows, int columns) {
    if (!ck_type_supported(type) || rows <= 0 || columns <= 0 || columns % ck_type_block(type)) return 0;
    const size_t tiles = ((size_t)rows + CK_ROWS - 1) / CK_ROWS;
    return tiles * ck_matrix_make(type, rows, columns, NULL).tile_bytes;
}

ck_matrix ck_matrix_make(ck_type type, int rows, int columns, const void *tiles) {
    size_t bytes = ck_float_bytes(type) ? (size_t)columns * CK_ROWS * (size_t)ck_float_bytes(type) : ck_tile_bytes(type, columns / CK_BLOCK);
    bytes = (bytes + 63) / 64 * 64;
    return (ck_matrix){type, rows, columns, bytes, tiles};
}

/// Writes row r's part of block `number` of a group of `count`.
CK_INLINE void store_block(ck_type type, const block *k, int r, int number, int count, uint8_t *group) {
    uint32_t u[8], *record = (uint32_t *)(void *)(group + ck_scale_bytes(type, count) + number * ck_quant_bytes(type)) + r;
    memcpy(u, k->u, sizeof u);
    if (ck_bits(type) == 8) {
        for (int i = 0; i < 8; i++) record[i * 16] = u[i];
    } else {
        for (int i = 0; i < 4; i++)
            record[i * 16] = (u[i] & 0x0F0F0F0F) | (u[i + 4] & 0x0F0F0F0F) << 4;
        uint32_t high[2] = {0, 0};
        if (ck_bits(type) == 5)
            for (int i = 0; i < 8; i++) high[0] |= (u[i] >> 4 & 0x01010101) << i;
        if (ck_bits(type) == 6)
            for (int i = 0; i < 8; i++) high[i / 4] |= (u[i] >> 4 & 0x03030303) << (2 * (i % 4));
        for (int i = 4; i < ck_bits(type); i++) record[i * 16] = high[i - 4];
    }
    uint8_t *own = group + ck_own_scales(type, number), *s = ck_shares_scale(type) ? group : own;
    memcpy(s + 2 * r, &k->d, 2);
    if (ck_has_minimum(type)) memcpy(s + 32 + 2 * r, &k->m, 2);
    if (ck_shares_scale(type)) {
        own[r] = k->scale[0];
        own[16 + r] = k->scale[1];
    }
}

typedef struct {
    ck_matrix m;
    const uint8_t *source;
    uint8_t *tiles;
    int chunk;  // tiles
} repacking;

CK_INLINE void repack_tile(const repacking *job, ck_type type, int tile) {
    const ck_matrix *m = &job->m;
    const int blocks = m->columns / CK_BLOCK;
    const size_t row_bytes = (size_t)(m->columns / ck_type_block(type)) * (size_t)ck_type_block_bytes(type);
    for (int r = 0; r < CK_ROWS; r++) {
        const int row = tile * CK_ROWS + r;
        block k = {0};  // rows past the last: weights and scales zero
        uint8_t *group = job->tiles + (size_t)tile * m->tile_bytes;
        for (int first = 0; first < blocks; first += CK_SUPER) {
            const int count = ck_super_blocks(blocks, first);
            for (int i = 0; i < count; i++) {
                if (row < m->rows) load_block(type, job->source + (size_t)row * row_bytes, first + i, &k);
                store_block(type, &k, r, i, count, group);
            }
            group += ck_scale_bytes(type, count) + count * ck_quant_bytes(type);
        }
    }
}

static void repack_float_tile(const repacking *job, int tile) {
    const ck_matrix *m = &job->m;
    const size_t size = (size_t)ck_float_bytes(m->type);
    uint8_t *out = job->tiles + (size_t)tile * m->tile_bytes;
    for (int r = 0; r < CK_ROWS; r++) {
        const int row = tile * CK_ROWS + r;
        for (int c = 0; c < m->columns; c++) {
            uint8_t *to = out + ((size_t)c * CK_ROWS + (size_t)r) * size;
            if (row < m->rows) memcpy(to, job->source + ((size_t)row * (size_t)m->columns + (size_t)c) * size, size);
            else memset(to, 0, size);
        }
    }
}

static void repack_chunk(void *context, int chunk, int worker) {
    (void)worker;
    const repacking *job = context;
    const int tiles = (job->m.rows + CK_ROWS - 1) / CK_ROWS;
    const int end = (chunk + 1) * job->chunk < tiles ? (chunk + 1) * job->chunk : tiles;
    for (int tile = chunk * job->chunk; tile < end; tile++) {
        switch (job->m.type) {  // a constant type lets the compiler unroll
#define REPACK(name, ...) case CK_##name: repack_tile(job, CK_##name, tile); break;
            CK_QUANTIZED_TYPES(REPACK)
#undef REPACK
            default: repack_float_tile(job, tile); break;
        }
    }
}

void ck_repack(ck_pool *pool, ck_type type, int rows, int columns, const void *source, void *tiles) {
    repacking job = {ck_matrix_make(type, rows, columns, tiles), source, tiles, 16};
    const int count = (rows + CK_ROWS - 1) / CK_ROWS;
    while ((count + job.chunk - 1) / job.chunk > 65536) job.chunk *= 2;
    ck_pool_run(pool, (count + job.chunk - 1) / job.chunk, repack_chunk, &job);
}
