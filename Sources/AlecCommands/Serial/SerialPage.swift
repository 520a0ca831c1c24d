// SPDX-License-Identifier: Apache-2.0

internal import GatewayAgent
internal import GatewayConfiguration
internal import HostSystem
internal import LineProtocols

/// What `alec serial` prints.
enum SerialPage {
    // MARK: list

    static func list(_ devices: [SerialDevice]) -> String {
        devices.map(device).joined(separator: "\n")
    }

    static let nothing = "no serial port is plugged in\n"

    private static func device(_ device: SerialDevice) -> String {
        var words = [device.path]
        if let usb = device.usb {
            words.append(place(usb))
            if !usb.name.isEmpty { words.append(usb.name) }
        }
        if let driver = device.driver { words.append("(\(driver))") }
        var text = words.joined(separator: "  ") + "\n"
        for path in device.lastingPaths { text += "  " + path + "\n" }
        // The name that lasts longest.
        let best = device.lastingPaths.first ?? device.usb.map(place) ?? device.path
        return text + "  [[input]]\n  from = \"\(best)@115200\"\n"
    }

    private static func place(_ usb: SerialDevice.Identity) -> String {
        "usb:\(usb.vendor):\(usb.product)" + (usb.serial.isEmpty ? "" : ":" + usb.serial)
    }

    // MARK: probe

    static func attempt(_ attempt: SerialProbe.Attempt) -> String {
        let baud = CountText.right("\(attempt.baud)", 8)
        switch attempt.outcome {
        case .unsupported: return baud + "  the port cannot do this speed\n"
        case .silent: return baud + "  nothing came\n"
        case .noise(let bytes):
            return baud + "  " + CountText.counted(bytes, "byte", "bytes") + ", no text\n"
        case .text(let lines):
            return baud + "  " + CountText.counted(lines, "line", "lines")
                + " of text in no known format\n"
        case .readings(let readings, let lines, let format):
            return baud + "  " + CountText.counted(lines, "line", "lines") + ", "
                + CountText.counted(readings, "reading", "readings") + ", format \(name(format))\n"
        }
    }

    /// The table to paste.
    static func table(_ place: String, _ baud: Int, _ format: LineFormat) -> String {
        "\n[[input]]\nfrom = \"\(place)@\(baud)\"\nformat = \"\(name(format))\"\n"
    }

    static func name(_ format: LineFormat) -> String {
        InputSettings.Format.allCases.first { $0.lineFormat == format }?.rawValue ?? "auto"
    }

    static let silence = Notes.message(
        "the device sent nothing", cause: "it sends rarely, waits for a command, or is another one",
        next: "try longer: --seconds 60; or another device: alec serial list")

    static let noise = Notes.message(
        "at no speed there were lines of text",
        cause: "another speed, another shape of a byte, or a device that sends no text",
        next: "look into its manual; alec serial trace DEVICE@BAUD shows what comes")

    static func unknown(baud: Int) -> String {
        Notes.message(
            "there is text at \(baud), but in no known format",
            next: "alec serial trace DEVICE@\(baud) tells why each line is refused")
    }

    // MARK: trace

    static func line(
        _ bytes: [UInt8], _ finding: LineTrace.Finding, in trace: LineTrace, wall: Int64
    ) -> String {
        var text = clock(wall) + "  " + visible(bytes) + "\n"
        switch finding {
        case .part: text += "    part of a line, left out\n"
        case .tooLong:
            text +=
                "    longer than \(CountText.grouped(LineSplitter.defaultMaximumLength)) bytes\n"
        case .nothing: break
        case .refused(let error): text += "    refused: " + LineText.what(error, in: bytes) + "\n"
        case .readings:
            for item in trace.readings.items {
                let name = trace.names.text[trace.names.range(of: item.sensor)]
                text += "    " + String(decoding: name, as: UTF8.self) + " = \(item.value)\n"
            }
        }
        return text
    }

    /// `12:34:56.789`, in UTC.
    private static func clock(_ nanoseconds: Int64) -> String {
        let milliseconds = Int((nanoseconds / 1_000_000) % 86_400_000)
        let seconds = milliseconds / 1000
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
        let fraction = "\(1000 + milliseconds % 1000)".dropFirst()
        return two(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60) + "."
            + fraction
    }

    /// Without the carriage return that ends most lines.
    static func visible(_ bytes: [UInt8]) -> String {
        LineSample.text(bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes)
    }
}
