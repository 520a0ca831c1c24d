// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Counts every request for memory of this process, by standing in front of the C library's own
/// functions: the linker takes the ones of the program first.
enum AllocationCounter {
    fileprivate static let requests = Atomic<Int>(0)

    /// Requests so far.
    static var count: Int { requests.load(ordering: .relaxed) }
}

@_silgen_name("__libc_malloc")
private func libraryMalloc(_ size: Int) -> UnsafeMutableRawPointer?

@_silgen_name("__libc_memalign")
private func libraryAligned(_ alignment: Int, _ size: Int) -> UnsafeMutableRawPointer?

@_silgen_name("__libc_realloc")
private func libraryRealloc(
    _ old: UnsafeMutableRawPointer?, _ size: Int
) -> UnsafeMutableRawPointer?

@_cdecl("malloc")
func countedMalloc(_ size: Int) -> UnsafeMutableRawPointer? {
    AllocationCounter.requests.add(1, ordering: .relaxed)
    return libraryMalloc(size)
}

@_cdecl("realloc")
func countedRealloc(_ old: UnsafeMutableRawPointer?, _ size: Int) -> UnsafeMutableRawPointer? {
    AllocationCounter.requests.add(1, ordering: .relaxed)
    return libraryRealloc(old, size)
}

@_cdecl("posix_memalign")
func countedAligned(
    _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ alignment: Int, _ size: Int
) -> Int32 {
    AllocationCounter.requests.add(1, ordering: .relaxed)
    result.pointee = libraryAligned(alignment, size)
    return result.pointee == nil ? ENOMEM : 0
}
