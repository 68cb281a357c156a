// The public operations: how work is cut into chunks. What a chunk computes is the instruction set's business.

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

#include "internal.h"

bool ck_isa_available(ck_isa isa) {
    switch (isa) {
        case CK_SCALAR: return true;
#if defined(__x86_64__)
        case CK_AVX2:
            return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
        case CK_AVX512:
            return ck_isa_available(CK_AVX2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
                && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
#elif defined(__aarch64__)
        case CK_NEON:
#if defined(__linux__)
            return getauxval(AT_HWCAP) & HWCAP_ASIMDDP;  // dot products, which Armv8.0 lacks
#else
            return true;
#endif
#endif
        default: return false;
    }
}

const ck_kernels *ck_kernels_for(ck_isa isa) {
    switch (isa) {
#if defined(__x86_64__)
        case CK_AVX2: return &ck_kernels_avx2;
        case CK_AVX512: return &ck_kernels_avx512;
#elif defined(__aarch64__)
        case CK_NEON: return &ck_kernels_neon;
#endif
        default: return &ck_kernels_scalar;
    }
}

size_t ck_blocks_needed(int tokens, int columns) {
    return (size_t)((tokens + CK_GROUP - 1) / CK_GROUP * CK_GROUP) * (size_t)(columns / CK_BLOCK);
}

// MARK: - Row by row

/// Rows whose work is less than a parallel region costs are done by the caller alone.
enum { SERIAL_FLOATS = 16384 };

static void run_rows(ck_pool *pool, int rows, int columns, void (*body)(void *, int, int), void *context) {
    if ((size_t)rows * (size_t)columns > SERIAL_FLOATS && rows > 1) ck_pool_run(pool, rows, body, context);
    else for (int row = 0; row < rows; row++) body(context, row, 0);
}

typedef struct {
    const ck_kernels *kernels;
    ck_activations a;
    float *x;
    const float *delta, *weight, *gate, *up;
    float epsilon;
    ck_gate act;
} row_job;

static void quantize_chunk(void *context, int t, int worker) {
    (void)worker;
    const row_job *job = context;
    const ck_activations *a = &job->a;
    const int group = t / CK_GROUP * CK_GROUP, blocks = a->columns / CK_BLOCK;
    job->kernels->quantize_row(a->floats + (size_t)t * (size_t)a->columns, a->columns,
                               a->blocks + (size_t)group * (size_t)blocks + t % CK_GROUP,
                               ck_group_tokens(a->tokens, group));
}

static void norm_chunk(void *context, int t, int worker) {
    const row_job *job = context;
    const size_t at = (size_t)t * (size_t)job->a.columns;
    job->kernels->norm_row(job->x + at, job->delta ? job->delta + at : NULL, job->weight, job->epsilon, job->a.columns, job->a.floats + at);
    quantize_chunk(context, t, worker);
}

static void gated_chunk(void *context, int t, int worker) {
    const row_job *job = context;
    const size_t at = (size_t)t * (size_t)job->a.columns;
    job->kernels->gated_row(job->act, job->gate + at, job->up + at, job->a.columns, job->a.floats + at);
    quantize_chunk(context, t, worker);
}

void ck_quantize(const ck_kernels *kernels, ck_pool *pool, ck_activations a) {
    row_job job = {.kernels = kernels, .a = a};
    run_rows(pool, a.tokens, a.columns, quantize_chunk, &job);
}

void ck_norm(const ck_kernels *kernels, ck_pool *pool, float *x, const float *delta, const float *weight, float epsilon, ck_activations a) {
    row_job job = {.kernels = kernels, .a = a, .x = x, .delta = delta, .weight = weight, .epsilon = epsilon};
    run_rows(pool, a.tokens, a.columns, norm_chunk, &job);
}

static void norm_in_place_chunk(void *context, int row, int worker) {
    (void)worker;
    const row_job *job = context;
    float *x = job->x + (size_t)row * (size_t)job->a.columns;
    job->kernels->norm_row(x, NULL, job->weight, job->epsilon, job->a.columns, x);
}

void ck_norm_in_place(const ck_kernels *kernels, ck_pool *pool, float *x, const float *weight, float epsilon, int rows, int columns) {
    row_job job = {.kernels = kernels, .a = {.columns = columns}, .x = x, .weight = weight, .epsilon = epsilon};
    run_rows(pool, rows, columns, norm_in_place_chunk, &job);
}

void ck_gated(const ck_kernels *kernels, ck_pool *pool, ck_gate act, const float *gate, const float *up, ck_activations a) {
    row_job job = {.kernels = kernels, .a = a, .gate = gate, .up = up, .act = act};
    run_rows(pool, a.tokens, a.columns, gated_chunk, &job);
}

// MARK: - Products

typedef struct {
    const ck_kernels *kernels;
    const ck_product *products;
    int count, tiles, chunk;  // tiles of all products together; tiles a chunk
    ck_activations input;
} multiplication;

static int tiles_of(const ck_product *p) { return (p->matrix.rows + CK_ROWS - 1) / CK_ROWS; }

static void multiply_chunk(void *context, int chunk, int worker) {
    (void)worker;
    const multiplication *job = context;
    int first = chunk * job->chunk;
    int end = first + job->chunk < job->tiles ? first + job->chunk : job->tiles;
    for (const ck_product *p = job->products; first < end; p++) {
        const int tiles = tiles_of(p);
        if (first < tiles) job->kernels->multiply_tiles(p, &job->input, first, end < tiles ? end : tiles);
        first = first < tiles ? 0 : first - tiles;
        end -= tiles;
    }
}

void ck_multiply(const ck_kernels *kernels, ck_pool *pool, const ck_product *products, int count, ck_activations input) {
    multiplication job = {kernels, products, count, 0, 1, input};
    for (int i = 0; i < count; i++) job.tiles += tiles_of(&products[i]);
    // Few enough chunks that each is a stream worth starting, enough that a delayed thread leaves little to wait for.
    job.chunk = job.tiles / (ck_pool_threads(pool) * 4);
    job.chunk = job.chunk < 1 ? 1 : job.chunk > 24 ? 24 : job.chunk;
    ck_pool_run(pool, (job.tiles + job.chunk - 1) / job.chunk, multiply_chunk, &job);
}

// MARK: - Attention

size_t ck_page_layer_bytes(const ck_attention_shape *shape) {
    return (size_t)shape->kv_heads * 2 * CK_PAGE * (size_t)shape->head_size * sizeof(uint16_t);
}

typedef struct {
    const ck_kernels *kernels;
    const ck_attention_shape *shape;
    const ck_place *places;
    size_t layer_offset;
    const float *rope, *k, *v;
    float *q;
    const float *q_in;
    float *out, *scratch;
    size_t scratch_stride;
} attention_job;

static size_t head_bytes(const ck_attention_shape *shape) { return ck_page_layer_bytes(shape) / (size_t)shape->kv_heads; }

static void rotate_chunk(void *context, int t, int worker) {
    (void)worker;
    const attention_job *job = context;
    const ck_attention_shape *shape = job->shape;
    const int size = shape->head_size;
    const ck_place *place = &job->places[t];
    const float *table = job->rope + (size_t)place->position * (size_t)size;
    for (int head = 0; head < shape->heads; head++)
        job->kernels->rotate_row(job->q + ((size_t)t * (size_t)shape->heads + (size_t)head) * (size_t)size, table, size, shape->interleaved);
    for (int head = 0; head < shape->kv_heads; head++) {
        const size_t at = ((size_t)t * (size_t)shape->kv_heads + (size_t)head) * (size_t)size;
        float rotated[CK_MAX_HEAD];
        uint16_t half[CK_MAX_HEAD];
        memcpy(rotated, job->k + at, (size_t)size * sizeof(float));
        job->kernels->rotate_row(rotated, table, size, shape->interleaved);
        uint16_t *keys = (uint16_t *)(void *)(place->pages[place->position / CK_PAGE] + job->layer_offset + (size_t)head * head_bytes(shape));
        uint16_t *values = keys + (size_t)size * CK_PAGE;
        const int slot = place->position % CK_PAGE;
        job->kernels->halve_row(rotated, size, half);
        int beyond = 0;  // whether a key is not finite in half precision
        for (int i = 0; i < size; i++) {
            keys[i * CK_PAGE + slot] = half[i];
            beyond |= (half[i] & 0x7C00) == 0x7C00;
        }
        job->kernels->halve_row(job->v + at, size, values + slot * size);
        // A score of minus infinity or NaN weighs nothing, as if the position were not there; its values make the failure seen.
        if (beyond) for (int i = 0; i < size; i++) values[slot * size + i] = 0x7E00;
    }
}

void ck_rotate_store(const ck_kernels *kernels, ck_pool *pool, const ck_attention_shape *shape, const ck_place *places, size_t layer_offset,
                     const float *rope, int tokens, float *q, const float *k, const float *v) {
    attention_job job = {.kernels = kernels, .shape = shape, .places = places, .layer_offset = layer_offset, .rope = rope, .q = q, .k = k, .v = v};
    run_rows(pool, tokens, shape->heads * shape->head_size, rotate_chunk, &job);
}

static void attend_chunk(void *context, int chunk, int worker) {
    const attention_job *job = context;
    const ck_attention_shape *shape = job->shape;
    const int t = chunk / shape->kv_heads, head = chunk % shape->kv_heads;
    const size_t at = ((size_t)t * (size_t)shape->heads + (size_t)head * (size_t)(shape->heads / shape->kv_heads)) * (size_t)shape->head_size;
    job->kernels->attend(shape, &job->places[t], job->layer_offset + (size_t)head * head_bytes(shape),
                         job->q_in + at, job->out + at, job->scratch + (size_t)worker * job->scratch_stride);
}

static size_t scratch_per_worker(const ck_attention_shape *shape, int longest) {
    return (size_t)(shape->heads / shape->kv_heads) * (size_t)((longest + CK_PAGE - 1) / CK_PAGE * CK_PAGE);
}

size_t ck_attention_scratch(const ck_pool *pool, const ck_attention_shape *shape, int longest) {
    return (size_t)ck_pool_threads(pool) * scratch_per_worker(shape, longest);
}

void ck_attend(const ck_kernels *kernels, ck_pool *pool, const ck_attention_shape *shape, const ck_place *places, size_t layer_offset,
               int tokens, const float *q, float *out, float *scratch) {
    int longest = 0;
    for (int t = 0; t < tokens; t++) longest = places[t].position >= longest ? places[t].position + 1 : longest;
    attention_job job = {.kernels = kernels, .shape = shape, .places = places, .layer_offset = layer_offset, .q_in = q, .out = out,
                         .scratch = scratch, .scratch_stride = scratch_per_worker(shape, longest)};
    ck_pool_run(pool, tokens * shape->kv_heads, attend_chunk, &job);
}

// MARK: - Logits

enum { SEGMENT = 8192 };  // columns that one chunk sums; sums of segments are added in order

typedef struct {
    const ck_kernels *kernels;
    const float *logits;
    int columns, segments;
    ck_summary *rows, *parts;
    float (*sums)[2];
} summary_job;

static void largest_chunk(void *context, int chunk, int worker) {
    (void)worker;
    const summary_job *job = context;
    const int row = chunk / job->segments, from = chunk % job->segments * SEGMENT;
    const int n = job->columns - from < SEGMENT ? job->columns - from : SEGMENT;
    ck_summary *part = &job->parts[chunk];
    job->kernels->largest(job->logits + (size_t)row * (size_t)job->columns + from, n, part);
    part->argmax += from;
    part->second += from;
}

static void exp_chunk(void *context, int chunk, int worker) {
    (void)worker;
    const summary_job *job = context;
    const int row = chunk / job->segments, from = chunk % job->segments * SEGMENT;
    const int n = job->columns - from < SEGMENT ? job->columns - from : SEGMENT;
    job->kernels->exp_sums(job->logits + (size_t)row * (size_t)job->columns + from, n, job->rows[row].largest, job->sums[chunk]);
}

/// The better of the first and second of two parts; indices grow from a to b, so ties stay with a.
static void join(ck_summary *a, const ck_summary *b) {
    if (b->largest > a->largest) {
        const bool old = a->largest >= b->runner_up;
        a->second = old ? a->argmax : b->second;
        a->runner_up = old ? a->largest : b->runner_up;
        a->argmax = b->argmax;
        a->largest = b->largest;
    } else if (b->largest > a->runner_up) {
        a->second = b->argmax;
        a->runner_up = b->largest;
    }
}

/// log(x) for x > 0 in double: x = m 2^e, log m = 2 atanh((m - 1) / (m + 1)) by its series, to 1e-16.
double ck_log(double x) {
    int e;
    double m = frexp(x, &e);
    if (m < 0.70710678118654752) { m *= 2; e--; }
    const double s = (m - 1) / (m + 1), s2 = s * s;
    double sum = 0;
    for (int k = 23; k >= 1; k -= 2) sum = fma(sum, s2, 1.0 / k);
    return fma((double)e, 0.69314718055994531, 2 * s * sum);
}

void ck_summarize(const ck_kernels *kernels, ck_pool *pool, const float *logits, int rows, int columns, ck_summary *out) {
    enum { BATCH = 8, SEGMENTS = 128 };  // up to a million columns, kept on the stack
    ck_summary parts[BATCH * SEGMENTS];
    float sums[BATCH * SEGMENTS][2];
    const int segments = (columns + SEGMENT - 1) / SEGMENT;
    for (int row = 0; row < rows; row += BATCH) {
        const int count = rows - row < BATCH ? rows - row : BATCH;
        summary_job job = {kernels, logits + (size_t)row * (size_t)columns, columns, segments, out + row, parts, sums};
        ck_pool_run(pool, count * segments, largest_chunk, &job);
        for (int r = 0; r < count; r++) {
            out[row + r] = parts[r * segments];
            for (int s = 1; s < segments; s++) join(&out[row + r], &parts[r * segments + s]);
        }
        ck_pool_run(pool, count * segments, exp_chunk, &job);
        for (int r = 0; r < count; r++) {
            double plain = 0, weighted = 0;
            for (int s = 0; s < segments; s++) {
                plain += sums[r * segments + s][0];
                weighted += sums[r * segments + s][1];
            }
            const double log_plain = ck_log(plain);
            out[row + r].log_sum = (float)(out[row + r].largest + log_plain);
            out[row + r].entropy = (float)(log_plain - weighted / plain);
        }
    }
}

typedef struct {
    const ck_kernels *kernels;
    const float *q, *p;
    float q_log_sum, p_log_sum;
    int columns;
    float (*sums)[2];
} diverge_job;

static void diverge_chunk(void *context, int chunk, int worker) {
    (void)worker;
    const diverge_job *job = context;
    const int from = chunk * SEGMENT, rest = job->columns - from;
    job->kernels->diverge(job->q + from, job->q_log_sum, job->p + from, job->p_log_sum, rest < SEGMENT ? rest : SEGMENT, job->sums[chunk]);
}

ck_divergence ck_diverge(const ck_kernels *kernels, ck_pool *pool, const float *q, float q_log_sum, const float *p, float p_log_sum, int columns) {
    enum { SEGMENTS = 128 };  // up to a million columns, kept on the stack
    float sums[SEGMENTS][2];
    const int segments = (columns + SEGMENT - 1) / SEGMENT;
    diverge_job job = {kernels, q, p, q_log_sum, p_log_sum, columns, sums};
    ck_pool_run(pool, segments, diverge_chunk, &job);
    double kl = 0, js = 0;
    for (int s = 0; s < segments; s++) {
        kl += sums[s][0];
        js += sums[s][1];
    }
    // Rounding may leave what is 0 a little below it.
    return (ck_divergence){kl > 0 ? (float)kl : 0, js > 0 ? (float)(js / 2) : 0};
}

typedef struct {
    const ck_kernels *kernels;
    float *logits, cap;
    size_t count;
} cap_job;

static void cap_chunk(void *context, int chunk, int worker) {
    (void)worker;
    const cap_job *job = context;
    const size_t from = (size_t)chunk * SEGMENT, rest = job->count - from;
    job->kernels->cap_row(job->logits + from, (int)(rest < SEGMENT ? rest : SEGMENT), job->cap);
}

void ck_cap(const ck_kernels *kernels, ck_pool *pool, float *logits, size_t count, float cap) {
    cap_job job = {kernels, logits, cap, count};
    ck_pool_run(pool, (int)((count + SEGMENT - 1) / SEGMENT), cap_chunk, &job);
}

// MARK: - Rotary embedding tables
//
// Once a position; in double, by our own series, so that every machine has the same angles to the bit.

static double exponential(double x) {
    const double n = rint(x * 1.4426950408889634);
    const double r = fma(n, -1.9082149292705877e-10, fma(n, -0.69314718036912382, x));
    double sum = 1;
    for (int k = 14; k >= 1; k--) sum = fma(sum, r / k, 1.0);
    return ldexp(sum, (int)n);
}

/// sin and cos of an angle below 2^25: the remainder of pi / 2 in three parts, then Taylor series.
static void sine_cosine(double angle, double *sine, double *cosine) {
    const double n = rint(angle * 0.63661977236758134);
    double r = fma(n, -1.5707963267341256, angle);
    r = fma(n, -6.0771005063039655e-11, r);
    r = fma(n, -2.0222662487959506e-21, r);
    const double r2 = r * r;
    double s = 1, c = 1;
    for (int k = 16; k >= 2; k -= 2) {
        s = fma(s, -r2 / (double)(k * (k + 1)), 1.0);
        c = fma(c, -r2 / (double)((k - 1) * k), 1.0);
    }
    s *= r;
    switch ((int64_t)n & 3) {
        case 0: *sine = s; *cosine = c; break;
        case 1: *sine = c; *cosine = -s; break;
        case 2: *sine = -s; *cosine = -c; break;
        default: *sine = -c; *cosine = s; break;
    }
}

void ck_rope_row(int position, int head_size, double base, const float *factors, float *table) {
    const int half = head_size / 2;
    for (int i = 0; i < half; i++) {
        const double frequency = exponential(-2.0 * i / head_size * ck_log(base));
        double sine, cosine;
        sine_cosine(position * (factors ? frequency / factors[i] : frequency), &sine, &cosine);
        table[i] = (float)cosine;
        table[half + i] = (float)sine;
    }
}
