// SPDX-License-Identifier: Apache-2.0
//
// What Linux has and Swift's Glibc module does not show.

#ifndef ALEC_CLINUX_SHIM_H
#define ALEC_CLINUX_SHIM_H

#include <linux/falloc.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <termios.h>

// ioctl is variadic, which Swift does not call.
static inline int alec_ioctl(int descriptor, unsigned long request) {
    return ioctl(descriptor, request);
}

// The macro casts, which Swift does not import.
static const unsigned long alec_tiocexcl = TIOCEXCL;

// prctl is variadic, and pthread_setname_np is hidden. The kernel cuts after 15 bytes.
static inline int alec_name_thread(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

// fallocate is hidden. The size of the file stays.
extern int fallocate(int, int, off_t, off_t);
static inline int alec_punch_hole(int descriptor, long offset, long count) {
    return fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, count);
}

#endif
