// SPDX-License-Identifier: Apache-2.0

/// A serial port of the machine, as the kernel describes it.
package struct SerialDevice: Equatable, Sendable {
    /// What a USB device says of itself.
    package struct Identity: Equatable, Sendable {
        /// Four hexadecimal digits each, in lower case.
        package var vendor: String
        package var product: String
        /// Empty where it has none.
        package var serial: String
        /// What people call it.
        package var name: String

        /// What a device with these marks is.
        package init(vendor: String, product: String, serial: String, name: String) {
            self.vendor = vendor
            self.product = product
            self.serial = serial
            self.name = name
        }
    }

    /// Below `/dev`.
    package var path: String
    /// Names that stay the same when it is plugged in elsewhere.
    package var lastingPaths: [String] = []
    package var driver: String?
    /// nil where it is no USB device.
    package var usb: Identity?

    /// A port of which nothing else is known.
    package init(path: String) { self.path = path }
}
