// SPDX-License-Identifier: Apache-2.0

/// Numbers for people, without the libraries that usually format them.
enum CountText {
    /// Groups of three digits with a space between.
    static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (i, digit) in digits.enumerated() {
            if i > 0, (digits.count - i) % 3 == 0 { text.append(" ") }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// With exactly `places` digits behind the point; for numbers below 10^12.
    static func fixed(_ number: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (number.magnitude * scale).rounded()
        guard scaled < 9e18 else { return "\(number)" }
        var digits = String(UInt64(scaled))
        while digits.count <= places { digits = "0" + digits }
        let point = digits.index(digits.endIndex, offsetBy: -places)
        let text = places == 0 ? digits : digits[..<point] + "." + digits[point...]
        return (number < 0 ? "-" : "") + text
    }

    /// `number` of a thing: "1 line", "2 lines".
    static func counted(_ number: Int, _ thing: String, _ things: String) -> String {
        grouped(number) + " " + (number == 1 ? thing : things)
    }

    /// Fills with spaces before the text, up to `width` characters.
    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Fills with spaces behind the text.
    static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Eight hexadecimal digits.
    static func hexadecimal(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
