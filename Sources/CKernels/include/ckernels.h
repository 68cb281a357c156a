// The decoder's arithmetic, in C: everything between a token's embedding and its logits.
//
// One rule makes results the same on every machine, for every batch and every thread count: each output number is
// computed by one fixed sequence of operations that depends on nothing but its own row and its own token.
//
//   - A matrix product is, per output, one chain of fused multiply-adds over blocks of 32 columns, in column order;
//     inside a block the dot product is an exact integer. SIMD lanes are *rows*, so no lane ever meets another.
//   - Attention is one chain of fused multiply-adds over the head's dimensions (scores), then over positions (values).
//   - Sums over a vector (norms, softmax) use 16 partial sums, element i into sum i % 16, then a fixed tree.
//   - exp, log, sin and cos are our own polynomials: libm's differ between versions.
//
// Every kernel exists as a plain scalar loop (scalar.c, the reference) and as SIMD; tests ask for equality of bits.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: - Instruction sets

/// Which kernels: all give the same bits.
typedef enum { CK_SCALAR = 0, CK_AVX2 = 1, CK_AVX512 = 2, CK_NEON = 3 } ck_isa;

/// Whether this machine and this build can run `isa`. AVX-512 here means F, BW, DQ, VL and VNNI.
bool ck_isa_available(ck_isa isa);

// MARK: - Threads

/// A fixed set of threads that share chunks of work; the caller is one of them.
typedef struct ck_pool ck_pool;

/// With at most `threads` threads, as many as the system gives; NULL if there is no memory, or threads < 1.
ck_pool *ck_pool_create(int threads);
/// Ends the threads and frees the pool, in which nothing may be running.
void ck_pool_destroy(ck_pool *pool);
/// How many threads compute, the caller among them.
int ck_pool_threads(const ck_pool *pool);
/// Calls body(context, chunk, worker) for chunk in 0 ..< chunks (< 2^20), each once, in any order, on any thread (worker is in
/// 0 ..< threads); returns when all are done. One run at a time: the pool belongs to one caller.
void ck_pool_run(ck_pool *pool, int chunks, void (*body)(void *context, int chunk, int worker), void *context);

// MARK: - Weights

/// The tensor types that there are kernels for, one a row: X(name, number in GGUF files, columns and bytes of a block in the file, bits and
/// scales of a tile's weights). The enum, the table of formats (internal.h) and each kernel's instances are made of this list; all that is
/// beside it for a type is how its blocks are read, `load_block` in repack.c. A tile's layout follows from bits and scales alone, so a type
/// that shares both with another shares its kernels, too.
#define CK_FLOAT_TYPES(X) \
    X(F32, 0, 1, 4, 0, CK_UNSCALED) \
    X(F16, 1, 1, 2, 0, CK_UNSCALED) \
    X(BF16, 30, 1, 2, 0, CK_UNSCALED)
#define CK_QUANTIZED_TYPES(X) \
    X(Q8_0, 8, 32, 34, 8, CK_PLAIN) \
    X(Q4_0, 2, 32, 18, 4, CK_PLAIN) \
    X(Q4_1, 3, 32, 20, 4, CK_MINIMUM) \
    X(Q5_0, 6, 32, 22, 5, CK_PLAIN) \
    X(Q5_1, 7, 32, 24, 5, CK_MINIMUM) \
    X(Q4_K, 12, 256, 144, 4, CK_SUPER_MINIMUM) \
    X(Q5_K, 13, 256, 176, 5, CK_SUPER_MINIMUM) \
    X(Q6_K, 14, 256, 210, 6, CK_SUPER_HALVES)

/// A tensor's type, by its number in files.
typedef enum {
#define CK_NUMBER(name, number, ...) CK_##name = number,
    CK_FLOAT_TYPES(CK_NUMBER) CK_QUANTIZED_TYPES(CK_NUMBER)
#undef CK_NUMBER
} ck_type;

/// The number of the index-th type of the list; -1 past its end.
int ck_type_at(int index);
/// Whether a file's number is that of a type with kernels.
bool ck_type_supported(int type);
/// Columns in one block of the file format: 1, 32 or 256.
int ck_type_block(ck_type type);
/// Bytes of one such block.
int ck_type_block_bytes(ck_type type);

/// One row of a tensor as stored in the file -> floats. `columns` is a multiple of the block.
void ck_dequantize_row(ck_type type, const void *row, int columns, float *out);

/// A weight matrix (rows, columns), repacked: 16 rows side by side in one tile, so that a SIMD lane is a row.
/// A tile is one stream of groups of blocks, each group its scales and then its quants; internal.h has each type's layout.
typedef struct {
    ck_type type;
    int rows;       // as in the file; the last tile is padded with zero rows
    int columns;
    size_t tile_bytes;
    const uint8_t *tiles;  // ceil(rows / 16) tiles, 64-byte aligned
} ck_matrix;

/// Bytes of the repacked form; 0 if the shape does not fit the type.
size_t ck_matrix_bytes(ck_type type, int rows, int columns);
/// Describes `tiles` (ck_matrix_bytes of them, 64-byte aligned).
ck_matrix ck_matrix_make(ck_type type, int rows, int columns, const void *tiles);
/// Repacks the file's rows (`source`, row after row) into `tiles`.
void ck_repack(ck_pool *pool, ck_type type, int rows, int columns, const void *source, void *tiles);

// MARK: - Activations

/// 32 columns of one token, quantised to 8 bits: value = d * q. One cache line. All zero if no magnitude reaches 2^-100; d is not finite
/// if a value is not.
typedef struct {
    int8_t q[32];     // round(x / d), -127 ... 127
    float d;          // largest magnitude / 127
    float d_sum;      // d * (sum of q)
    // Minus the zero point of a weight type times the sum of q: what turns unsigned weights' dot products into signed ones.
    int32_t zero8, zero16, zero128;
    int32_t zero32_low, zero32_high;  // of columns 0-15 and 16-31, each
    int32_t sum;  // fills the line
} ck_block;

/// Tokens are quantised in groups of at most 16 that share every load of weights: block b of a group's token t is at
/// group[b * size + t]. A batch of n tokens is n / 16 groups of 16 and a group of the rest.
enum { CK_GROUP = 16 };

/// The blocks that `tokens` tokens of `columns` columns need.
size_t ck_blocks_needed(int tokens, int columns);

/// One instruction set's kernels; obtained once, passed to every call.
typedef struct ck_kernels ck_kernels;
/// Those of `isa`, which must be available; the scalar ones where this build has no others of it.
const ck_kernels *ck_kernels_for(ck_isa isa);

/// A batch of activations in both forms: `floats` (tokens, columns) and their `blocks`.
typedef struct {
    int tokens, columns;
    float *floats;
    ck_block *blocks;
} ck_activations;

/// a.floats -> a.blocks.
void ck_quantize(const ck_kernels *kernels, ck_pool *pool, ck_activations a);

/// x (tokens, columns) += delta (or NULL); a.floats = rmsnorm(x) * weight, NaN where the squares overflow; a.blocks follow.
void ck_norm(const ck_kernels *kernels, ck_pool *pool, float *x, const float *delta, const float *weight, float epsilon, ck_activations a);

/// Each of `rows` vectors of x (rows, columns) becomes rmsnorm(vector) * weight: the norms of heads, and those after a sublayer.
void ck_norm_in_place(const ck_kernels *kernels, ck_pool *pool, float *x, const float *weight, float epsilon, int rows, int columns);

/// The gate of a feed-forward layer: both are x * sigmoid(z), where z is x, or 2 sqrt(2 / pi) (x + 0.044715 x^3) for GELU's tanh form
/// (Hendrycks and Gimpel, arXiv:1606.08415).
typedef enum { CK_SILU = 0, CK_GELU = 1 } ck_gate;

/// a.floats = act(gate) * up, elementwise over (tokens, columns); a.blocks follow.
void ck_gated(const ck_kernels *kernels, ck_pool *pool, ck_gate act, const float *gate, const float *up, ck_activations a);

/// One product of a set that shares its input: out (tokens, rows) = input * matrix^T + bias.
typedef struct {
    ck_matrix matrix;
    const float *bias;  // (rows) or NULL
    float *out;
    size_t out_stride;  // floats from one token's row to the next
} ck_product;

/// All products in one parallel region.
void ck_multiply(const ck_kernels *kernels, ck_pool *pool, const ck_product *products, int count, ck_activations input);

// MARK: - Attention

/// Positions in one page of the key-value cache; the largest head_size.
enum { CK_PAGE = 16, CK_MAX_HEAD = 512 };

/// What attention needs to know of a model.
typedef struct {
    int heads, kv_heads, head_size;  // head_size is a multiple of 16, heads of kv_heads
    float scale;                     // multiplies every score
    bool interleaved;                // rope pairs (2i, 2i+1) if true, (i, i + half) if false
    int window;                      // positions that a token sees, its own included; 0: all
} ck_attention_shape;

/// Bytes that one layer takes in a page. Per kv head: keys (head_size, 16) then values (16, head_size), in half precision.
size_t ck_page_layer_bytes(const ck_attention_shape *shape);

/// One token of a batch: which pages hold its sequence and where it stands.
typedef struct {
    uint8_t *const *pages;  // the sequence's pages, in order
    int position;           // of this token; it sees the window that ends there
} ck_place;

/// rope's cosines and sines for `position`: table (2, head_size / 2). `factors` divide the frequencies, or NULL.
void ck_rope_row(int position, int head_size, double base, const float *factors, float *table);

/// Rotates q (tokens, heads, head_size) in place, rotates k and stores it and v (tokens, kv_heads, head_size) into the pages.
/// Where half precision does not hold a key, the position's values become NaN.
/// `rope` is a table of rows made by ck_rope_row, indexed by position. `layer_offset` bytes into each page.
void ck_rotate_store(const ck_kernels *kernels, ck_pool *pool, const ck_attention_shape *shape, const ck_place *places, size_t layer_offset,
                     const float *rope, int tokens, float *q, const float *k, const float *v);

/// out (tokens, heads, head_size) = softmax(q k^T * scale) v, causal, within the window. `scratch` holds ck_attention_scratch floats.
void ck_attend(const ck_kernels *kernels, ck_pool *pool, const ck_attention_shape *shape, const ck_place *places, size_t layer_offset,
               int tokens, const float *q, float *out, float *scratch);
/// Floats that ck_attend needs where no token sees more than `longest` positions.
size_t ck_attention_scratch(const ck_pool *pool, const ck_attention_shape *shape, int longest);

// MARK: - Logits

/// logits (count) become cap * tanh(logit / cap); cap > 0. What is infinite or not a number stays so.
void ck_cap(const ck_kernels *kernels, ck_pool *pool, float *logits, size_t count, float cap);

/// What routing and logging need of one row of logits.
typedef struct {
    int32_t argmax;       // the lowest index among equals
    int32_t second;       // of the rest
    float largest;        // logits
    float runner_up;
    float log_sum;        // log(sum(exp(logit)))
    float entropy;        // of the softmax, nats
} ck_summary;

/// Up to 2^20 columns.
void ck_summarize(const ck_kernels *kernels, ck_pool *pool, const float *logits, int rows, int columns, ck_summary *out);

/// How far one next-token distribution q lies from another one, p.
typedef struct {
    float kl;  // sum q (log q - log p), nats
    float js;  // sum (q (log q - log m) + p (log p - log m)) / 2 with m = (p + q) / 2, nats; at most log 2
} ck_divergence;

/// How far softmax(q) lies from softmax(p), given each one's logits and log(sum(exp(logit))); up to 2^20 columns.
ck_divergence ck_diverge(const ck_kernels *kernels, ck_pool *pool, const float *q, float q_log_sum, const float *p, float p_log_sum, int columns);

// MARK: - The machine's limits

/// Bytes a second that the pool's threads read together from `bytes` of memory; the best of five rounds.
double ck_read_bandwidth(ck_pool *pool, size_t bytes);
/// 8-bit multiply-adds a second of the pool's threads on registers alone; 0 where no kernel of this set multiplies bytes.
double ck_multiply_peak(ck_pool *pool, ck_isa isa);

// MARK: - Small things

/// exp as the kernels compute it: what a routing score must use to be the same on every machine. 0 below -87; x <= 88.
float ck_exp(float x);

/// log as the kernels compute it, to 1e-16; x > 0.
double ck_log(double x);

/// For memory that is cut into buffers: where a program is built with an address sanitizer, makes it stop at any access to the bytes, or at none.
/// Elsewhere they do nothing.
void ck_forbid(const void *memory, size_t bytes);
void ck_allow(const void *memory, size_t bytes);
/// Bytes that should lie between two buffers for that: 0 without a sanitizer.
size_t ck_red_zone(void);

/// Exact.
float ck_half_to_float(uint16_t h);
/// Round to nearest even; overflow becomes infinity.
uint16_t ck_float_to_half(float f);

#endif
