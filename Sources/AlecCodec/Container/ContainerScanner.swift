// SPDX-License-Identifier: Apache-2.0

/// Looks byte by byte for something that proves itself: a record with a key frame or a table, an
/// end mark, a header. Each carries a check over all of itself, so a chance find is one in four
/// thousand million.
struct ContainerScanner {
    /// What was found.
    enum Place: Equatable {
        case record
        case endMark
        case header
    }

    private enum Answer: Equatable {
        case no
        /// Perhaps; the bytes that decide have not come yet.
        case later
        case yes(Place)
    }

    /// Bytes that may be checked per byte searched. Damaged files need a small part of this; a file
    /// made to look like a frame at every byte would else be checked a million times over.
    private static let checkedPerByte = 16
    /// The bytes that may be checked at once.
    private var budget = 4 << 20

    /// The place at or behind `start`; without one, how far there is none.
    mutating func scan(
        _ bytes: Span<UInt8>, from start: Int, isComplete: Bool
    ) -> (position: Int, place: Place?) {
        var i = start
        while i < bytes.count {
            switch probe(bytes, i) {
            case .no: break
            case .yes(let place): return (i, place)
            case .later: if !isComplete { return (i, nil) }
            }
            i += 1
            budget += Self.checkedPerByte
        }
        return (bytes.count, nil)
    }

    private mutating func probe(_ bytes: Span<UInt8>, _ i: Int) -> Answer {
        switch bytes[i] {
        case 0: Self.endMark(bytes, i)
        case ContainerHeader.mark[0]:
            // Also the first byte of a length.
            switch Self.header(bytes, i) {
            case .yes(let place): .yes(place)
            case .later: .later
            case .no: record(bytes, i)
            }
        default: record(bytes, i)
        }
    }

    private static func endMark(_ bytes: Span<UInt8>, _ i: Int) -> Answer {
        var cursor = ByteCursor(at: i, end: bytes.count)
        do throws(DecodeError) {
            _ = try ContainerTotals(bytes, &cursor)
            return .yes(.endMark)
        } catch {
            return later(error)
        }
    }

    private static func header(_ bytes: Span<UInt8>, _ i: Int) -> Answer {
        do throws(DecodeError) {
            _ = try ContainerHeader(bytes.extracting(i..<bytes.count))
            return .yes(.header)
        } catch {
            return later(error)
        }
    }

    private mutating func record(_ bytes: Span<UInt8>, _ i: Int) -> Answer {
        // A length of up to 1 MiB takes at most three bytes.
        var start = i
        var length = 0
        repeat {
            guard start < bytes.count else { return .later }
            length |= Int(bytes[start] & 127) << (7 * (start - i))
            start += 1
        } while bytes[start - 1] >= 128 && start - i < 3
        let isShortest = bytes[start - 1] != 0 && bytes[start - 1] < 128
        guard isShortest, length <= DecoderLimits.frameBytes else { return .no }
        guard start < bytes.count else { return .later }
        switch bytes[start] & ~FrameHead.TypeByte.annotated {
        case FrameHead.TypeByte.key | FrameHead.profile: return keyFrame(bytes, start, length)
        case FrameHead.TypeByte.extended | FrameHead.profile: return table(bytes, start, length)
        default: return .no
        }
    }

    private mutating func keyFrame(_ bytes: Span<UInt8>, _ start: Int, _ length: Int) -> Answer {
        do throws(DecodeError) {
            let end = min(bytes.count, start + length)
            let head = try FrameHead(bytes.extracting(start..<end))
            guard end == start + length else { return .later }
            guard takeFromBudget(length) else { return .no }
            let frame = bytes.extracting(start..<end)
            let check = FrameLink.none.check(
                frame, head: 0..<(head.byteCount - 4), payload: head.byteCount..<length)
            return check == head.check ? .yes(.record) : .no
        } catch {
            return start + length > bytes.count ? Self.later(error) : .no
        }
    }

    private mutating func table(_ bytes: Span<UInt8>, _ start: Int, _ length: Int) -> Answer {
        guard start + length <= bytes.count else { return .later }
        guard takeFromBudget(length) else { return .no }
        let frame = bytes.extracting(start..<(start + length))
        return (try? ChannelTableFrame.checked(frame)) == nil ? .no : .yes(.record)
    }

    private mutating func takeFromBudget(_ count: Int) -> Bool {
        guard budget >= count else { return false }
        budget -= count
        return true
    }

    private static func later(_ error: DecodeError) -> Answer {
        if case .truncated = error { .later } else { .no }
    }
}
