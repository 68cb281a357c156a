// Every kernel of ckernels.h, by every instruction set that the machine has, at every odd size, in memory whose neighbours can't be touched:
// each set must give the bits of the scalar reference, and what they are can be written to files, to be compared with another machine's.
//
//   kernels [--place end|start|heap] [--threads N] [--sets NAME,...] [--write DIRECTORY] [SECTION...]
//
// Of a NaN nothing is compared but that it is one: which bits it has is the processor's affair, and no result of the decoder holds any.

#include "support.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>

// MARK: - Numbers

static uint64_t seed;

/// SplitMix64 (Steele, Lea and Flood, 2014).
static uint64_t draw(void) {
    uint64_t z = seed += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

/// About normal, by a sum of four, with the odd outlier, as activations are. Every step is exact or rounded as IEEE 754 says.
static float draw_float(void) {
    const uint64_t bits = draw();
    const uint32_t sum = (uint32_t)(bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (uint32_t)(bits >> 48);
    const float x = ((float)sum - 131070.0f) * 0x1.bp-16f;
    return draw() % 97 == 0 ? x * 30 : x;
}

static float *take_drawn(size_t count) {
    float *x = take_floats(count);
    for (size_t i = 0; i < count; i++) x[i] = draw_float();
    return x;
}

// MARK: - What a section says

/// All that one set's kernels gave in a section, and what stood where.
typedef struct {
    uint8_t *bytes;
    size_t count, capacity;
    struct entry { size_t from; char label[88]; } *entries;
    size_t entry_count, entry_capacity;
} tape;

static tape tapes[SETS];
static tape *current;
static char label[88];
static ck_pool *pool;

__attribute__((format(printf, 1, 2))) static void name_case(const char *format, ...) {
    __builtin_va_list arguments;
    __builtin_va_start(arguments, format);
    vsnprintf(label, sizeof label, format, arguments);
    __builtin_va_end(arguments);
}

/// A fault's cause is the case that ran.
__attribute__((unused)) static void fault(int number) {
    (void)!write(STDERR_FILENO, label, strlen(label));
    (void)!write(STDERR_FILENO, ": touched what is not its own\n", 30);
    signal(number, SIG_DFL);  // and again
}

static void say(const void *bytes, size_t count) {
    tape *t = current;
    if (t->count + count > t->capacity) {
        t->capacity = 2 * (t->count + count);
        t->bytes = realloc(t->bytes, t->capacity);
    }
    if (t->entry_count == t->entry_capacity) {
        t->entry_capacity = t->entry_capacity ? 2 * t->entry_capacity : 256;
        t->entries = realloc(t->entries, t->entry_capacity * sizeof *t->entries);
    }
    if (!t->bytes || !t->entries) die("out of memory");
    t->entries[t->entry_count].from = t->count;
    memcpy(t->entries[t->entry_count++].label, label, sizeof label);
    memcpy(t->bytes + t->count, bytes, count);
    t->count += count;
}

static void say_floats(const float *x, size_t count) {
    if (!count) return;
    say(x, count * sizeof *x);
    uint8_t *said = current->bytes + current->count - count * sizeof *x;
    const float nan = NAN;
    for (size_t i = 0; i < count; i++)
        if (x[i] != x[i]) memcpy(said + i * sizeof nan, &nan, sizeof nan);
}

static void say_halves(const uint16_t *x, size_t count) {
    say(x, count * sizeof *x);
    uint8_t *said = current->bytes + current->count - count * sizeof *x;
    const uint16_t nan = 0x7E00;
    for (size_t i = 0; i < count; i++)
        if ((x[i] & 0x7FFF) > 0x7C00) memcpy(said + i * sizeof nan, &nan, sizeof nan);
}

static void say_blocks(const ck_activations *a) {
    for (int i = 0; i < a->tokens * (a->columns / 32); i++) {
        ck_block block = a->blocks[i];
        if (block.d != block.d) block.d = NAN;
        if (block.d_sum != block.d_sum) block.d_sum = NAN;
        say(&block, sizeof block);
    }
}

// MARK: - Types

static const struct { ck_type type; const char *name; } types[] = {
#define NAMED(name, ...) {CK_##name, #name},
    CK_FLOAT_TYPES(NAMED) CK_QUANTIZED_TYPES(NAMED)
#undef NAMED
};
enum { TYPES = sizeof types / sizeof *types };

/// Where a block keeps its halves, ggml-common.h of the GGML project; -1: nowhere.
static void find_halves(ck_type type, int at[2]) {
    at[0] = type == CK_Q6_K ? 208 : 0;
    at[1] = type == CK_Q4_1 || type == CK_Q5_1 || type == CK_Q4_K || type == CK_Q5_K ? 2 : -1;
}

/// What the scales of drawn weights are: like those of models; the largest, the smallest and the odd; any bits at all.
typedef enum { USUAL, EXTREME, ANY } kind;

static uint16_t draw_half(kind k) {
    static const uint16_t odd[] = {0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x3C00, 0xBC00, 0x7BFF};
    const uint64_t bits = draw();
    if (k == ANY) return (uint16_t)bits;
    if (k == EXTREME) return odd[bits % (sizeof odd / sizeof *odd)];
    return (uint16_t)((bits & 0x83FF) | (8 + (bits >> 16) % 6) << 10);  // 2^-7 ... 2^-1
}

/// Rows as a file holds them, at an address as odd as their length.
static uint8_t *take_weights(ck_type type, int rows, int columns, kind k) {
    const size_t each = (size_t)ck_type_block_bytes(type), blocks = (size_t)rows * (size_t)(columns / ck_type_block(type));
    uint8_t *bytes = take(blocks * each, 1);
    int halves[2];
    find_halves(type, halves);
    for (size_t b = 0; b < blocks; b++) {
        uint8_t *block = bytes + b * each;
        if (type == CK_F32 || type == CK_BF16) {
            const float x = draw_float();
            uint32_t bits = (uint32_t)draw();
            if (k != ANY) memcpy(&bits, &x, 4);
            if (type == CK_BF16) bits >>= 16;
            memcpy(block, &bits, each);
            continue;
        }
        const uint8_t fill = (uint8_t[]){0, 0xFF, 0x80, 0x7F}[draw() % 4];
        for (size_t i = 0; i < each; i++) block[i] = k == EXTREME ? fill : (uint8_t)draw();
        for (int i = 0; i < 2; i++) {
            const uint16_t half = draw_half(k);
            if (halves[i] >= 0) memcpy(block + halves[i], &half, 2);
        }
    }
    return bytes;
}

/// The index-th number of columns to try for a type, 0 past the last: numbers of blocks below, at and above what a tile's groups hold.
static int columns_at(ck_type type, int index) {
    static const int ones[] = {33, 1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 100, 0};
    static const int blocks[] = {2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 17, 0};
    static const int supers[] = {1, 2, 3, 5, 0};
    const int block = ck_type_block(type);
    return block * (block == 1 ? ones : block == 32 ? blocks : supers)[index];
}

// MARK: - Sections: what does not depend on the instruction set

static void halves(const ck_kernels *k) {
    (void)k;
    name_case("half to float");
    for (uint32_t h = 0; h < 65536; h++) {
        const float f = ck_half_to_float((uint16_t)h);
        say_floats(&f, 1);
    }
    name_case("float to half");
    for (uint32_t i = 0; i < 1 << 18; i++) {
        const uint32_t bits = i << 14 | (i & 3) * 0xFFF;
        float f;
        memcpy(&f, &bits, 4);
        const uint16_t h = ck_float_to_half(f);
        say_halves(&h, 1);
    }
}

static void small_things(const ck_kernels *k) {
    (void)k;
    name_case("exp");
    const float ends[] = {0, -0.0f, -87, -87.00001f, -INFINITY, NAN, 88, 1e-45f, -1e-45f};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const float e = ck_exp(ends[i]);
        say_floats(&e, 1);
    }
    for (int i = 0; i < 300000; i++) {
        const float e = ck_exp((float)(draw() >> 40) * 0x1p-24f * 180 - 92);
        say_floats(&e, 1);
    }
    name_case("log");
    for (int i = 0; i < 300000; i++) {
        // Any positive double but infinity and NaN.
        const uint64_t bits = draw() >> 1;
        double x;
        memcpy(&x, &bits, 8);
        if (!(x > 0) || isinf(x)) x = 1 + i * 0x1p-20;
        const double log = ck_log(x);
        say(&log, sizeof log);
    }
}

static void rope_tables(const ck_kernels *k) {
    (void)k;
    static const int positions[] = {0, 1, 2, 3, 100, 511, 4095, 32767, 131071, 1 << 20, (1 << 24) - 1};
    static const double bases[] = {10000, 500000, 1e6, 1.001, 1e12};
    for (int size = 16; size <= 512; size += size < 128 ? 16 : 64) {
        for (size_t b = 0; b < sizeof bases / sizeof *bases; b++) {
            for (int factored = 0; factored < 2; factored++) {
                float *factors = factored ? take_floats((size_t)size / 2) : NULL;
                for (int i = 0; factored && i < size / 2; i++) factors[i] = 1 + (float)(i % 5) / 3;
                for (size_t p = 0; p < sizeof positions / sizeof *positions; p++) {
                    name_case("rope row of %d, base %g, position %d", size, bases[b], positions[p]);
                    float *row = take_floats((size_t)size);
                    ck_rope_row(positions[p], size, bases[b], factors, row);
                    say_floats(row, (size_t)size);
                }
                release();
            }
        }
    }
}

static ck_type type;  // of the section

static void dequantized(const ck_kernels *k) {
    (void)k;
    for (int i = 0, columns; (columns = columns_at(type, i)); i++) {
        for (kind kind = USUAL; kind <= ANY; kind++) {
            name_case("row of %d", columns);
            const uint8_t *row = take_weights(type, 1, columns, kind);
            float *out = take_floats((size_t)columns);
            ck_dequantize_row(type, row, columns, out);
            say_floats(out, (size_t)columns);
            release();
        }
    }
}

static ck_matrix take_matrix(int rows, int columns, kind kind) {
    const uint8_t *source = take_weights(type, rows, columns, kind);
    uint8_t *tiles = take(ck_matrix_bytes(type, rows, columns), 64);
    ck_repack(pool, type, rows, columns, source, tiles);
    return ck_matrix_make(type, rows, columns, tiles);
}

static void repacked(const ck_kernels *k) {
    (void)k;
    for (int i = 0, columns; (columns = columns_at(type, i)); i++) {
        for (int rows = 1; rows <= 33; rows += i == 0 || rows == 1 ? 1 : 15) {
            name_case("%d x %d", rows, columns);
            const ck_matrix m = take_matrix(rows, columns, USUAL);
            // What fills a tile's end is never read.
            const size_t bytes = m.tile_bytes;
            if (ck_type_block(type) > 1) say(m.tiles, ck_matrix_bytes(type, rows, columns));
            else for (int tile = 0; tile < (rows + 15) / 16; tile++)
                say(m.tiles + (size_t)tile * bytes, (size_t)columns * 16 * (size_t)ck_type_block_bytes(type));
            release();
        }
    }
}

// MARK: - Sections: products

static void multiply(const ck_kernels *k, int tokens, int rows, int columns, kind kind) {
    name_case("%d tokens, %d x %d%s", tokens, rows, columns, kind == USUAL ? "" : kind == ANY ? ", any bits" : ", extreme");
    const ck_matrix m = take_matrix(rows, columns, kind);
    const ck_activations input = take_activations(tokens, columns, take_drawn((size_t)tokens * (size_t)columns));
    if (input.blocks) ck_quantize(k, pool, input);
    const bool biased = (tokens + rows) % 2;
    const size_t stride = (size_t)rows + (size_t)(tokens % 3), count = (size_t)(tokens - 1) * stride + (size_t)rows;
    const ck_product product = {m, biased ? take_drawn((size_t)rows) : NULL, take_floats(count), stride};
    ck_multiply(k, pool, &product, 1, input);
    say_floats(product.out, count);
    release();
}

static void products(const ck_kernels *k) {
    static const int few[] = {1, 2, 3, 4, 5, 16, 17};
    enum { FEW = sizeof few / sizeof *few };
    const int columns = columns_at(type, 0);
    for (int tokens = 1; tokens <= 65; tokens += tokens < 33 ? 1 : 16)
        for (int rows = 1; rows <= 33; rows += 8) multiply(k, tokens, rows, columns, USUAL);
    for (int rows = 2; rows <= 35; rows++)
        for (int i = 0; i < FEW; i++) multiply(k, few[i], rows, columns, USUAL);
    for (int at = 1; columns_at(type, at); at++)
        for (int tokens = 1; tokens <= 17; tokens++) multiply(k, tokens, 17, columns_at(type, at), USUAL);
    for (int i = 0; i < FEW; i++)
        for (int n = 0; n < 4; n++) multiply(k, few[i], 18, columns, n % 2 ? ANY : EXTREME);
}

/// Products of all types that share an input, in one region.
static void shared_products(const ck_kernels *k) {
    for (int tokens = 1; tokens <= 33; tokens += tokens < 5 ? 1 : 7) {
        name_case("all types, %d tokens", tokens);
        const ck_activations input = take_activations(tokens, 256, take_drawn((size_t)tokens * 256));
        ck_quantize(k, pool, input);
        ck_product list[TYPES];
        for (int i = 0; i < TYPES; i++) {
            const int rows = 1 + 13 * i;
            type = types[i].type;
            list[i] = (ck_product){take_matrix(rows, 256, USUAL), NULL, take_floats((size_t)tokens * (size_t)rows), (size_t)rows};
        }
        ck_multiply(k, pool, list, TYPES, input);
        for (int i = 0; i < TYPES; i++) say_floats(list[i].out, (size_t)tokens * list[i].out_stride);
        release();
    }
}

// MARK: - Sections: rows

/// Numbers that rounding, overflow and underflow have to do with, among drawn ones.
static float *take_hard(size_t count) {
    static const float hard[] = {
        0, -0.0f, 0x1p-149f, -0x1p-126f, 0x1p-101f, 0x1.fffffep-101f, 0x1p-100f, 0x1p-24f, 0.5f, 1.5f, -2.5f, 87, -87, 87.0001f, -87.0001f,
        88, -88, 65504, 65519.9f, 65520, -1e5f, 1e18f, -3e19f, 0x1.fffffep127f, -0x1.fffffep127f, INFINITY, -INFINITY, NAN,
    };
    float *x = take_drawn(count);
    for (size_t i = 0; i < count; i++)
        if (draw() % 3 == 0) x[i] = hard[draw() % (sizeof hard / sizeof *hard)];
    return x;
}

static void quantized(const ck_kernels *k) {
    for (int columns = 32; columns <= 320; columns += columns < 128 ? 32 : 192) {
        for (int tokens = 1; tokens <= 50; tokens++) {
            name_case("%d tokens of %d", tokens, columns);
            const size_t count = (size_t)tokens * (size_t)columns;
            for (int hard = 0; hard < 2; hard++) {
                const ck_activations a = take_activations(tokens, columns, hard ? take_hard(count) : take_drawn(count));
                ck_quantize(k, pool, a);
                say_blocks(&a);
            }
            release();
        }
    }
}

static void norms(const ck_kernels *k) {
    for (int columns = 32; columns <= 1568; columns += columns < 160 ? 32 : 704) {
        for (int tokens = 1; tokens <= 34; tokens += tokens < 5 || tokens > 30 ? 1 : 6) {
            for (int way = 0; way < 4; way++) {
                const bool moved = way % 2, hard = way / 2;
                name_case("%d tokens of %d%s%s", tokens, columns, moved ? ", delta" : "", hard ? ", hard" : "");
                const size_t count = (size_t)tokens * (size_t)columns;
                float *x = hard ? take_hard(count) : take_drawn(count);
                const ck_activations a = take_activations(tokens, columns, NULL);
                ck_norm(k, pool, x, moved ? take_drawn(count) : NULL, take_drawn((size_t)columns), 1e-6f, a);
                say_floats(x, count);
                say_floats(a.floats, count);
                say_blocks(&a);
                release();
            }
        }
    }
}

static void norms_in_place(const ck_kernels *k) {
    for (int columns = 16; columns <= 512; columns += columns < 128 ? 16 : 64) {
        for (int rows = 1; rows <= 40; rows += rows < 4 ? 1 : 9) {
            name_case("%d rows of %d", rows, columns);
            const size_t count = (size_t)rows * (size_t)columns;
            float *x = rows % 2 ? take_drawn(count) : take_hard(count);
            ck_norm_in_place(k, pool, x, take_drawn((size_t)columns), 1e-5f, rows, columns);
            say_floats(x, count);
            release();
        }
    }
}

static void gates(const ck_kernels *k) {
    for (int act = CK_SILU; act <= CK_GELU; act++) {
        for (int columns = 32; columns <= 864; columns += columns < 160 ? 32 : 704) {
            for (int tokens = 1; tokens <= 34; tokens += tokens < 5 || tokens > 30 ? 1 : 6) {
                name_case("%s, %d tokens of %d", act == CK_SILU ? "silu" : "gelu", tokens, columns);
                const size_t count = (size_t)tokens * (size_t)columns;
                for (int hard = 0; hard < 2; hard++) {
                    const ck_activations a = take_activations(tokens, columns, NULL);
                    ck_gated(k, pool, (ck_gate)act, hard ? take_hard(count) : take_drawn(count), take_drawn(count), a);
                    say_floats(a.floats, count);
                    say_blocks(&a);
                }
                release();
            }
        }
    }
}

// MARK: - Sections: attention

/// One text of `length` positions, stored together and then seen by some of them; the second layer of two.
static void attend_text(const ck_kernels *k, const ck_attention_shape *shape, int length, bool hard) {
    const int size = shape->head_size, pages = (length + CK_PAGE - 1) / CK_PAGE;
    name_case("%d heads of %d over %d, window %d, %d positions%s", shape->heads, size, shape->kv_heads, shape->window, length, hard ? ", hard" : "");
    const size_t layer = ck_page_layer_bytes(shape);
    uint8_t **table = take((size_t)pages * sizeof *table, sizeof *table);
    for (int i = 0; i < pages; i++) table[i] = take(2 * layer, 64);
    float *rope = take_floats((size_t)length * (size_t)size);
    for (int p = 0; p < length; p++) ck_rope_row(p, size, 10000, NULL, rope + p * size);
    ck_place *places = take((size_t)length * sizeof *places, 8);
    for (int p = 0; p < length; p++) places[p] = (ck_place){table, p};
    const size_t width = (size_t)shape->heads * (size_t)size, kv_width = (size_t)shape->kv_heads * (size_t)size;
    float *q = take_drawn((size_t)length * width), *k_floats = take_drawn((size_t)length * kv_width), *v = take_drawn((size_t)length * kv_width);
    if (hard) k_floats[kv_width] = 1e6f, v[2 * kv_width] = NAN, v[3 * kv_width] = -1e9f;
    ck_rotate_store(k, pool, shape, places, layer, rope, length, q, k_floats, v);
    say_floats(q, (size_t)length * width);
    // Positions past the last are nobody's.
    for (int i = 0; i < pages; i++) say_halves((const uint16_t *)(const void *)(table[i] + layer), layer / 2);
    float *out = take_floats((size_t)length * width);
    float *scratch = take_floats(ck_attention_scratch(pool, shape, length));
    // From the first, the last four, and the last alone with room for itself.
    ck_attend(k, pool, shape, places, layer, length, q, out, scratch);
    say_floats(out, (size_t)length * width);
    const int some = length < 4 ? length : 4, first = length - some;
    float *again = take_floats((size_t)some * width);
    ck_attend(k, pool, shape, places + first, layer, some, q + (size_t)first * width, again, scratch);
    say_floats(again, (size_t)some * width);
    release();
}

static void attention(const ck_kernels *k) {
    static const int heads[][2] = {{1, 1}, {2, 1}, {3, 1}, {4, 2}, {5, 1}, {6, 3}, {7, 1}, {8, 1}, {9, 3}, {12, 1}, {16, 1}};
    static const int windows[] = {1, 2, 5, 15, 16, 17, 33, 200};
    ck_attention_shape shape = {.scale = 0.125f};
    for (int size = 16; size <= 512; size += size < 128 ? 16 : 128) {
        for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
            shape.heads = heads[i][0], shape.kv_heads = heads[i][1], shape.head_size = size;
            shape.interleaved = i % 2, shape.window = i % 3 ? 0 : 17;
            attend_text(k, &shape, 1 + (int)(draw() % 35), false);
        }
    }
    for (int length = 1; length <= 50; length++) {
        shape = (ck_attention_shape){.heads = 4, .kv_heads = 2, .head_size = 32, .scale = 0.2f, .interleaved = length % 2, .window = length % 5 ? 0 : 7};
        attend_text(k, &shape, length, length > 4 && length % 4 == 0);
    }
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        shape = (ck_attention_shape){.heads = 3, .kv_heads = 1, .head_size = 48, .scale = 0.2f, .window = windows[i]};
        attend_text(k, &shape, 50, false);
    }
}

// MARK: - Sections: logits

/// The index-th number of logits to try; 0 past the last.
static int logits_at(int index) {
    static const int more[] = {100, 127, 257, 8191, 8192, 8193, 16384, 16385, 49152, 151937, 1 << 20, 0};
    return index < 50 ? index + 1 : more[index - 50];
}

static void caps(const ck_kernels *k) {
    for (int i = 0, count; (count = logits_at(i)); i++) {
        name_case("%d logits", count);
        float *x = i % 2 ? take_hard((size_t)count) : take_drawn((size_t)count);
        ck_cap(k, pool, x, (size_t)count, i % 3 ? 30 : 0.5f);
        say_floats(x, (size_t)count);
        release();
    }
}

/// Logits as models give them: no NaN and nothing above all measure; `way` 0: drawn, 1: with ties, 2: all alike, 3: with some that are impossible.
static float *take_logits(size_t count, int way) {
    float *x = take_drawn(count);
    for (size_t i = 0; i < count; i++) {
        if (way == 1) x[i] = (float)(draw() % 5);
        if (way == 2) x[i] = i % 2 ? 0.0f : -0.0f;
        if (way == 3 && draw() % 3 == 0) x[i] = draw() % 2 ? -INFINITY : -1e30f;
    }
    return x;
}

static void summaries(const ck_kernels *k) {
    for (int i = 0, columns; (columns = logits_at(i)); i++) {
        const int rows = columns > 10000 ? 1 : 1 + i % 9;
        for (int way = 0; way < (columns > 10000 ? 1 : 4); way++) {
            name_case("%d rows of %d, %d", rows, columns, way);
            const float *x = take_logits((size_t)rows * (size_t)columns, way);
            ck_summary *out = take((size_t)rows * sizeof *out, 4);
            ck_summarize(k, pool, x, rows, columns, out);
            for (int r = 0; r < rows; r++) {
                say(&out[r].argmax, sizeof out[r].argmax);
                say(&out[r].second, sizeof out[r].second);
                say_floats((const float[]){out[r].largest, out[r].runner_up, out[r].log_sum, out[r].entropy}, 4);
            }
            release();
        }
    }
}

static void divergences(const ck_kernels *k) {
    for (int i = 0, columns; (columns = logits_at(i)); i++) {
        for (int way = 0; way < (columns > 10000 ? 1 : 4); way++) {
            name_case("%d columns, %d", columns, way);
            const float *q = take_logits((size_t)columns, way), *p = take_logits((size_t)columns, way == 3 ? 0 : way);
            ck_summary of_q, of_p;
            ck_summarize(k, pool, q, 1, columns, &of_q);
            ck_summarize(k, pool, p, 1, columns, &of_p);
            if (isfinite(of_q.log_sum) && isfinite(of_p.log_sum)) {  // as its caller makes sure
                const ck_divergence d = ck_diverge(k, pool, q, of_q.log_sum, p, of_p.log_sum, columns);
                say_floats((const float[]){d.kl, d.js}, 2);
            }
            release();
        }
    }
}

// MARK: - Sections: the pool

typedef struct { int *counts, *workers; } tally;

static void count_chunk(void *context, int chunk, int worker) {
    const tally *t = context;
    t->counts[chunk]++;
    t->workers[chunk] = worker;
}

/// Every chunk once, by a worker that there is; runs so short that threads fall asleep, wake and meet the next one half awake.
static void pools(const ck_kernels *k) {
    (void)k;
    static const int threads[] = {1, 2, 3, 7, 64, 70};
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        ck_pool *own = ck_pool_create(threads[i]);
        if (!own) die("no pool of %d threads", threads[i]);
        name_case("%d threads", threads[i]);
        for (int run = 0; run < (threads[i] > 8 ? 300 : 3000); run++) {
            const int chunks = run % 100 == 99 ? 5000 : 1 + run % 9;
            tally t = {take((size_t)chunks * sizeof(int), 4), take((size_t)chunks * sizeof(int), 4)};
            memset(t.counts, 0, (size_t)chunks * sizeof(int));
            ck_pool_run(own, chunks, count_chunk, &t);
            for (int chunk = 0; chunk < chunks; chunk++)
                if (t.counts[chunk] != 1 || t.workers[chunk] < 0 || t.workers[chunk] >= ck_pool_threads(own))
                    die("%s: chunk %d of %d ran %d times, at last by %d", label, chunk, chunks, t.counts[chunk], t.workers[chunk]);
            say(t.counts, (size_t)chunks * sizeof(int));
            release();
            if (run % 150 == 0) usleep(2000);  // until they sleep
        }
        if (ck_read_bandwidth(own, (size_t)threads[i] << 20) <= 0) die("%s: nothing was read", label);
        ck_pool_destroy(own);
    }
    for (int i = 0; i < 100; i++) {
        ck_pool *own = ck_pool_create(1 + i % 5);
        if (!own) die("no pool of %d threads", 1 + i % 5);
        int counts[5] = {0}, workers[5];
        tally t = {counts, workers};
        if (i % 3 == 0) ck_pool_run(own, 5, count_chunk, &t);
        ck_pool_destroy(own);
    }
}

// MARK: - All of them

static const struct section {
    const char *name;
    void (*run)(const ck_kernels *);
    bool common, by_type;  // without an instruction set's kernels; once for every type
} sections[] = {
    {"half", halves, true, false},
    {"exp-log", small_things, true, false},
    {"rope", rope_tables, true, false},
    {"dequantize", dequantized, true, true},
    {"repack", repacked, true, true},
    {"multiply", products, false, true},
    {"multiply-together", shared_products, false, false},
    {"quantize", quantized, false, false},
    {"norm", norms, false, false},
    {"norm-in-place", norms_in_place, false, false},
    {"gate", gates, false, false},
    {"attention", attention, false, false},
    {"cap", caps, false, false},
    {"summarize", summaries, false, false},
    {"diverge", divergences, false, false},
    {"pool", pools, true, false},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

static bool sets[SETS];
static const char *directory;
static size_t cases, numbers;

static void write_tape(const tape *t, const char *set, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, set);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%s", directory, set, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(t->bytes, 1, t->count, file) != t->count || fclose(file)) die("%s can't be written", path);
}

/// Runs a section by every set; returns whether all said the same.
static bool run_section(const struct section *s, const char *name) {
    const tape *reference = NULL;
    bool same = true;
    for (int set = 0; set < SETS; set++) {
        if (s->common ? set != CK_SCALAR : !sets[set]) continue;
        current = &tapes[set];
        current->count = current->entry_count = 0;
        seed = 1;
        s->run(ck_kernels_for((ck_isa)set));
        for (int i = 0; directory && i < SETS; i++)
            if (sets[i] && (i == set || s->common)) write_tape(current, set_names[i], name);
        if (!reference) {
            reference = current;
            continue;
        }
        cases += reference->entry_count;
        numbers += reference->count;
        if (current->count == reference->count && !memcmp(current->bytes, reference->bytes, reference->count)) continue;
        same = false;
        size_t at = 0;
        while (at < current->count && at < reference->count && current->bytes[at] == reference->bytes[at]) at++;
        size_t entry = 0;
        while (entry + 1 < reference->entry_count && reference->entries[entry + 1].from <= at) entry++;
        fprintf(stderr, "%s by %s differs: %s, byte %zu\n", name, set_names[set], reference->entries[entry].label, at - reference->entries[entry].from);
    }
    return same;
}

static int number_of(const char *name, const char *const names[], int count) {
    for (int i = 0; i < count; i++) if (!strcmp(name, names[i])) return i;
    return -1;
}

int main(int count, char **arguments) {
    static const char *const places[] = {"end", "start", "heap"};
    int threads = 1, chosen = count;
    for (int set = 0; set < SETS; set++) sets[set] = ck_isa_available((ck_isa)set);
    for (int i = 1; i < count; i++) {
        const char *option = arguments[i];
        if (strncmp(option, "--", 2)) { chosen = i; break; }
        char *value = i + 1 < count ? arguments[++i] : NULL;
        if (!value) die("%s needs a value", option);
        if (!strcmp(option, "--place")) {
            const int place = number_of(value, places, 3);
            if (place < 0) die("--place %s: expected end, start or heap", value);
            place_of_memory = (placement)place;
        } else if (!strcmp(option, "--threads")) {
            if ((threads = atoi(value)) < 1) die("--threads %s: expected 1 or more", value);
        } else if (!strcmp(option, "--write")) {
            directory = value;
        } else if (!strcmp(option, "--sets")) {
            memset(sets, 0, sizeof sets);
            for (char *name = strtok(value, ","); name; name = strtok(NULL, ",")) {
                const int set = number_of(name, set_names, SETS);
                if (set < 0 || !ck_isa_available((ck_isa)set)) die("--sets: this machine has no %s", name);
                sets[set] = true;
            }
        } else die("unknown option %s", option);
    }
#if !defined(__SANITIZE_ADDRESS__) && !(defined(__has_feature) && __has_feature(address_sanitizer))
    signal(SIGSEGV, fault);
    signal(SIGBUS, fault);
#endif
    if (directory) mkdir(directory, 0777);
    if (!(pool = ck_pool_create(threads))) die("no pool of %d threads", threads);
    bool same = true;
    int ran = 0;
    for (int s = 0; s < SECTIONS; s++) {
        bool wanted = chosen == count;
        for (int i = chosen; i < count; i++) wanted |= !strcmp(arguments[i], sections[s].name);
        for (int t = 0; wanted && t < (sections[s].by_type ? TYPES : 1); t++) {
            char name[64];
            type = types[t].type;
            snprintf(name, sizeof name, sections[s].by_type ? "%s-%s" : "%s", sections[s].name, types[t].name);
            same &= run_section(&sections[s], name);
            ran++;
        }
    }
    ck_pool_destroy(pool);
    if (!ran) die("no such section");
    printf("%d sections by", ran);
    for (int set = 0; set < SETS; set++) if (sets[set]) printf(" %s", set_names[set]);
    printf(", memory at %s, %d threads: %zu outputs (%zu bytes) compared, %s\n", places[place_of_memory], threads, cases, numbers, same ? "all equal" : "NOT EQUAL");
    return same ? 0 : 1;
}
