// A small thread pool: chunks are taken one by one from a shared counter, so a thread that the system slows down takes fewer.
// A waiting thread spins for about as long as the serial code between two parallel regions takes, then sleeps: on a busy
// machine a spinning thread would steal the time of the one it waits for.

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "internal.h"

// The current job in one word, so that taking a chunk and checking which job it belongs to is one atomic step:
// generation (24 bits) | chunks (20) | next chunk (20).
#define FIELD 20
#define MASK ((1u << FIELD) - 1)
#define NEXT(state) ((int)((state) & MASK))
#define CHUNKS(state) ((int)(((state) >> FIELD) & MASK))
#define GENERATION(state) ((state) >> (2 * FIELD))

enum { SPINS = 4000 };

struct ck_pool {
    _Alignas(64) _Atomic uint64_t state;
    _Alignas(64) _Atomic int finished;  // chunks of the current job
    _Atomic int sleeping;               // workers
    _Atomic bool caller_sleeps, stop;
    void (*body)(void *, int, int);
    void *context;
    pthread_mutex_t mutex;
    pthread_cond_t work, done;
    int threads;
    pthread_t *handles;
};

typedef struct { ck_pool *pool; int worker; } start;

static inline void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Takes and runs chunks of the job of `generation` until none is left.
static void take_chunks(ck_pool *pool, uint64_t generation, int worker) {
    uint64_t state = atomic_load(&pool->state);
    for (;;) {
        if (GENERATION(state) != generation || NEXT(state) >= CHUNKS(state)) return;
        if (!atomic_compare_exchange_weak(&pool->state, &state, state + 1)) continue;
        // This chunk is ours and not finished, so the job, and with it body and context, stays.
        pool->body(pool->context, NEXT(state), worker);
        const int chunks = CHUNKS(state);
        if (atomic_fetch_add(&pool->finished, 1) + 1 == chunks && atomic_load(&pool->caller_sleeps)) {
            pthread_mutex_lock(&pool->mutex);
            pthread_cond_signal(&pool->done);
            pthread_mutex_unlock(&pool->mutex);
        }
        state = atomic_load(&pool->state);
    }
}

static void *work(void *argument) {
    start s = *(start *)argument;
    free(argument);
    ck_pool *pool = s.pool;
    uint64_t seen = 0;
    for (;;) {
        uint64_t generation = seen;
        for (int i = 0; i < SPINS && generation == seen; i++) {
            generation = GENERATION(atomic_load_explicit(&pool->state, memory_order_acquire));
            if (generation == seen) relax();
        }
        if (generation == seen) {
            pthread_mutex_lock(&pool->mutex);
            atomic_fetch_add(&pool->sleeping, 1);
            while ((generation = GENERATION(atomic_load(&pool->state))) == seen && !atomic_load(&pool->stop))
                pthread_cond_wait(&pool->work, &pool->mutex);
            atomic_fetch_sub(&pool->sleeping, 1);
            pthread_mutex_unlock(&pool->mutex);
        }
        if (atomic_load(&pool->stop)) return NULL;
        seen = generation;
        take_chunks(pool, generation, s.worker);
    }
}

ck_pool *ck_pool_create(int threads) {
    ck_pool *pool = threads < 1 ? NULL : aligned_alloc(64, sizeof *pool);
    if (!pool) return NULL;
    memset(pool, 0, sizeof *pool);
    pool->handles = calloc((size_t)threads, sizeof *pool->handles);
    if (!pool->handles) { free(pool); return NULL; }
    pool->threads = 1;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->done, NULL);
    // A thread that can't be had is done without: results do not depend on their number.
    for (int worker = 1; worker < threads; worker++) {
        start *s = malloc(sizeof *s);
        if (!s) break;
        *s = (start){pool, worker};
        if (pthread_create(&pool->handles[worker], NULL, work, s) != 0) { free(s); break; }
        pool->threads++;
    }
    return pool;
}

void ck_pool_destroy(ck_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    atomic_store(&pool->stop, true);
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->mutex);
    for (int worker = 1; worker < pool->threads; worker++) pthread_join(pool->handles[worker], NULL);
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->done);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->handles);
    free(pool);
}

int ck_pool_threads(const ck_pool *pool) { return pool->threads; }

void ck_pool_run(ck_pool *pool, int chunks, void (*body)(void *context, int chunk, int worker), void *context) {
    if (pool->threads == 1 || chunks <= 1) {
        for (int chunk = 0; chunk < chunks; chunk++) body(context, chunk, 0);
        return;
    }
    pool->body = body;
    pool->context = context;
    atomic_store(&pool->finished, 0);
    const uint64_t generation = (GENERATION(atomic_load(&pool->state)) + 1) & 0xFFFFFF;
    atomic_store(&pool->state, generation << (2 * FIELD) | (uint64_t)chunks << FIELD);
    if (atomic_load(&pool->sleeping) > 0) {
        pthread_mutex_lock(&pool->mutex);
        pthread_cond_broadcast(&pool->work);
        pthread_mutex_unlock(&pool->mutex);
    }
    take_chunks(pool, generation, 0);
    for (int i = 0; i < SPINS && atomic_load(&pool->finished) < chunks; i++) relax();
    if (atomic_load(&pool->finished) < chunks) {
        pthread_mutex_lock(&pool->mutex);
        atomic_store(&pool->caller_sleeps, true);
        while (atomic_load(&pool->finished) < chunks) pthread_cond_wait(&pool->done, &pool->mutex);
        atomic_store(&pool->caller_sleeps, false);
        pthread_mutex_unlock(&pool->mutex);
    }
}
