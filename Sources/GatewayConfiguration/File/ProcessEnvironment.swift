// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The variables that the process was started with.
package enum ProcessEnvironment {
    /// The value of `name`; nil if it is not set, or set to nothing.
    package static func value(_ name: String) -> String? {
        // The text is copied at once; nothing in this program changes the environment.
        guard let found = unsafe getenv(name) else { return nil }
        let value = unsafe String(cString: found)
        return value.isEmpty ? nil : value
    }
}
