// SPDX-License-Identifier: Apache-2.0

/// Goes through the bytes of one segment, from record to record, over whatever is damaged.
///
/// Linear in the bytes: a head whose check holds is trusted for its size, anything else costs at
/// most one head per offset that looks like one.
struct SegmentScan {
    private let number: UInt32
    /// Where the next look falls.
    private var offset: Int
    /// Behind the last valid record, or behind a valid header.
    private(set) var validEnd: Int
    /// Damage that a valid record follows.
    private(set) var badRecords = 0
    private(set) var badBytes = 0
    /// The stretches, of which the first so many are kept.
    private(set) var damages: [SegmentDamage] = []
    private var damage = SegmentDamage()
    private static let damageLimit = 1000
    /// Bytes of holes.
    private(set) var holeBytes = 0
    /// Damage seen since the last valid record; the tail, if none follows.
    private var doubtful = 0
    let header: SegmentHeader.Finding

    init(_ bytes: Span<UInt8>, number: UInt32) {
        self.number = number
        header = SegmentHeader.read(bytes, number: number)
        switch header {
        case .valid:
            offset = SegmentHeader.byteCount
            validEnd = SegmentHeader.byteCount
        case .damaged, .version:
            offset = 0
            validEnd = 0
            doubtful = 1
            offset = nextHead(bytes, from: 0)
        }
    }

    /// The next valid record and its offset; nil at the end.
    mutating func next(_ bytes: Span<UInt8>) -> (fields: RecordFields, offset: Int)? {
        while offset < bytes.count {
            let start = offset
            let finding = RecordFormat.read(bytes, at: start, place: place(of: start))
            switch finding {
            case .valid(let fields), .damagedBody(let fields):
                let isHole = fields.kind == .hole
                guard isHole || Self.isValid(finding) else {
                    doubtful += 1
                    damage.heads += 1
                    damage.readings += Int(fields.readings)
                    offset = min(start + fields.byteCount, bytes.count)
                    continue
                }
                badRecords += doubtful
                if doubtful > 0 {
                    badBytes += start - validEnd
                    damage.range = validEnd..<start
                    noteDamage()
                }
                damage = SegmentDamage()
                doubtful = 0
                offset = min(start + fields.byteCount, bytes.count)
                validEnd = offset
                if isHole {
                    holeBytes += fields.byteCount
                    continue
                }
                return (fields, start)
            case .nothing:
                doubtful += 1
                offset = nextHead(bytes, from: start + 1)
            }
        }
        return nil
    }

    private mutating func noteDamage() {
        if damages.count < Self.damageLimit { damages.append(damage) }
    }

    private static func isValid(_ finding: RecordFormat.Finding) -> Bool {
        if case .valid = finding { true } else { false }
    }

    private func nextHead(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var at = start
        while bytes.count - at >= RecordFormat.minimumCount {
            if RecordFormat.head(bytes, at: at, place: place(of: at)) != nil { return at }
            at += 1
        }
        return bytes.count
    }

    private func place(of offset: Int) -> UInt64 { Place.make(number, offset) }
}
