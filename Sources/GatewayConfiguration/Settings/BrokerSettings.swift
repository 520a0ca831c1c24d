// SPDX-License-Identifier: Apache-2.0

/// How a broker is reached.
package struct BrokerSettings: Equatable, Sendable {
    /// A name or an address.
    package var host: String
    /// 1883 unless told otherwise.
    package var port: UInt16 = 1883
    /// nil for no user.
    package var user: String?
    /// Where the password is read from; at most one of the three is set.
    package var passwordFile: String?
    /// The name of a credential of the service manager.
    package var passwordCredential: String?
    /// The name of a variable of the environment.
    package var passwordVariable: String?
    /// The password itself, already read from there.
    package var password: String?
    /// How long the line may be silent.
    package var keepAlive = Duration.seconds(30)
    /// The ceiling of the wait after the first failure; it doubles with each one.
    package var shortestWait = Duration.seconds(1)
    /// The ceiling never rises above it.
    package var longestWait = Duration.seconds(30)

    /// The broker at `host` and `port`.
    package init(host: String, port: UInt16 = 1883) {
        self.host = host
        self.port = port
    }
}
