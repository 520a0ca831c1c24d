// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AlecCommands

@Suite struct TextTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1 000"), (-1_234_567, "-1 234 567"),
    ])
    func digitsComeInGroups(number: Int, text: String) {
        #expect(CountText.grouped(number) == text)
    }

    @Test(arguments: [
        (0.0, 2, "0.00"), (1.005, 1, "1.0"), (0.05, 1, "0.1"), (-2.5, 0, "-3"),
        (123.456, 3, "123.456"), (0.0004, 3, "0.000"), (1e300, 2, "1e+300"),
    ])
    func placesAreFixed(number: Double, places: Int, text: String) {
        #expect(CountText.fixed(number, places: places) == text)
    }

    @Test(arguments: [
        ("frame", "frame", 0), ("framez", "frame", 1), ("", "abc", 3), ("kitten", "sitting", 3),
    ])
    func distanceCountsChanges(a: String, b: String, distance: Int) {
        #expect(EditDistance.between(a, b) == distance)
    }

    @Test func jsonIsEscaped() {
        var json = JSONText()
        json.add("a", "x\"\\\n")
        json.add("b", true)
        json.add("c", 1.5, places: 2)
        #expect(json.text == #"{"a":"x\"\\\u000a","b":true,"c":1.50}"#)
    }

    @Test func everyOptionOfThePageIsKnown() throws {
        let values = [
            "--format": "csv", "--frame": "3", "--group": "2", "--max-error": "a=1",
            "--time-unit": "ms", "--limit": "a=1..", "--step": "a=1", "--sensors": "2",
            "--rate": "0.5",
            "--config": "f", "--broker": "b", "--site": "s", "--state-dir": "/d", "--input": "-",
            "--durability": "ram", "--delivery": "broker", "--drain": "3", "--seconds": "3",
            "--seed": "1", "--pace": "none", "--start": "0", "--id": "r", "--sink": "mqtt",
            "--profile": "lan", "--socket": "s",
        ]
        for command in CommandName.allCases where command != .help {
            for option in HelpText.options(of: command) {
                let action: [String] =
                    switch command {
                    case .serial where option != "--help": ["list"]
                    case .config: ["schema"]
                    default: []
                    }
                let arguments =
                    [command.rawValue] + action + [option] + (values[option].map { [$0] } ?? [])
                #expect(throws: Never.self, "\(arguments)") { _ = try Invocation(arguments) }
            }
        }
    }

    @Test func dashesEndOptionsAndFilesAreOne() throws {
        #expect(try Invocation(["decode", "--", "--odd"]) == .decode(.init(path: "--odd")))
        #expect(try Invocation(["decode", "-"]) == .decode(.init(path: nil)))
        #expect(
            try Invocation(["classify", "--limit", "a=b=-3..", "f"])
                == .classify(
                    .init(
                        path: "f",
                        limits: [SensorSetting(sensor: "a=b", value: -3...Double.infinity)])))
        #expect(throws: CommandError.usage(.twoFiles("a", "b", .decode))) {
            _ = try Invocation(["decode", "a", "b"])
        }
    }
}
