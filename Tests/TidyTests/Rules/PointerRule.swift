// SPDX-License-Identifier: Apache-2.0

/// Raw memory is handled in few files, so that a reviewer knows where to look.
enum PointerRule {
    /// The files that may, and why. One that no longer exists or no longer needs it must go.
    static let allowed: [String: String] = [
        "Sources/GatewayConfiguration/File/SettingsFile.swift": "open and read take addresses",
        "Sources/GatewayConfiguration/Toml/TomlDocument.swift": "the TOML parser is C++",
        "Sources/HostSystem/Devices/DeviceFolders.swift": "glob and realpath give C texts",
        "Sources/HostSystem/Devices/FolderWatch.swift": "inotify_add_watch takes a C text",
        "Sources/HostSystem/Devices/SerialPort.swift": "termios takes addresses",
        "Sources/HostSystem/FileDescriptor.swift": "read and write take addresses",
        "Sources/HostSystem/Files/FileDescriptor+Files.swift": "open and fstat take addresses",
        "Sources/HostSystem/Files/FileOperation.swift": "paths and entries of folders are C texts",
        "Sources/HostSystem/Files/PageFile.swift": "pwrite takes an address",
        "Sources/HostSystem/MonotonicClock.swift": "clock_gettime fills in a structure",
        "Sources/HostSystem/Process/ChildProcess.swift": "pipe and waitpid fill in locals",
        "Sources/HostSystem/Process/Environment.swift": "getenv lends a C text",
        "Sources/HostSystem/Process/HostName.swift": "gethostname fills in a buffer",
        "Sources/HostSystem/Process/JournalStream.swift": "fstat fills in a structure",
        "Sources/HostSystem/Process/ProcessStart.swift":
            "a program's arguments and signals are C structures",
        "Sources/HostSystem/Process/ServiceNotifier.swift": "a socket's address is raw memory",
        "Sources/HostSystem/Process/SignalSource.swift": "sets of signals are C structures",
        "Sources/HostSystem/Sockets/LocalAddress.swift": "a socket's address is raw memory",
        "Sources/HostSystem/Sockets/LocalListener.swift": "paths are C texts",
        "Sources/HostSystem/Sockets/LocalStream.swift": "recv and send take addresses",
        "Sources/HostSystem/Threads/EventFlag.swift": "eventfd_read fills in a counter",
        "Sources/HostSystem/Threads/Poller.swift": "poll fills in a list",
        "Sources/HostSystem/Threads/WorkerThread.swift": "a thread's argument is a raw address",
        "Sources/HostSystem/WallClock.swift": "clock_gettime fills in a structure",
        "Sources/LineProtocols/Bytes/ASCII.swift": "reads eight bytes of a span as one word",
        "Sources/LineProtocols/Bytes/TextBuffer.swift": "gives its bytes to a text of the library",
        "Sources/MosquittoClient/Handle/MosquittoCallbacks.swift":
            "the library lends what it tells",
        "Sources/MosquittoClient/Handle/MosquittoHandle.swift": "owns the library's object",
        "Sources/MosquittoClient/Handle/SocketWait.swift":
            "poll and clock_gettime fill in structures",
        "Sources/StoreAndForward/Storage/PosixFile.swift":
            "pread, pwrite and readdir take addresses",
        "Tests/Fuzz/fuzz-configuration/FuzzConfiguration.swift":
            "libFuzzer hands over an address and a count",
        "Tests/Fuzz/fuzz-decoder/FuzzDecoder.swift": "libFuzzer hands over an address and a count",
        "Tests/Fuzz/fuzz-lines/FuzzLines.swift": "libFuzzer hands over an address and a count",
        "Tests/Fuzz/fuzz-spool/FuzzSpool.swift": "libFuzzer hands over an address and a count",
        "Tests/HostSystemTests/NotifySocket.swift": "a socket's address is raw memory",
        "Tests/MosquittoClientTests/ScriptedPeer.swift": "a socket's address is raw memory",
        "Tests/TestSupport/BrokerProcess.swift": "a socket's address is raw memory",
        "bench/alec-bench/DataSet.swift": "read and readdir hand over raw bytes",
        "bench/alec-bench/JSONLine.swift": "write takes an address",
    ]

    static func check(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, allowed[file.path] == nil else { return [] }
        return uses(in: file).map { word in
            file.finding(
                word.line, "`\(word.text)`: use Span, or name the file in PointerRule.allowed")
        }
    }

    /// Entries of the table that nothing needs.
    static func stale(among files: [SourceFile]) -> [Finding] {
        allowed.keys.sorted().compactMap { path in
            let file = files.first { $0.path == path }
            if let file, !uses(in: file).isEmpty { return nil }
            return Finding(
                path: path, line: 0, message: "needs no entry in PointerRule.allowed any more")
        }
    }

    private static func uses(in file: SourceFile) -> [SwiftCode.Word] {
        let words: Set = ["Unmanaged", "OpaquePointer", "CVaListPointer"]
        return file.code.words.filter {
            words.contains($0.text) || $0.text.contains("Unsafe") || $0.text.hasPrefix("unsafe")
        }
    }
}
