// A whole forward pass on the kernels alone, for machines to which the Swift decoder can't be brought (emulated ones): reads small GGUF files
// that scripts trust, and writes all logits of some texts, whose SHA-256 must be the decoder's (Tests/InferenceTests/Resources/logits.sha256).
//
//   forward SET THREADSxBATCH,... TEXTS DIRECTORY MODEL.gguf...
//
// TEXTS has a text a line, as ids. DIRECTORY/MODEL gets the logits, as (text, position, vocabulary) floats, under the first setting; each other
// setting must give the same bits. A batch of n: so many tokens a pass, of up to four texts side by side.

#include "support.h"

#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>

// MARK: - Files

typedef struct {
    char name[128];
    int columns, rows;
    ck_type type;
    const uint8_t *bytes;
} tensor;

typedef struct {
    char architecture[32];
    int width, layers, heads, kv_heads, head_size, feed_forward, window, period, vocabulary;
    float epsilon;
    double rope_base, local_rope_base;
    tensor *tensors;
    int tensor_count;
} model;

typedef struct { const uint8_t *at, *end; } cursor;

static const uint8_t *bytes_of(cursor *c, uint64_t count) {
    if (count > (uint64_t)(c->end - c->at)) die("the file ends too early");
    c->at += count;
    return c->at - count;
}
static uint64_t number_at(cursor *c, int bytes) {
    uint64_t n = 0;
    memcpy(&n, bytes_of(c, (uint64_t)bytes), (size_t)bytes);
    return n;
}
static void text_at(cursor *c, char *out, size_t room) {
    const uint64_t count = number_at(c, 8);
    const uint8_t *text = bytes_of(c, count);
    snprintf(out, room, "%.*s", (int)(count < room ? count : room - 1), (const char *)text);
}

/// The size of a value of a GGUF kind; 0: a text or an array.
static int kind_bytes(uint64_t kind) {
    static const int bytes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    if (kind >= sizeof bytes / sizeof *bytes) die("unknown kind of value %d", (int)kind);
    return bytes[kind];
}

/// Takes note of a key that a pass depends on. What it does not know and begins with the architecture's name might ask for other arithmetic.
static void take_pair(model *m, cursor *c, uint64_t *tokens) {
    char key[128];
    text_at(c, key, sizeof key);
    const uint64_t kind = number_at(c, 4);
    double value = 0;
    if (kind == 8) {
        char text[32];
        text_at(c, text, sizeof text);
        if (!strcmp(key, "general.architecture")) strcpy(m->architecture, text);
    } else if (kind == 9) {
        const uint64_t of = number_at(c, 4), count = number_at(c, 8);
        if (!strcmp(key, "tokenizer.ggml.tokens")) *tokens = count;
        for (uint64_t i = 0; i < count; i++) bytes_of(c, kind_bytes(of) ? (uint64_t)kind_bytes(of) : number_at(c, 8));
        return;
    } else {
        const uint64_t bits = number_at(c, kind_bytes(kind));
        float f;
        const uint32_t low = (uint32_t)bits;
        memcpy(&f, &low, 4);
        value = kind == 6 ? f : (double)bits;
    }
    const size_t prefix = strlen(m->architecture);
    if (!prefix || strncmp(key, m->architecture, prefix) || key[prefix] != '.') return;
    const char *name = key + prefix + 1;
    const struct { const char *name; int *place; } integers[] = {
        {"embedding_length", &m->width}, {"block_count", &m->layers}, {"attention.head_count", &m->heads},
        {"attention.head_count_kv", &m->kv_heads}, {"attention.key_length", &m->head_size}, {"feed_forward_length", &m->feed_forward},
        {"attention.sliding_window", &m->window}, {"attention.sliding_window_pattern", &m->period},
        {"rope.dimension_count", NULL}, {"context_length", NULL}, {"attention.value_length", NULL}, {"vocab_size", NULL},
    };
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
        if (strcmp(name, integers[i].name)) continue;
        if (integers[i].place) *integers[i].place = (int)value;
        return;
    }
    if (!strcmp(name, "attention.layer_norm_rms_epsilon")) m->epsilon = (float)value;
    else if (!strcmp(name, "rope.freq_base")) m->rope_base = value;
    else if (!strcmp(name, "rope.freq_base_swa")) m->local_rope_base = value;
    else die("%s: not known here", key);
}

static model read_model(const char *path) {
    const int file = open(path, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status)) die("%s can't be read", path);
    const uint8_t *start = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (start == MAP_FAILED) die("%s can't be mapped", path);
    close(file);
    cursor c = {start, start + status.st_size};
    if (number_at(&c, 4) != 0x46554747 || number_at(&c, 4) != 3) die("%s is no GGUF file of version 3", path);
    model m = {.rope_base = 10000, .local_rope_base = 10000, .period = 6};
    m.tensor_count = (int)number_at(&c, 8);
    uint64_t tokens = 0;
    for (uint64_t pairs = number_at(&c, 8); pairs > 0; pairs--) take_pair(&m, &c, &tokens);
    m.vocabulary = (int)tokens;
    if (!m.head_size) m.head_size = m.width / m.heads;
    if (!m.kv_heads) m.kv_heads = m.heads;
    m.tensors = take((size_t)m.tensor_count * sizeof *m.tensors, 64);
    for (int i = 0; i < m.tensor_count; i++) {
        tensor *t = &m.tensors[i];
        text_at(&c, t->name, sizeof t->name);
        const uint64_t dimensions = number_at(&c, 4);
        t->columns = (int)number_at(&c, 8);
        t->rows = 1;
        for (uint64_t d = 1; d < dimensions; d++) t->rows *= (int)number_at(&c, 8);
        t->type = (ck_type)number_at(&c, 4);
        if (!ck_type_supported((int)t->type)) die("%s: tensor type %d", t->name, (int)t->type);
        t->bytes = (const uint8_t *)(uintptr_t)number_at(&c, 8);  // from where the tensors begin
    }
    const uint8_t *tensors = start + (size_t)(c.at - start + 31) / 32 * 32;
    for (int i = 0; i < m.tensor_count; i++) m.tensors[i].bytes = tensors + (uintptr_t)m.tensors[i].bytes;
    return m;
}

// MARK: - Weights

typedef struct { ck_matrix matrix; const float *bias; } projection;

typedef struct {
    const float *attention_norm, *query_norm, *key_norm, *attention_output_norm, *forward_norm, *forward_output_norm;
    projection query, key, value, attention_output, gate, up, down;
} layer;

typedef struct {
    layer *layers;
    const float *output_norm, *rope_factors;
    projection output;
    const tensor *embedding;
} weights;

static const tensor *find(const model *m, const char *name) {
    for (int i = 0; i < m->tensor_count; i++)
        if (!strcmp(m->tensors[i].name, name)) return &m->tensors[i];
    return NULL;
}

__attribute__((format(printf, 2, 3))) static const tensor *find_named(const model *m, const char *format, ...) {
    char name[128];
    __builtin_va_list arguments;
    __builtin_va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    __builtin_va_end(arguments);
    return find(m, name);
}

static const float *vector(const tensor *t) {
    if (!t) return NULL;
    float *floats = take_floats((size_t)t->columns);
    ck_dequantize_row(t->type, t->bytes, t->columns, floats);
    return floats;
}

static projection repacked(const tensor *t, const tensor *bias, int rows, ck_pool *pool) {
    if (!t) die("a tensor is missing");
    uint8_t *tiles = take(ck_matrix_bytes(t->type, rows, t->columns), 64);
    ck_repack(pool, t->type, rows, t->columns, t->bytes, tiles);
    return (projection){ck_matrix_make(t->type, rows, t->columns, tiles), vector(bias)};
}

static weights load(const model *m, ck_pool *pool) {
    weights w = {.layers = take((size_t)m->layers * sizeof(layer), 64)};
    for (int i = 0; i < m->layers; i++) {
#define NORM(name) vector(find_named(m, "blk.%d." name ".weight", i))
#define MATRIX(name) repacked(find_named(m, "blk.%d." name ".weight", i), find_named(m, "blk.%d." name ".bias", i), find_named(m, "blk.%d." name ".weight", i)->rows, pool)
        w.layers[i] = (layer){
            .attention_norm = NORM("attn_norm"), .query_norm = NORM("attn_q_norm"), .key_norm = NORM("attn_k_norm"),
            .attention_output_norm = NORM("post_attention_norm"), .forward_norm = NORM("ffn_norm"), .forward_output_norm = NORM("post_ffw_norm"),
            .query = MATRIX("attn_q"), .key = MATRIX("attn_k"), .value = MATRIX("attn_v"), .attention_output = MATRIX("attn_output"),
            .gate = MATRIX("ffn_gate"), .up = MATRIX("ffn_up"), .down = MATRIX("ffn_down"),
        };
#undef NORM
#undef MATRIX
    }
    w.output_norm = vector(find(m, "output_norm.weight"));
    w.rope_factors = vector(find(m, "rope_freqs.weight"));
    w.embedding = find(m, "token_embd.weight");
    const tensor *output = find(m, "output.weight");
    w.output = repacked(output ? output : w.embedding, find(m, "output.bias"), m->vocabulary, pool);
    return w;
}

// MARK: - A pass

enum { TEXTS = 4, LONGEST = 64, MOST_ROWS = TEXTS * LONGEST };

typedef struct { int ids[LONGEST], length; } text;

typedef struct {
    const model *m;
    const weights *w;
    const ck_kernels *kernels;
    ck_pool *pool;
    ck_attention_shape shape;
    const float *rope, *local_rope;
    uint8_t **pages[TEXTS];
    float *x, *delta, *q, *k, *v, *gate, *up, *scratch;
    ck_activations normed, attended, hidden;
} state;

static void multiply(const state *s, ck_activations input, int count, const projection *by[], float *out[]) {
    ck_product list[3];
    for (int i = 0; i < count; i++) list[i] = (ck_product){by[i]->matrix, by[i]->bias, out[i], (size_t)by[i]->matrix.rows};
    ck_multiply(s->kernels, s->pool, list, count, input);
}
#define BY(...) (const projection *[]){__VA_ARGS__}
#define INTO(...) (float *[]){__VA_ARGS__}

static void normalize(const state *s, float *x, const float *weight, int rows, int columns) {
    if (weight) ck_norm_in_place(s->kernels, s->pool, x, weight, s->m->epsilon, rows, columns);
}

/// The steps of Sources/Inference/Forward.swift, for `rows` tokens all of which are read: logits (rows, vocabulary).
static void pass(state *s, const int *tokens, const ck_place *places, int rows, float *logits) {
    const model *m = s->m;
    const weights *w = s->w;
    const bool gemma = !strcmp(m->architecture, "gemma3");
    for (int t = 0; t < rows; t++) {
        const size_t row_bytes = (size_t)(m->width / ck_type_block(w->embedding->type)) * (size_t)ck_type_block_bytes(w->embedding->type);
        float *row = s->x + (size_t)t * (size_t)m->width;
        ck_dequantize_row(w->embedding->type, w->embedding->bytes + (size_t)tokens[t] * row_bytes, m->width, row);
        const float scale = sqrtf((float)m->width);
        for (int i = 0; gemma && i < m->width; i++) row[i] *= scale;
    }
    s->normed.tokens = s->attended.tokens = s->hidden.tokens = rows;
    const float *delta = NULL;
    for (int i = 0; i < m->layers; i++) {
        const layer *l = &w->layers[i];
        const bool local = gemma && (i + 1) % m->period != 0;
        const size_t offset = (size_t)i * ck_page_layer_bytes(&s->shape);
        s->shape.window = local ? m->window : 0;
        ck_norm(s->kernels, s->pool, s->x, delta, l->attention_norm, m->epsilon, s->normed);
        multiply(s, s->normed, 3, BY(&l->query, &l->key, &l->value), INTO(s->q, s->k, s->v));
        normalize(s, s->q, l->query_norm, rows * m->heads, m->head_size);
        normalize(s, s->k, l->key_norm, rows * m->kv_heads, m->head_size);
        ck_rotate_store(s->kernels, s->pool, &s->shape, places, offset, local ? s->local_rope : s->rope, rows, s->q, s->k, s->v);
        ck_attend(s->kernels, s->pool, &s->shape, places, offset, rows, s->q, s->attended.floats, s->scratch);
        ck_quantize(s->kernels, s->pool, s->attended);
        multiply(s, s->attended, 1, BY(&l->attention_output), INTO(s->delta));
        normalize(s, s->delta, l->attention_output_norm, rows, m->width);
        ck_norm(s->kernels, s->pool, s->x, s->delta, l->forward_norm, m->epsilon, s->normed);
        multiply(s, s->normed, 2, BY(&l->gate, &l->up), INTO(s->gate, s->up));
        ck_gated(s->kernels, s->pool, gemma ? CK_GELU : CK_SILU, s->gate, s->up, s->hidden);
        multiply(s, s->hidden, 1, BY(&l->down), INTO(s->delta));
        normalize(s, s->delta, l->forward_output_norm, rows, m->width);
        delta = s->delta;
    }
    ck_norm(s->kernels, s->pool, s->x, delta, w->output_norm, m->epsilon, s->normed);
    multiply(s, s->normed, 1, BY(&w->output), INTO(logits));
}

static float *rope_rows(int head_size, double base, const float *factors) {
    float *rows = take_floats((size_t)LONGEST * (size_t)head_size);
    for (int p = 0; p < LONGEST; p++) ck_rope_row(p, head_size, base, factors, rows + p * head_size);
    return rows;
}

/// All logits of all texts, (text, position, vocabulary), in passes of up to `batch` tokens.
static void run(const model *m, const weights *w, const ck_kernels *kernels, ck_pool *pool, int batch, const text *texts, int count, float *logits) {
    const size_t rows = MOST_ROWS, width = (size_t)m->width, inner = (size_t)m->feed_forward;
    const size_t queries = (size_t)m->heads * (size_t)m->head_size, keys = (size_t)m->kv_heads * (size_t)m->head_size;
    state s = {.m = m, .w = w, .kernels = kernels, .pool = pool};
    s.shape = (ck_attention_shape){m->heads, m->kv_heads, m->head_size, 1 / sqrtf((float)m->head_size), !strcmp(m->architecture, "llama"), 0};
    s.rope = rope_rows(m->head_size, m->rope_base, w->rope_factors);
    s.local_rope = rope_rows(m->head_size, m->local_rope_base, NULL);
    s.x = take_floats(rows * width), s.delta = take_floats(rows * width), s.q = take_floats(rows * queries);
    s.k = take_floats(rows * keys), s.v = take_floats(rows * keys), s.gate = take_floats(rows * inner), s.up = take_floats(rows * inner);
    s.normed = take_activations((int)rows, m->width, NULL), s.attended = take_activations((int)rows, (int)queries, NULL);
    s.hidden = take_activations((int)rows, m->feed_forward, NULL);
    s.scratch = take_floats(ck_attention_scratch(pool, &s.shape, LONGEST));
    for (int t = 0; t < count; t++) {
        s.pages[t] = take(LONGEST / CK_PAGE * sizeof(uint8_t *), 8);
        for (int p = 0; p < LONGEST / CK_PAGE; p++) s.pages[t][p] = take((size_t)m->layers * ck_page_layer_bytes(&s.shape), 64);
    }
    float *read = take_floats(rows * (size_t)m->vocabulary);
    const int side = batch < count ? batch : count, each = batch / side;
    for (int first = 0; first < count; first += side) {
        for (int from = 0; from < LONGEST; from += each) {
            int tokens[MOST_ROWS], of[MOST_ROWS], n = 0;
            ck_place places[MOST_ROWS];
            for (int t = first; t < first + side && t < count; t++)
                for (int p = from; p < from + each && p < texts[t].length; p++, n++)
                    tokens[n] = texts[t].ids[p], of[n] = t, places[n] = (ck_place){s.pages[t], p};
            if (!n) break;
            pass(&s, tokens, places, n, read);
            for (int i = 0; i < n; i++) {
                size_t row = (size_t)places[i].position;
                for (int t = 0; t < of[i]; t++) row += (size_t)texts[t].length;
                memcpy(logits + row * (size_t)m->vocabulary, read + (size_t)i * (size_t)m->vocabulary, (size_t)m->vocabulary * sizeof *logits);
            }
        }
    }
}

// MARK: - Settings

static int read_texts(const char *path, text texts[TEXTS]) {
    FILE *file = fopen(path, "r");
    char line[4096];
    int count = 0;
    if (!file) die("%s can't be read", path);
    while (fgets(line, sizeof line, file)) {
        if (count == TEXTS) die("%s: more than %d texts", path, TEXTS);
        text *t = &texts[count++];
        t->length = 0;
        for (char *id = strtok(line, " \n"); id; id = strtok(NULL, " \n")) {
            if (t->length == LONGEST) die("%s: a text of more than %d tokens", path, LONGEST);
            t->ids[t->length++] = atoi(id);
        }
    }
    fclose(file);
    return count;
}

int main(int count, char **arguments) {
    if (count < 6) die("usage: forward SET THREADSxBATCH,... TEXTS DIRECTORY MODEL.gguf...");
    int set = 0;
    while (set < SETS && strcmp(arguments[1], set_names[set])) set++;
    if (set == SETS || !ck_isa_available((ck_isa)set)) die("this machine has no %s", arguments[1]);
    struct { int threads, batch; } settings[32];
    int setting_count = 0;
    for (char *at = strtok(arguments[2], ","); at && setting_count < 32; at = strtok(NULL, ","), setting_count++)
        if (sscanf(at, "%dx%d", &settings[setting_count].threads, &settings[setting_count].batch) != 2 || settings[setting_count].batch < 1)
            die("%s: expected THREADSxBATCH", at);
    text texts[TEXTS];
    const int text_count = read_texts(arguments[3], texts);
    size_t positions = 0;
    for (int t = 0; t < text_count; t++) positions += (size_t)texts[t].length;
    if (!positions) die("%s has no text", arguments[3]);
    int compared = 0;
    for (int i = 5; i < count; i++) {
        const model m = read_model(arguments[i]);
        const size_t numbers = positions * (size_t)m.vocabulary;
        float *first = NULL;
        ck_pool *loading = ck_pool_create(1);
        const weights w = load(&m, loading);
        ck_pool_destroy(loading);
        for (int s = 0; s < setting_count; s++) {
            ck_pool *pool = ck_pool_create(settings[s].threads);
            if (!pool) die("no pool of %d threads", settings[s].threads);
            float *logits = take_floats(numbers);
            run(&m, &w, ck_kernels_for((ck_isa)set), pool, settings[s].batch, texts, text_count, logits);
            ck_pool_destroy(pool);
            if (first && memcmp(first, logits, numbers * sizeof *logits)) {
                fprintf(stderr, "%s by %s: other logits with %d threads and batches of %d\n", arguments[i], arguments[1], settings[s].threads, settings[s].batch);
                return 1;
            }
            if (!first) first = logits;
            compared++;
        }
        char path[4096];
        const char *name = strrchr(arguments[i], '/') ? strrchr(arguments[i], '/') + 1 : arguments[i];
        snprintf(path, sizeof path, "%s/%.*s", arguments[4], (int)(strlen(name) - strlen(".gguf")), name);
        FILE *file = fopen(path, "wb");
        if (!file || fwrite(first, sizeof *first, numbers, file) != numbers || fclose(file)) die("%s can't be written", path);
        release();
    }
    printf("%d models by %s: %d settings, each with the same %zu logits a model\n", count - 5, arguments[1], compared, positions);
    return 0;
}
