// SPDX-License-Identifier: Apache-2.0

extension Context {
    /// Codes which readings carry remarks: gaps and runs over the readings in frame order.
    ///
    ///     |<-- gap -->|<- run ->|<- gap ->|<- run ->|<------- gap to the end ------>|
    mutating func codeAnnotations<Coder: SymbolCoder>(
        _ coder: inout Coder, _ body: inout FrameBody
    ) {
        var position = 0
        var next = 0
        while position < body.total {
            let wanted = next < body.annotations.count ? body.annotations[next] : nil
            let gap = coder.codeLength(
                (wanted?.start ?? body.total) - position, &shared.annotations.gap)
            guard gap <= body.total - position else { return coder.fail(.annotation) }
            position += gap
            if position == body.total { break }
            guard
                let run = codeRun(wanted, &coder, at: position, upTo: body.total - position)
            else { return coder.fail(.annotation) }
            if !Coder.isEncoder { body.annotations.append(run) }
            position += run.count
            next += 1
        }
        // The bit in the head promised at least one.
        if next == 0 { coder.fail(.annotation) }
    }

    private mutating func codeRun<Coder: SymbolCoder>(
        _ wanted: AnnotationRun?, _ coder: inout Coder, at start: Int, upTo most: Int
    ) -> AnnotationRun? {
        let remark = wanted?.annotation ?? .none
        let quality = coder.codeTree(
            Int(remark.quality.rawValue), &shared.annotations.quality, depth: 3)
        let priority = coder.codeTree(
            Int(remark.priority?.rawValue ?? 0), &shared.annotations.priority, depth: 3)
        let count = coder.codeLength((wanted?.count ?? 1) - 1, &shared.annotations.run) + 1
        guard let quality = Quality(rawValue: UInt8(quality)),
            priority == 0 || Priority(rawValue: UInt8(priority)) != nil
        else { return nil }
        let annotation = Annotation(
            quality: quality, priority: Priority(rawValue: UInt8(priority)))
        guard !annotation.isNone, count <= most else { return nil }
        return AnnotationRun(start: start, count: count, annotation: annotation)
    }
}

extension SymbolCoder where Self: ~Copyable {
    /// Codes a length of up to 21 bits by its bit length, then its lower bits raw.
    mutating func codeLength(
        _ value: Int, _ lengths: inout InlineArray<32, AdaptiveBit>
    ) -> Int {
        let length = codeTree(UInt64(value).bitLength, &lengths, depth: 5)
        guard length <= 21 else {
            fail(.annotation)
            return 0
        }
        guard length >= 2 else { return length }
        let top = 1 << (length - 1)
        return top | Int(codeRaw(UInt64(value & (top - 1)), bits: length - 1))
    }
}
