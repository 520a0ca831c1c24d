// SPDX-License-Identifier: Apache-2.0

/// All that is wrong with the settings, at once.
package struct ConfigurationError: Error, Equatable, Sendable {
    /// The file that the settings were read from; nil for stdin or none.
    package var path: String?
    /// In the order of the file; then what flags and environment said.
    package var faults: [ConfigurationFault]

    /// `faults` of the settings in the file at `path`.
    package init(path: String?, faults: [ConfigurationFault]) {
        self.path = path
        self.faults = faults
    }
}

/// One thing that is wrong with the settings.
package struct ConfigurationFault: Error, Equatable, Sendable {
    /// Where it was said.
    package enum Origin: Equatable, Sendable {
        case file(TextPlace)
        /// The file as a whole, or all sources together.
        case everywhere
        /// With its dashes.
        case flag(String)
        case environment(String)
    }

    /// What is wrong.
    package enum Reason: Error, Equatable, Sendable {
        /// No TOML, in the parser's words.
        case syntax(String)
        /// `known` stands for what could have been meant.
        case unknownKey(String, known: [String])
        /// A key of another table, which is empty for the top of the file.
        case misplacedKey(String, table: String)
        /// `found` is what stands there instead.
        case badValue(key: String, found: String, ExpectedValue)
        case missingKey(String)
        case tooMany(key: String, limit: Int)
        /// A value that is there twice and may be there only once.
        case repeated(key: String, value: String)
        /// The value of `key` is above that of `other`, which makes no sense.
        case exceeds(key: String, other: String)
        /// Both were given, and say the same in different ways.
        case together(key: String, other: String)
        /// A credential is named, and no service manager has put any anywhere.
        case noCredentials(String)
        /// A variable is named that is not set.
        case noVariable(String)
        /// `code` is the `errno`.
        case unreadable(path: String, code: Int32)
        case tooLarge(path: String?, limit: Int)
        /// A bound on how deep keys can lie inside each other.
        case tooManyDots(limit: Int)
    }

    package var origin: Origin
    package var reason: Reason

    /// `reason`, found at `origin`.
    package init(_ origin: Origin, _ reason: Reason) {
        self.origin = origin
        self.reason = reason
    }
}
