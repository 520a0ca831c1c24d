// SPDX-License-Identifier: Apache-2.0

import Glibc
import HostSystem
import TestSupport
import Testing

@Suite struct FileOperationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ text: String, to path: String) throws {
        try FileOperation.replace(path, with: Array(text.utf8).span)
    }

    private func text(_ path: String, limit: Int = 1000) throws -> String? {
        try FileOperation.content(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func replacingLeavesOneFile() throws {
        let path = folder.path(of: "a")
        #expect(try text(path) == nil)
        try write("first and long", to: path)
        try write("second", to: path)
        #expect(try text(path) == "second")
        #expect(try text(path, limit: 3) == "sec")
        #expect(try FileOperation.list(folder.path) == ["a"])
    }

    @Test func replacingInAMissingFolderIsAnError() {
        #expect(throws: SystemError(code: ENOENT)) {
            try write("x", to: folder.path(of: "missing/a"))
        }
    }

    @Test func appendingGoesOnWhereTheFileEnds() throws {
        let path = folder.path(of: "log")
        for part in ["one ", "two"] {
            let file = try FileDescriptor.appending(path)
            try file.write(Array(part.utf8).span)
            try file.synchronize()
        }
        let file = try FileDescriptor.appending(path)
        let before = try file.byteCount()
        #expect(before == 7)
        try file.truncate(to: 3)
        try file.write([UInt8(ascii: "!")].span)
        #expect(try text(path) == "one!")
        _ = try FileDescriptor.creating(path)
        #expect(try text(path) == "")
    }

    @Test func foldersAreMadeOnce() throws {
        let deep = folder.path(of: "a/b/c")
        try FileOperation.createFolder(deep)
        try FileOperation.createFolder(deep)
        #expect(try FileOperation.list(folder.path(of: "a")) == ["b"])
        #expect(try FileOperation.list(deep).isEmpty)
        try FileOperation.synchronizeFolder(deep)
        try write("x", to: folder.path(of: "file"))
        #expect(throws: SystemError(code: ENOTDIR)) {
            try FileOperation.createFolder(folder.path(of: "file/below"))
        }
        #expect(throws: SystemError(code: ENOENT)) {
            try FileOperation.list(folder.path(of: "missing"))
        }
    }

    @Test func listIsSorted() throws {
        for name in ["b", "a", "10", "9"] { try write("", to: folder.path(of: name)) }
        #expect(try FileOperation.list(folder.path) == ["10", "9", "a", "b"])
    }

    @Test func removingTwice() throws {
        let path = folder.path(of: "a")
        try write("", to: path)
        #expect(try FileOperation.remove(path))
        #expect(try !FileOperation.remove(path))
        #expect(throws: SystemError.self) { try FileOperation.remove(folder.path) }
    }

    @Test func folderOfAPath() {
        #expect(FileOperation.folder(of: "/a/b") == "/a")
        #expect(FileOperation.folder(of: "/a") == "/")
        #expect(FileOperation.folder(of: "a") == ".")
    }

    @Test func lockIsHeldByOne() throws {
        let path = folder.path(of: "lock")
        do {
            let first = try LockFile.acquire(path)
            let second = try LockFile.acquire(path)
            let (isFirst, isSecond) = (first != nil, second != nil)
            #expect(isFirst && !isSecond)
        }
        let third = try LockFile.acquire(path)
        let isThird = third != nil
        #expect(isThird)
    }
}
