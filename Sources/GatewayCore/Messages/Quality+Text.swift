// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

extension Quality {
    /// The name of the quality in JSON.
    package var text: StaticString {
        switch self {
        case .good: "good"
        case .uncertain: "uncertain"
        case .bad: "bad"
        case .stale: "stale"
        case .time: "time"
        }
    }
}
