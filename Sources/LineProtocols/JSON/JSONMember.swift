// SPDX-License-Identifier: Apache-2.0

/// One member of a line's object: its key, and its value taken apart but not yet rounded.
struct JSONMember {
    /// What the key says about the member. The raw value is its place in `JSONRoles`.
    enum Role: Int {
        case ordinary = 0
        /// The name of the sensor; the first of these three that is there counts.
        case sensor, name, identifier
        /// The value; `value` before `v`.
        case value, v
        /// Why the value is null.
        case error
        /// Nanoseconds beyond the whole milliseconds of `ts` or `t`.
        case remainder
        case ts, t, time, timeSeconds, timeMilliseconds, timeMicroseconds, timeNanoseconds
        /// Remarks on the one reading of the line.
        case quality, priority
    }

    enum Kind {
        case number, boolean, null, text, nested
    }

    var key: JSONText
    var role: Role
    var kind: Kind
    /// The value's bytes in the line.
    var start: Int
    var end: Int
    /// Of a number; of a Boolean, 0 or 1.
    var decimal: Decimal
    /// Of a text.
    var text: JSONText

    /// The role that a key has.
    @inline(__always)
    static func role(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Role {
        func isKey(_ word: StaticString) -> Bool { bytes.equals(word, from: start, to: end) }
        switch end &- start {
        case 1:
            return switch bytes[start] {
            case UInt8(ascii: "v"): .v
            case UInt8(ascii: "t"): .t
            case UInt8(ascii: "q"): .quality
            case UInt8(ascii: "p"): .priority
            default: .ordinary
            }
        case 2:
            return isKey("ts")
                ? .ts : isKey("id") ? .identifier : isKey("ns") ? .remainder : .ordinary
        case 3: return isKey("err") ? .error : .ordinary
        case 4: return isKey("time") ? .time : isKey("name") ? .name : .ordinary
        case 5: return isKey("value") ? .value : .ordinary
        case 6: return isKey("sensor") ? .sensor : isKey("time_s") ? .timeSeconds : .ordinary
        case 7:
            guard bytes.equals("time_", from: start, to: start &+ 5) else { return .ordinary }
            return isKey("time_ms")
                ? .timeMilliseconds
                : isKey("time_us")
                    ? .timeMicroseconds : isKey("time_ns") ? .timeNanoseconds : .ordinary
        default: return .ordinary
        }
    }
}

/// Where in a line's members each role is, if it is there.
struct JSONRoles {
    /// Index + 1; slot 0 belongs to `ordinary` and is not used.
    private var places = InlineArray<17, Int>(repeating: 0)

    subscript(role: JSONMember.Role) -> Int? {
        let place = places[role.rawValue]
        return place == 0 ? nil : place &- 1
    }

    /// Enters a role; false if it was taken.
    @inline(__always)
    mutating func insert(_ role: JSONMember.Role, at index: Int) -> Bool {
        guard places[role.rawValue] == 0 else { return false }
        places[role.rawValue] = index &+ 1
        return true
    }
}
