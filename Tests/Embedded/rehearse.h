// SPDX-License-Identifier: Apache-2.0
// What the Swift side of the rehearsal and the C side know of each other.
#ifndef REHEARSE_H
#define REHEARSE_H

#include <stdint.h>

// What may be asked about memory; `MemoryGauge` is the Swift side.
enum memory_question { HEAP_REQUESTS, HEAP_LIVE, MARK_STACK, STACK_DEPTH };

// Plays all scenarios and writes their transcript byte by byte; the number of failures.
int32_t alec_rehearse(void (*sink)(uint8_t), intptr_t (*memory)(int32_t question));

// The heap of heap.c: requests so far, and bytes in use now.
intptr_t heap_requests(void);
intptr_t heap_live(void);

#endif
