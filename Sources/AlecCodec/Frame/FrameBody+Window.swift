// SPDX-License-Identifier: Apache-2.0

extension FrameBody {
    /// Sorts the readings of a window by channel; within a channel they keep their order.
    mutating func arrange(_ window: borrowing ReadingWindow) throws(EncodeError) {
        guard !window.isEmpty else { throw .emptyWindow }
        for sensor in window.sensors {
            guard Int(sensor) < slots.count else { throw .unknownSensor(Int(sensor)) }
            slots[Int(sensor)].count &+= 1
        }
        reserve(window.count, isEncoder: true)
        var start = 0
        for c in slots.indices where slots[c].count > 0 {
            guard slots[c].count <= Self.sampleLimit else { throw .tooManySamples(sensor: c) }
            slots[c].isPresent = true
            slots[c].start = start
            start += slots[c].count
        }
        total = start
        for i in 0..<window.count {
            let c = Int(window.sensors[i])
            let place = slots[c].start
            slots[c].start = place &+ 1
            times[place] = window.times[i]
            values[place] = window.values[i]
        }
        for c in slots.indices where slots[c].isPresent { slots[c].start -= slots[c].count }
        if !window.remarks.isEmpty { collectAnnotations(window) }
    }

    /// Rounds the values of the channels that may lose precision.
    mutating func quantise(_ quantisers: borrowing [Quantiser]) {
        for c in 0..<min(quantisers.count, slots.count)
        where slots[c].isPresent && quantisers[c].step > 0 {
            for i in slots[c].start..<(slots[c].start + slots[c].count) {
                values[i] = quantisers[c].quantise(values[i])
            }
        }
    }

    /// Joins equal remarks of neighbours, in frame order, to runs.
    private mutating func collectAnnotations(_ window: borrowing ReadingWindow) {
        var next = slots
        var codes = [UInt8](repeating: 0, count: total)
        for i in 0..<window.count {
            let c = Int(window.sensors[i])
            codes[next[c].start] = window.remarks[i]
            next[c].start += 1
        }
        var i = 0
        while i < total {
            let start = i
            while i < total, codes[i] == codes[start] { i += 1 }
            guard codes[start] != 0 else { continue }
            annotations.append(
                AnnotationRun(
                    start: start, count: i - start, annotation: Annotation(code: codes[start])))
        }
    }
}
