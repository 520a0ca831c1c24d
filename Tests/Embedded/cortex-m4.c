// SPDX-License-Identifier: Apache-2.0
// Plays the rehearsal on a Cortex-M4 without an operating system: vectors, start-up, what the
// compiler expects of a C library, and text and exit through the debugger's door (semihosting).
#include <stddef.h>
#include <stdint.h>

#include "rehearse.h"

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[];
extern uint32_t stack_bottom[], stack_top[];

enum { SYS_WRITE0 = 0x04, SYS_EXIT_EXTENDED = 0x20, STOPPED = 0x20026 };

static intptr_t semihost(intptr_t operation, const void *argument) {
    register intptr_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static _Noreturn void leave(intptr_t status) {
    const intptr_t reason[2] = {STOPPED, status};
    for (;;) semihost(SYS_EXIT_EXTENDED, reason);
}

// Text is handed over by the line: each call stops the processor.
static char line[160];
static size_t length;

static void put(uint8_t byte) {
    line[length++] = (char)byte;
    if (byte == '\n' || length == sizeof line - 1) {
        line[length] = 0;
        semihost(SYS_WRITE0, line);
        length = 0;
    }
}

static void put_text(const char *text) {
    while (*text) put((uint8_t)*text++);
}

static void put_number(const char *name, uintptr_t value) {
    char digits[12];
    size_t at = sizeof digits;
    digits[--at] = 0;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    put_text(name);
    put_text(digits + at);
    put('\n');
}

// The free stack is filled with this; what differs later was used.
static const uint32_t paint = 0xA5A5A5A5;

// Paints all but a little below the caller, where interrupts and this function itself live.
static __attribute__((noinline)) void mark_stack(void) {
    uint32_t *here = __builtin_frame_address(0);
    for (uint32_t *to = stack_bottom; to < here - 32;) *to++ = paint;
}

static __attribute__((noinline)) intptr_t stack_depth(void) {
    const uint32_t *untouched = stack_bottom;
    while (*untouched == paint) untouched++;
    return (intptr_t)__builtin_frame_address(0) - (intptr_t)untouched;
}

static intptr_t memory_gauge(int32_t question) {
    switch (question) {
    case HEAP_REQUESTS: return heap_requests();
    case HEAP_LIVE: return heap_live();
    case MARK_STACK: mark_stack(); return 0;
    case STACK_DEPTH: return stack_depth();
    default: return 0;
    }
}

static _Noreturn void start(void) {
    for (uint32_t *to = data_start, *from = data_load; to < data_end;) *to++ = *from++;
    for (uint32_t *to = bss_start; to < bss_end;) *to++ = 0;
    int32_t failures = alec_rehearse(put, memory_gauge);
    leave(failures == 0 ? 0 : 1);
}

// What the processor stacks when it stops: r0 to r3, r12, lr, pc, status.
__attribute__((used)) static _Noreturn void tell_fault(const uint32_t *stacked) {
    put('\n');
    put_number("FAULT at address ", stacked[6]);
    leave(2);
}

// Where the processor goes for anything it cannot do; a Swift trap is an undefined instruction.
__attribute__((naked)) static void fault(void) { __asm__("mov r0, sp\n\tb tell_fault"); }

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
    stack_top, start, fault, fault, fault, fault, fault, fault,
    fault,     fault, fault, fault, fault, fault, fault, fault,
};

uintptr_t __stack_chk_guard = 0x0BADF00D;

void __stack_chk_fail(void) {
    put_text("\nSTACK SMASHED\n");
    leave(3);
}

// The four functions that a C compiler may call of its own accord. Plain loops, which the
// compiler must not turn back into calls of themselves.
#define PLAIN __attribute__((no_builtin))

PLAIN void *memset(void *to, int value, size_t count) {
    unsigned char *t = to;
    while (count--) *t++ = (unsigned char)value;
    return to;
}

PLAIN void *memcpy(void *to, const void *from, size_t count) {
    unsigned char *t = to;
    const unsigned char *f = from;
    while (count--) *t++ = *f++;
    return to;
}

PLAIN void *memmove(void *to, const void *from, size_t count) {
    unsigned char *t = to;
    const unsigned char *f = from;
    if (t <= f) return memcpy(to, from, count);
    while (count--) t[count] = f[count];
    return to;
}

PLAIN int memcmp(const void *a, const void *b, size_t count) {
    const unsigned char *x = a, *y = b;
    for (; count--; x++, y++) {
        if (*x != *y) return *x - *y;
    }
    return 0;
}

// Their names in the processor's own calling rules; memset's arguments are the other way round.
void __aeabi_memcpy(void *to, const void *from, size_t count) { memcpy(to, from, count); }
void __aeabi_memcpy4(void *to, const void *from, size_t count) { memcpy(to, from, count); }
void __aeabi_memcpy8(void *to, const void *from, size_t count) { memcpy(to, from, count); }
void __aeabi_memmove(void *to, const void *from, size_t count) { memmove(to, from, count); }
void __aeabi_memmove4(void *to, const void *from, size_t count) { memmove(to, from, count); }
void __aeabi_memmove8(void *to, const void *from, size_t count) { memmove(to, from, count); }
void __aeabi_memset(void *to, size_t count, int value) { memset(to, value, count); }
void __aeabi_memset4(void *to, size_t count, int value) { memset(to, value, count); }
void __aeabi_memset8(void *to, size_t count, int value) { memset(to, value, count); }
void __aeabi_memclr(void *to, size_t count) { memset(to, 0, count); }
void __aeabi_memclr4(void *to, size_t count) { memset(to, 0, count); }
void __aeabi_memclr8(void *to, size_t count) { memset(to, 0, count); }
