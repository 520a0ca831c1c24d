// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Starts programs.
enum ProcessStart {
    /// Starts `words` in a process group of its own, without signals blocked or ignored, its
    /// stdout at `output`, its stdin empty, and no other descriptor of ours but stderr.
    static func spawn(_ words: [String], output: CInt) throws(SystemError) -> pid_t {
        guard !words.isEmpty else { throw SystemError(code: ENOENT) }
        // These calls and those below fill in local structures, which are destroyed at the end.
        var actions = unsafe posix_spawn_file_actions_t()
        try check(unsafe posix_spawn_file_actions_init(&actions))
        defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
        try check(unsafe posix_spawn_file_actions_adddup2(&actions, output, 1))
        try check(unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0))
        // Libraries open descriptors of theirs that a new program would keep.
        try check(unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3))
        var attributes = posix_spawnattr_t()
        try check(unsafe posix_spawnattr_init(&attributes))
        defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
        try setSignals(&attributes)
        try check(unsafe posix_spawnattr_setpgroup(&attributes, 0))

        // Copies that live until they are freed; the list ends with a nil.
        var arguments = unsafe words.map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        defer { for i in unsafe arguments.indices { unsafe free(arguments[i]) } }
        var process: pid_t = 0
        // The new program gets a copy of all of it.
        try check(
            unsafe posix_spawnp(
                &process, words[0], &actions, &attributes, arguments, environ))
        return process
    }

    /// Ours are blocked, as one thread collects them, and broken pipes are ignored.
    private static func setSignals(
        _ attributes: inout posix_spawnattr_t
    ) throws(SystemError) {
        var none = sigset_t()
        var all = sigset_t()
        // The sets are locals, copied into the attributes.
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        try check(unsafe posix_spawnattr_setsigmask(&attributes, &none))
        try check(unsafe posix_spawnattr_setsigdefault(&attributes, &all))
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        try check(unsafe posix_spawnattr_setflags(&attributes, CShort(flags)))
    }

    /// These calls give their `errno` back.
    private static func check(_ code: CInt) throws(SystemError) {
        guard code == 0 else { throw SystemError(code: code) }
    }
}
