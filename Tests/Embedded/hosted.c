// SPDX-License-Identifier: Apache-2.0
// Plays the rehearsal as a program of an operating system.
#include <stdio.h>

#include "rehearse.h"

static void put(uint8_t byte) { putchar(byte); }

static intptr_t memory_gauge(int32_t question) {
#ifdef OWN_HEAP
    if (question == HEAP_REQUESTS) return heap_requests();
    if (question == HEAP_LIVE) return heap_live();
#endif
    (void)question;
    return 0;
}

int main(void) { return alec_rehearse(put, memory_gauge) == 0 ? 0 : 1; }
