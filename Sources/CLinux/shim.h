// SPDX-License-Identifier: Apache-2.0
//
// What Linux has and Swift's Glibc module does not show.

#ifndef ALEC_CLINUX_SHIM_H
#define ALEC_CLINUX_SHIM_H

#include <glob.h>
#include <linux/falloc.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <termios.h>

// ioctl is variadic, which Swift does not call.
static inline int alec_ioctl(int descriptor, unsigned long request) {
    return ioctl(descriptor, request);
}

// The macro casts, which Swift does not import.
static const unsigned long alec_tiocexcl = TIOCEXCL;

// How many bytes wait to be read; negative after an error.
static inline int alec_waiting(int descriptor) {
    int count = 0;
    return ioctl(descriptor, FIONREAD, &count) < 0 ? -1 : count;
}

// Speeds without a name need a structure whose header cannot stand beside <termios.h>. This is how
// x86, ARM and RISC-V have it, and what the generic headers say.
struct alec_speeds {
    uint32_t iflag, oflag, cflag, lflag;
    uint8_t line, cc[19];
    uint32_t input, output;
};
#define ALEC_TCGETS2 _IOR('T', 0x2A, struct alec_speeds)
#define ALEC_TCSETS2 _IOW('T', 0x2B, struct alec_speeds)
#define ALEC_SPEED_BITS 0010017u
#define ALEC_SPEED_OTHER 0010000u

// Sets any speed; negative after an error.
static inline int alec_set_speed(int descriptor, uint32_t speed) {
    struct alec_speeds settings;
    if (ioctl(descriptor, ALEC_TCGETS2, &settings) < 0) return -1;
    settings.cflag &= ~(ALEC_SPEED_BITS | (ALEC_SPEED_BITS << 16));
    settings.cflag |= ALEC_SPEED_OTHER;
    settings.input = speed;
    settings.output = speed;
    return ioctl(descriptor, ALEC_TCSETS2, &settings);
}

// The speed that the device really has; 0 after an error.
static inline uint32_t alec_speed(int descriptor) {
    struct alec_speeds settings;
    return ioctl(descriptor, ALEC_TCGETS2, &settings) < 0 ? 0 : settings.output;
}

// The header shows it to GNU programs only.
extern int posix_spawn_file_actions_addclosefrom_np(
    posix_spawn_file_actions_t *actions, int from);

// The macros that take a status apart are none that Swift imports.
static inline int alec_exit_status(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
static inline int alec_ending_signal(int status) {
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

// Whether the kernel knows of something that keeps the wall clock right; asks and sets nothing.
static inline int alec_clock_is_synchronised(void) {
    struct timex status = {0};
    int state = adjtimex(&status);
    return state >= 0 && state != TIME_ERROR;
}

// prctl is variadic, and pthread_setname_np is hidden. The kernel cuts after 15 bytes.
static inline int alec_name_thread(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

// accept4 is hidden. Nobody asks for the address of the other side.
extern int accept4(int, struct sockaddr *, socklen_t *, int);
static inline int alec_accept(int descriptor) {
    return accept4(descriptor, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

// fallocate is hidden. The size of the file stays.
extern int fallocate(int, int, off_t, off_t);
static inline int alec_punch_hole(int descriptor, long offset, long count) {
    return fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, count);
}

#endif
