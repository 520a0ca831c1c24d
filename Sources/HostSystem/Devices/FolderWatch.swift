// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Tells that names appear in folders, or that what they stand for may be used by others: a
/// device that is plugged in is there first, and gets its rights a moment later.
package struct FolderWatch: ~Copyable {
    private static let events =
        UInt32(IN_CREATE) | UInt32(IN_MOVED_TO) | UInt32(IN_ATTRIB) | UInt32(IN_ONLYDIR)

    private let file: FileDescriptor
    /// Whether each folder is watched at present. One that is missing, as the last device in it
    /// was pulled out, is looked for again when another changes.
    private var folders: [(path: String, number: CInt?)]

    /// Watches `folders`, of which some may not exist yet.
    package init(_ folders: [String]) throws(SystemError) {
        let number = inotify_init1(CInt(IN_CLOEXEC) | CInt(IN_NONBLOCK))
        guard number >= 0 else { throw .last }
        file = .adopting(number)
        self.folders = folders.map { ($0, nil) }
        addMissing()
    }

    /// Readable while there is something that `take` tells.
    package var descriptor: CInt { file.number }

    /// Whether something changed since the last look.
    package mutating func take() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var isChanged = false
        // Which names is not looked at: who waits for a device looks for it by itself. An error
        // other than that nothing waits can only be our own misuse.
        while case .bytes? = try? file.readAtOnce(into: &buffer) { isChanged = true }
        if isChanged { addMissing() }
        return isChanged
    }

    /// Watching the same folder again does nothing, and after it was made anew, what is needed.
    private mutating func addMissing() {
        for i in folders.indices {
            // The copy of the path that Swift makes for the call outlives it.
            let number = unsafe inotify_add_watch(file.number, folders[i].path, Self.events)
            folders[i].number = number < 0 ? nil : number
        }
    }
}
