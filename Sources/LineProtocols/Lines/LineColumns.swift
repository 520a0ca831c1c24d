// SPDX-License-Identifier: Apache-2.0

/// What the cells of a line are, where the settings say so and no header does.
struct LineColumns: Sendable {
    enum Role: Equatable {
        case skipped
        /// The time of the line.
        case time(TimeNotation)
        /// A value of this sensor.
        case sensor(Int)
        /// Degrees and minutes of this sensor; the hemisphere is in the next cell.
        case degrees(Int)
    }

    private var names: [[UInt8]]
    private let rule: TimeRule
    /// Names that end in `:degrees` are of degrees and minutes.
    private let hasDegrees: Bool
    /// Empty until they are first needed.
    private(set) var roles: [Role] = []

    init(_ columns: [String], _ rule: TimeRule, hasDegrees: Bool = false) {
        names = columns.map { Array($0.utf8) }
        self.rule = rule
        self.hasDegrees = hasDegrees
    }

    var isEmpty: Bool { names.isEmpty }
    var count: Int { names.count }

    /// Gives the sensors their indexes, once.
    mutating func resolve(
        _ naming: SensorNaming,
        _ names: inout SensorNames
    ) throws(LineError) {
        guard roles.isEmpty else { return }
        var found: [Role] = []
        for (k, name) in self.names.enumerated() {
            let role = try role(of: name.span, k + 1, naming, &names)
            guard !found.contains(where: { Self.isSame($0, role) }) else {
                throw .csv(.duplicateColumn, at: 0, column: k + 1)
            }
            found.append(role)
        }
        roles = found
    }

    /// Whether the cells of the line are the names of the columns: a device says at its start
    /// what it is going to send.
    func areNames(_ line: Span<UInt8>, _ k: Int, _ start: Int, _ end: Int) -> Bool {
        guard k < names.count, names[k].count == end - start else { return false }
        for i in names[k].indices where names[k][i] != line[start + i] { return false }
        return true
    }

    private func role(
        of name: Span<UInt8>,
        _ column: Int,
        _ naming: SensorNaming,
        _ names: inout SensorNames
    ) throws(LineError) -> Role {
        let end = name.count
        if end == 1, name[0] == ASCII.underscore { return .skipped }
        if let notation = TimeNotation(columnName: name, from: 0, to: end, plain: rule.plainUnit) {
            return rule.isArrival ? .skipped : .time(notation)
        }
        let mark = LineReaderSettings.degreesMark.utf8.count
        if hasDegrees, end > mark, name.equals(":degrees", from: end - mark, to: end) {
            return .degrees(
                try naming.index(
                    of: name, from: 0, to: end - mark, at: 0, column: column, &names))
        }
        return .sensor(
            try naming.index(of: name, from: 0, to: end, at: 0, column: column, &names))
    }

    /// Whether two columns cannot both be there.
    private static func isSame(_ a: Role, _ b: Role) -> Bool {
        switch (a, b) {
        case (.time, .time): true
        case (.sensor(let a), .sensor(let b)), (.sensor(let a), .degrees(let b)),
            (.degrees(let a), .sensor(let b)), (.degrees(let a), .degrees(let b)):
            a == b
        case (.skipped, _), (_, .skipped), (.time, _), (_, .time): false
        }
    }
}

extension TimeNotation {
    /// What a column called `name` holds if it is one of times. `plain` is what counts under
    /// `time` alone.
    init?(columnName name: Span<UInt8>, from start: Int, to end: Int, plain: TimeUnit?) {
        if name.equalsIgnoringCase("time", from: start, to: end) {
            self = .anything(plain)
            return
        }
        for unit in TimeUnit.allCases
        where name.equalsIgnoringCase(unit.columnName, from: start, to: end) {
            self = .number(unit)
            return
        }
        return nil
    }
}
