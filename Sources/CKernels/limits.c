// What this machine can do at most, so that a measured speed can be stated as a share of it.

#include "internal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static double seconds(void) {
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// MARK: - Memory

enum { PIECE = 1 << 20 };

typedef struct {
    const uint64_t *words;
    _Atomic uint64_t sum;  // kept, so that the reads are not optimised away; once a piece, it costs nothing
} reading;

static void read_piece(void *context, int piece, int worker) {
    (void)worker;
    reading *job = context;
    const uint64_t *p = job->words + (size_t)piece * (PIECE / 8);
    uint64_t s[8] = {0};
    for (int i = 0; i < PIECE / 8; i += 8)
        for (int j = 0; j < 8; j++) s[j] += p[i + j];
    atomic_fetch_add_explicit(&job->sum, s[0] + s[1] + s[2] + s[3] + s[4] + s[5] + s[6] + s[7], memory_order_relaxed);
}

double ck_read_bandwidth(ck_pool *pool, size_t bytes) {
    const int pieces = (int)(bytes / PIECE);
    uint64_t *words = aligned_alloc(64, (size_t)pieces * PIECE);
    if (!words || pieces < 1) { free(words); return 0; }
    for (size_t i = 0; i < (size_t)pieces * (PIECE / 8); i++) words[i] = i;
    reading job = {.words = words};
    double best = 0;
    for (int round = 0; round < 5; round++) {
        const double start = seconds();
        ck_pool_run(pool, pieces, read_piece, &job);
        const double rate = (double)pieces * PIECE / (seconds() - start);
        best = rate > best ? rate : best;
    }
    free(words);
    return atomic_load(&job.sum) == 1 ? 0 : best;
}

// MARK: - Integer multiply-adds

enum { ROUNDS = 1 << 20 };

#if defined(__x86_64__)
/// 16 independent chains of 64 multiply-adds each hide the instruction's latency.
__attribute__((target("avx512f,avx512vnni"))) static int32_t spin_vnni(void) {
    __m512i sums[16];
    for (int i = 0; i < 16; i++) sums[i] = _mm512_set1_epi32(i);
    __m512i a = _mm512_set1_epi8(1), b = _mm512_set1_epi8(2);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < 16; i++) sums[i] = _mm512_dpbusd_epi32(sums[i], a, b);
        __asm__ volatile("" : "+v"(a), "+v"(b));
    }
    __m512i sum = sums[0];
    for (int i = 1; i < 16; i++) sum = _mm512_add_epi32(sum, sums[i]);
    return _mm512_reduce_add_epi32(sum);
}

/// 8 chains of 32 products, each widened as avx2.c does for 4-bit weights: one widening for 8 products.
__attribute__((target("avx2"))) static int32_t spin_avx2(void) {
    __m256i sums[8];
    for (int i = 0; i < 8; i++) sums[i] = _mm256_set1_epi16((short)i);
    __m256i a = _mm256_set1_epi8(1), b = _mm256_set1_epi8(2);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < 8; i++) sums[i] = _mm256_add_epi16(sums[i], _mm256_maddubs_epi16(a, b));
        __asm__ volatile("" : "+x"(a), "+x"(b));
    }
    __m256i sum = sums[0];
    for (int i = 1; i < 8; i++) sum = _mm256_add_epi16(sum, sums[i]);
    return _mm256_extract_epi16(sum, 0);
}
#endif

static void spin(void *context, int chunk, int worker) {
    (void)chunk, (void)worker;
    volatile int32_t kept = 0;
#if defined(__x86_64__)
    kept = *(const ck_isa *)context == CK_AVX512 ? spin_vnni() : spin_avx2();
#else
    (void)context;
#endif
    (void)kept;
}

double ck_multiply_peak(ck_pool *pool, ck_isa isa) {
    if (isa != CK_AVX512 && isa != CK_AVX2) return 0;
    const double each = isa == CK_AVX512 ? 16.0 * 64 : 8.0 * 32;
    double best = 0;
    for (int round = 0; round < 5; round++) {
        const int chunks = ck_pool_threads(pool) * 4;
        const double start = seconds();
        ck_pool_run(pool, chunks, spin, &isa);
        const double rate = each * ROUNDS * chunks / (seconds() - start);
        best = rate > best ? rate : best;
    }
    return best;
}
