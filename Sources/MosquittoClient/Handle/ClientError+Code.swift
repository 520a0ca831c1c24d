// SPDX-License-Identifier: Apache-2.0

internal import CMosquitto
internal import Glibc

extension ClientError {
    /// What the library returns when it is `errno` that tells more.
    static let systemReason = MOSQ_ERR_ERRNO.rawValue

    /// Throws what a call returned, if it is an error.
    static func check(_ code: Int32) throws(ClientError) {
        switch code {
        case MOSQ_ERR_SUCCESS.rawValue: return
        case MOSQ_ERR_NO_CONN.rawValue, MOSQ_ERR_CONN_LOST.rawValue: throw .notConnected
        case MOSQ_ERR_OVERSIZE_PACKET.rawValue: throw .tooLarge
        case MOSQ_ERR_ERRNO.rawValue: throw .system(code: errno)
        // The library leaves the code of getaddrinfo where errno is.
        case MOSQ_ERR_EAI.rawValue: throw .unresolved(code: errno)
        default: throw .library(code: code)
        }
    }

    /// The library's name for it.
    var libraryCode: Int32 {
        switch self {
        case .notConnected: MOSQ_ERR_CONN_LOST.rawValue
        case .tooLarge: MOSQ_ERR_OVERSIZE_PACKET.rawValue
        case .unresolved: MOSQ_ERR_EAI.rawValue
        case .system: MOSQ_ERR_ERRNO.rawValue
        case .library(let code): code
        }
    }
}
