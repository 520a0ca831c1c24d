// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of this checkout, read once for all rules.
enum Repository {
    /// What is no text that people write: it is listed, not read.
    private static let dataKinds: Set = ["frame", "alec", "bin", "csv", "png", "svg", "gz", "zst"]

    /// What tools leave behind; hidden folders but `.ci` are passed over as well.
    private static let leftovers: Set = ["__pycache__", "node_modules"]

    static let paths: [String] = list()

    static let files: [SourceFile] = paths.compactMap(read)

    static let swift: [SourceFile] = files.filter(\.isSwift)

    /// What `rule` finds in all files.
    static func findings(_ rule: (SourceFile) -> [Finding]) -> [Finding] {
        files.flatMap(rule)
    }

    private static let root: URL = {
        // …/Tests/TidyTests/Scan/Repository.swift
        var url = URL(filePath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url
    }()

    private static func list() -> [String] {
        var paths: [String] = []
        var folders = [""]
        while let folder = folders.popLast() {
            let here = root.appending(path: folder)
            for name in (try? FileManager.default.contentsOfDirectory(atPath: here.path)) ?? [] {
                let path = folder + name
                var isFolder: ObjCBool = false
                let file = root.appending(path: path).path
                guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else {
                    continue
                }
                if !isFolder.boolValue {
                    // In a work tree `.git` is a file.
                    if name != ".git" { paths.append(path) }
                } else if name == ".ci" || !(name.hasPrefix(".") || leftovers.contains(name)) {
                    folders.append(path + "/")
                }
            }
        }
        return paths.sorted()
    }

    private static func read(_ path: String) -> SourceFile? {
        let file = root.appending(path: path).path
        guard let data = FileManager.default.contents(atPath: file),
            let text = String(data: data, encoding: .utf8)
        else { return nil }
        let source = SourceFile(
            path: path, text: text,
            isExecutable: FileManager.default.isExecutableFile(atPath: file))
        return dataKinds.contains(source.kind) ? nil : source
    }
}
