// SPDX-License-Identifier: Apache-2.0

/// The values inside the objects and arrays of one line, each with its path: `a.b`, `list.0`.
///
/// Names are cut one byte behind the longest that a sensor can have: they are as wrong then as in
/// full, and a line cannot ask for more memory than a few times its own.
struct JSONLeaves: Sendable {
    struct Leaf {
        /// Where its path is in `paths`.
        var nameStart: Int
        var nameEnd: Int
        var kind: JSONMember.Kind
        /// The value's bytes in the line.
        var start: Int
        var end: Int
        /// Of a number; of a Boolean, 0 or 1.
        var decimal: Decimal
        /// Of a text.
        var text: JSONText
    }

    private static let pathLimit = SensorNames.maximumLength + 1

    /// Nobody wants them otherwise.
    var areWanted = false
    private(set) var items: [Leaf] = []
    private(set) var paths: [UInt8] = []
    private var path: [UInt8] = []
    /// The length of the path at each object or array that is open.
    private var ends: [Int] = []
    /// The place in each array that is open, -1 for an object.
    private var places: [Int] = []

    init() {}

    /// Begins another line.
    mutating func removeAll() {
        guard !items.isEmpty else { return }
        items.removeAll(keepingCapacity: true)
        paths.removeAll(keepingCapacity: true)
    }

    /// Goes into the member of the line called `key`.
    mutating func begin(_ key: JSONText, _ line: Span<UInt8>, _ unescaped: [UInt8]) {
        guard areWanted else { return }
        path.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        add(key, line, unescaped)
    }

    /// An object or array begins.
    mutating func open(isObject: Bool) {
        guard areWanted else { return }
        ends.append(path.count)
        places.append(isObject ? -1 : 0)
        if !isObject { append(place: 0) }
    }

    /// The innermost object or array ends.
    mutating func close() {
        guard areWanted, let end = ends.popLast() else { return }
        places.removeLast()
        path.removeLast(path.count - end)
    }

    /// The next member of the innermost object is called `key`.
    mutating func next(_ key: JSONText, _ line: Span<UInt8>, _ unescaped: [UInt8]) {
        guard areWanted, let end = ends.last else { return }
        path.removeLast(path.count - end)
        append(ASCII.dot)
        add(key, line, unescaped)
    }

    /// Another element of the innermost array.
    mutating func nextElement() {
        guard areWanted, let end = ends.last, let place = places.last else { return }
        path.removeLast(path.count - end)
        places[places.count - 1] = place + 1
        append(place: place + 1)
    }

    /// A value that is no object and no array.
    mutating func add(
        _ kind: JSONMember.Kind, _ start: Int, _ end: Int, _ decimal: Decimal, _ text: JSONText
    ) {
        guard areWanted else { return }
        let nameStart = paths.count
        paths.append(contentsOf: path)
        items.append(
            Leaf(
                nameStart: nameStart, nameEnd: paths.count, kind: kind, start: start, end: end,
                decimal: decimal, text: text))
    }

    private mutating func add(_ key: JSONText, _ line: Span<UInt8>, _ unescaped: [UInt8]) {
        for i in key.start..<key.end { append(key.isUnescaped ? unescaped[i] : line[i]) }
    }

    private mutating func append(_ byte: UInt8) {
        if path.count < Self.pathLimit { path.append(byte) }
    }

    private mutating func append(place: Int) {
        path.append(place: place)
        if path.count > Self.pathLimit { path.removeLast(path.count - Self.pathLimit) }
    }
}
