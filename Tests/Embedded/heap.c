// SPDX-License-Identifier: Apache-2.0
// A small heap that keeps account: for processors without one, and to prove that frames in
// steady state take no memory. Freed blocks are given out again to requests that fit; they are
// never joined.
#include <stddef.h>
#include <stdint.h>

#include "rehearse.h"

#define ARENA_BYTES (3u << 20)
#define GRAIN 16u

typedef struct block {
    size_t size;         // of the payload behind this head
    size_t asked;        // of it, what is in use
    struct block *next;  // while free
    size_t pad;
} block;

_Static_assert(sizeof(block) % GRAIN == 0, "payloads are aligned like the arena");

static _Alignas(GRAIN) unsigned char arena[ARENA_BYTES];
static size_t used;
static block *freed;
static intptr_t requests, live;

intptr_t heap_requests(void) { return requests; }
intptr_t heap_live(void) { return live; }

static void *take(size_t size) {
    size = (size + GRAIN - 1) / GRAIN * GRAIN;
    if (size == 0) size = GRAIN;
    block *found = NULL;
    for (block **at = &freed; *at != NULL; at = &(*at)->next) {
        // A block much too large is better kept for a large request.
        if ((*at)->size >= size && (*at)->size <= 2 * size) {
            found = *at;
            *at = found->next;
            break;
        }
    }
    if (found == NULL) {
        if (size > ARENA_BYTES - used - sizeof(block)) return NULL;
        found = (block *)(arena + used);
        found->size = size;
        used += sizeof(block) + size;
    }
    requests += 1;
    found->asked = size;
    live += (intptr_t)size;
    return found + 1;
}

static void give(void *memory) {
    if (memory == NULL) return;
    block *freeing = (block *)memory - 1;
    live -= (intptr_t)freeing->asked;
    freeing->next = freed;
    freed = freeing;
}

// The names that the linker's `--wrap` puts in place of malloc, posix_memalign and free.
void *__wrap_malloc(size_t size) { return take(size); }

int __wrap_posix_memalign(void **memory, size_t alignment, size_t size) {
    *memory = alignment <= GRAIN ? take(size) : NULL;
    return *memory == NULL ? 12 : 0;
}

void __wrap_free(void *memory) { give(memory); }
