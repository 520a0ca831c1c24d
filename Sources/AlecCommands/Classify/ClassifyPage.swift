// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayConfiguration
internal import LineProtocols

/// Writes readings with their priorities as CSV.
struct ClassifyPage {
    /// What was written; the caller empties it.
    var text = TextBuffer()
    /// Readings of each priority, P1 first.
    private(set) var counts = [Int](repeating: 0, count: Priority.allCases.count)
    private let options: Options.Classify
    private let settings: [SensorSettings]
    private var classifier = Classifier()
    private var unit: TimeUnit?

    init(_ options: Options.Classify, _ settings: [SensorSettings]) {
        self.options = options
        self.settings = settings
    }

    mutating func append(_ readings: [LineReading], _ names: SensorNames, unit: TimeUnit?) {
        begin(unit ?? .milliseconds)
        let nameBytes = names.text
        while classifier.count < names.count {
            let name = Array(nameBytes[names.range(of: classifier.count)])
            classifier.add(options.rule(of: name, settings))
        }
        for reading in readings {
            let result = classifier.classify(
                Reading(sensor: reading.sensor, time: reading.time, value: reading.value))
            counts[Int(result.priority.rawValue) - 1] += 1
            TimeText.append(reading.time, in: self.unit ?? .milliseconds, to: &text)
            text.append(UInt8(ascii: ","))
            CSVWriter.appendName(
                nameBytes.span.extracting(names.range(of: reading.sensor)), to: &text)
            text.append(UInt8(ascii: ","))
            NumberText.appendForCSV(reading.value, to: &text)
            text.append(",P")
            text.append(decimal: UInt64(result.priority.rawValue))
            if options.explains {
                text.append(UInt8(ascii: ","))
                ReasonText.append(result.reason, to: &text)
            }
            text.append(10)
        }
    }

    private mutating func begin(_ unit: TimeUnit) {
        guard unit != self.unit else { return }
        self.unit = unit
        text.append(unit.columnName)
        text.append(",sensor,value,priority")
        text.append(options.explains ? ",reason\n" : "\n")
    }
}
