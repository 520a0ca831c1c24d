// SPDX-License-Identifier: Apache-2.0

/// Which target may import what. Imports go downwards only: shell, effect, pure.
///
/// The manifest stops undeclared imports; this table stops a wrong declaration in the manifest.
enum ImportRule {
    /// Every target with the modules it may import. A new target begins here.
    static let allowed: [String: Set<String>] = [
        // Pure: bytes and values in, bytes and values out.
        "AlecCodec": [],
        "LineProtocols": [],
        "GatewayCore": ["AlecCodec", "LineProtocols"],
        // Effect: one kind each.
        "HostSystem": ["CLinux", "Glibc", "Synchronization"],
        "MosquittoClient": ["CMosquitto", "Glibc"],
        "StoreAndForward": ["AlecCodec", "CLinux", "GatewayCore", "Glibc"],
        "GatewayConfiguration": ["AlecCodec", "CToml", "GatewayCore", "Glibc"],
        // Shell: the composition.
        "GatewayAgent": [
            "AlecCodec", "GatewayConfiguration", "GatewayCore", "HostSystem", "LineProtocols",
            "MosquittoClient", "StoreAndForward", "Synchronization",
        ],
        "GatewayReceiver": [
            "AlecCodec", "GatewayConfiguration", "GatewayCore", "HostSystem", "LineProtocols",
            "MosquittoClient", "StoreAndForward", "Synchronization",
        ],
        "AlecCommands": [
            "AlecCodec", "GatewayAgent", "GatewayConfiguration", "GatewayCore", "GatewayReceiver",
            "Glibc", "HostSystem", "LineProtocols", "StoreAndForward",
        ],
        "alec": ["AlecCommands"],
        "alec-bench": [
            "AlecCodec", "CAllocationCounter", "GatewayAgent", "GatewayConfiguration",
            "GatewayCore", "Glibc", "HostSystem", "LineProtocols", "StoreAndForward",
        ],
    ]

    static func check(_ file: SourceFile) -> [Finding] {
        guard file.isProduct, let target = file.target else { return [] }
        guard let allowed = allowed[target] else {
            return [
                file.finding(
                    "\(target) is not known: say what it may import in ImportRule.allowed "
                        + "(Tests/TidyTests/Rules/ImportRule.swift)")
            ]
        }
        return imports(of: file).compactMap { module, line in
            allowed.contains(module)
                ? nil : file.finding(line, "\(target) may not import \(module)")
        }
    }

    /// Foundation doubles the size of the program and its memory.
    static func checkFoundation(_ file: SourceFile) -> [Finding] {
        guard file.isProduct else { return [] }
        return imports(of: file).compactMap { module, line in
            module.hasPrefix("Foundation")
                ? file.finding(line, "nothing linked into the product imports \(module)") : nil
        }
    }

    /// The modules imported, each with its line.
    static func imports(of file: SourceFile) -> [(module: String, line: Int)] {
        let kinds: Set = ["class", "enum", "func", "let", "protocol", "struct", "typealias", "var"]
        let words = file.code.words
        return words.indices.compactMap { i in
            guard words[i].text == "import", i + 1 < words.count else { return nil }
            let j = kinds.contains(words[i + 1].text) && i + 2 < words.count ? i + 2 : i + 1
            return (words[j].text, words[i].line)
        }
    }
}
