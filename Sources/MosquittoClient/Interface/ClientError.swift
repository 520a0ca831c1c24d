// SPDX-License-Identifier: Apache-2.0

/// Why the client did not do what it was asked.
package enum ClientError: Error, Equatable, Sendable {
    /// There is no connection, or it just ended. Nothing was kept: ask again on the next one.
    case notConnected
    /// The broker's limit for a packet is smaller. It will not go on this connection.
    case tooLarge
    /// The name has no address now; a code of `getaddrinfo`.
    case unresolved(code: Int32)
    /// The operating system refused, by its `errno`.
    case system(code: Int32)
    /// The library refused, by its `MOSQ_ERR_…`: it does not take the topic, filter or setting.
    case library(code: Int32)
}
