// What the drivers of the kernels share: memory whose neighbours can't be touched.
#ifndef SUPPORT_H
#define SUPPORT_H

#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ckernels.h"

static const char *const set_names[] = {[CK_SCALAR] = "scalar", [CK_AVX2] = "avx2", [CK_AVX512] = "avx512", [CK_NEON] = "neon"};
enum { SETS = sizeof set_names / sizeof *set_names };

__attribute__((format(printf, 1, 2), noreturn)) static void die(const char *format, ...) {
    __builtin_va_list arguments;
    __builtin_va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    __builtin_va_end(arguments);
    fputc('\n', stderr);
    exit(2);
}

// MARK: - Memory

/// Where memory lies: so that its last byte is the last of a page before one that can't be touched; its first byte the first after one; or in
/// the heap, where an address sanitizer watches the bytes around it.
typedef enum { AT_END, AT_START, IN_HEAP } placement;
static placement place_of_memory = AT_END;

typedef struct { void *start; size_t bytes; } region;
static region *regions;
static size_t region_count, region_capacity;

/// Memory of exactly so many bytes, all bits set (NaN in every float); given back by `release`.
static void *take(size_t bytes, size_t alignment) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (region_count == region_capacity) {
        region_capacity = region_capacity ? 2 * region_capacity : 64;
        regions = realloc(regions, region_capacity * sizeof *regions);
        if (!regions) die("out of memory");
    }
    region *r = &regions[region_count++];
    uint8_t *memory;
    if (place_of_memory == IN_HEAP) {
        // aligned_alloc wants whole multiples of the alignment, which would hide what lies past an odd end.
        memory = r->start = alignment <= _Alignof(max_align_t) ? malloc(bytes) : aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
        r->bytes = 0;
        if (!memory) die("out of memory");
    } else {
        const size_t whole = (bytes + page - 1) / page * page;
        r->bytes = whole + 2 * page;
        r->start = mmap(NULL, r->bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        memory = (uint8_t *)r->start + page;
        if (r->start == MAP_FAILED || (whole && mprotect(memory, whole, PROT_READ | PROT_WRITE))) die("out of memory");
        if (place_of_memory == AT_END) memory += whole - (bytes + alignment - 1) / alignment * alignment;
    }
    memset(memory, 0xFF, bytes);
    return memory;
}

static void release(void) {
    while (region_count) {
        const region r = regions[--region_count];
        if (r.bytes) munmap(r.start, r.bytes);
        else free(r.start);
    }
}

static float *take_floats(size_t count) { return take(count * sizeof(float), sizeof(float)); }

/// Activations of a batch; `floats` may be NULL.
static ck_activations take_activations(int tokens, int columns, float *floats) {
    ck_activations a = {.tokens = tokens, .columns = columns};
    a.floats = floats ? floats : take_floats((size_t)tokens * (size_t)columns);
    if (columns % 32 == 0) a.blocks = take(ck_blocks_needed(tokens, columns) * sizeof(ck_block), 64);
    return a;
}

#endif
