// SPDX-License-Identifier: Apache-2.0

extension FrameBody {
    /// Sorts the readings of a window by channel; within a channel they keep their order.
    mutating func arrange(_ window: borrowing ReadingWindow) throws(EncodeError) {
        guard !window.isEmpty else { throw .emptyWindow }
        if let sensor = Self.count(window, &slots) { throw .unknownSensor(sensor) }
        reserve(window.count, isEncoder: true)
        var start = 0
        for c in slots.indices where slots[c].count > 0 {
            guard slots[c].count <= Self.sampleLimit else { throw .tooManySamples(sensor: c) }
            slots[c].isPresent = true
            slots[c].start = start
            start += slots[c].count
        }
        total = start
        Self.place(window, &slots, &times, &values)
        for c in slots.indices where slots[c].isPresent { slots[c].start -= slots[c].count }
        if !window.remarks.isEmpty { collectAnnotations(window) }
    }

    /// Counts the readings of each channel; a sensor that is none of the channels, if any.
    private static func count(
        _ window: borrowing ReadingWindow, _ allSlots: inout [FrameSlot]
    ) -> Int? {
        var slots = allSlots.mutableSpan
        for reading in window.readings {
            guard reading.sensor < slots.count else { return reading.sensor }
            slots[reading.sensor].count &+= 1
        }
        return nil
    }

    /// Puts each reading where its channel's part has come to.
    private static func place(
        _ window: borrowing ReadingWindow, _ allSlots: inout [FrameSlot],
        _ allTimes: inout [Int64], _ allValues: inout [Double]
    ) {
        var slots = allSlots.mutableSpan
        var times = allTimes.mutableSpan
        var values = allValues.mutableSpan
        for reading in window.readings {
            let place = slots[reading.sensor].start
            slots[reading.sensor].start = place &+ 1
            times[place] = reading.time
            values[place] = reading.value
        }
    }

    /// Joins equal remarks of neighbours, in frame order, to runs.
    private mutating func collectAnnotations(_ window: borrowing ReadingWindow) {
        Self.grow(&codes, to: total, with: 0)
        // As with the readings, `start` walks through the slot and is put back.
        for i in 0..<window.count {
            let c = window.readings[i].sensor
            codes[slots[c].start] = window.remarks[i]
            slots[c].start += 1
        }
        for c in slots.indices where slots[c].isPresent { slots[c].start -= slots[c].count }
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
