// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The variables that the process was started with.
package enum Environment {
    /// The variable `name`; nil if it is not set.
    package static func value(_ name: String) -> String? {
        // The text is copied at once; nothing in the program changes the environment.
        guard let text = unsafe getenv(name) else { return nil }
        return unsafe String(cString: text)
    }
}
