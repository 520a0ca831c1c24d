// SPDX-License-Identifier: Apache-2.0

internal import CToml

/// A text as TOML. All that is foreign to Swift ends here.
enum TomlDocument {
    /// Why a text is no TOML, in the parser's words.
    struct Fault: Error, Equatable {
        var text: String
        var place: TextPlace
    }

    /// The root table of `text`.
    static func parse(_ text: [UInt8]) throws(Fault) -> TomlNode {
        // The parser copies what it keeps, and frees with the document what it gave out.
        let document = unsafe text.withUnsafeBytes { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                unsafe characters.baseAddress.map {
                    unsafe ctoml_parse($0, characters.count)
                } ?? ctoml_parse("", 0)
            }
        }
        guard let document = unsafe document else {
            throw Fault(text: "out of memory", place: TextPlace(line: 1, column: 1))
        }
        defer { unsafe ctoml_free(document) }
        let fault = unsafe ctoml_fault_of(document)
        guard unsafe fault.line == 0 else {
            throw unsafe Fault(
                text: string(fault.text, fault.text_count), place: place(fault.line, fault.column))
        }
        return unsafe root(document)
    }

    /// Children stand behind their parents, so the list is put together from its end.
    private static func root(_ document: OpaquePointer) -> TomlNode {
        let count = unsafe ctoml_count(document)
        var children: [Int: [TomlNode]] = [:]
        for index in stride(from: count - 1, through: 1, by: -1) {
            // The index is below the count.
            let node = unsafe ctoml_at(document, index)
            let members = Array((children.removeValue(forKey: index) ?? []).reversed())
            unsafe children[node.parent, default: []].append(made(node, members))
        }
        let start = TextPlace(line: 1, column: 1)
        let members = Array((children[0] ?? []).reversed())
        return TomlNode(key: "", keyPlace: start, place: start, value: .table(members))
    }

    private static func made(_ node: ctoml_node, _ members: [TomlNode]) -> TomlNode {
        let value: TomlValue =
            switch unsafe node.kind {
            case .CTOML_TABLE: .table(members)
            case .CTOML_ARRAY: .array(members)
            case .CTOML_STRING: unsafe .string(string(node.text, node.text_count))
            case .CTOML_INTEGER: unsafe .integer(node.integer)
            case .CTOML_FLOAT: unsafe .float(node.number)
            case .CTOML_BOOLEAN: unsafe .boolean(node.integer != 0)
            case .CTOML_DATE: .date
            }
        return unsafe TomlNode(
            key: string(node.key, node.key_count),
            keyPlace: place(node.key_line, node.key_column),
            place: place(node.line, node.column), value: value)
    }

    /// The document lives as long as the call that asks.
    private static func string(_ start: UnsafePointer<CChar>, _ count: Int) -> String {
        let characters = unsafe UnsafeBufferPointer(start: start, count: count)
        return unsafe characters.withMemoryRebound(to: UInt8.self) {
            unsafe String(decoding: $0, as: UTF8.self)
        }
    }

    private static func place(_ line: UInt32, _ column: UInt32) -> TextPlace {
        TextPlace(line: Int(line), column: Int(column))
    }
}
