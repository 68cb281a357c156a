// The bounds of buffers that share a block of memory, told to an address sanitizer where there is one.

#include "internal.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#include <sanitizer/asan_interface.h>
#endif
#endif

#ifdef WATCHED
void ck_forbid(const void *memory, size_t bytes) { __asan_poison_memory_region(memory, bytes); }
void ck_allow(const void *memory, size_t bytes) { __asan_unpoison_memory_region(memory, bytes); }
size_t ck_red_zone(void) { return 64; }
#else
void ck_forbid(const void *memory, size_t bytes) { (void)memory, (void)bytes; }
void ck_allow(const void *memory, size_t bytes) { (void)memory, (void)bytes; }
size_t ck_red_zone(void) { return 0; }
#endif
