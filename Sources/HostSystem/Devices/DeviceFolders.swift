// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Where the kernel and udev tell of devices: what is there, and which one is meant.
package struct DeviceFolders: Sendable {
    /// Of the machine.
    package static let system = DeviceFolders(classes: "/sys/class/tty", devices: "/dev")

    private let classes: String
    private let devices: String
    private var lasting: String { devices + "/serial/by-id" }

    /// Terminals are described below `classes`; they and their lasting names lie in `devices`.
    package init(classes: String, devices: String) {
        self.classes = classes
        self.devices = devices
    }

    /// All serial ports that have hardware behind them, by their paths.
    package func all() -> [SerialDevice] {
        let lasting = lastingPaths()
        return names().compactMap { name in
            let folder = classes + "/" + name
            guard let device = Self.target(folder + "/device"), hasHardware(folder) else {
                return nil
            }
            var result = SerialDevice(path: devices + "/" + name)
            result.lastingPaths = lasting.filter { $0.target == result.path }.map(\.path)
            result.driver = Self.target(device + "/driver").map { Self.name(of: $0) }
            result.usb = identity(of: device)
            return result
        }
    }

    /// The devices that `place` may mean, the best first: `usb:VID:PID[:SERIAL]`, a path, or a
    /// path with `*`, `?` and `[…]`.
    package func candidates(_ place: String) -> [String] {
        if place.hasPrefix("usb:") { return paths(ofUSB: place.dropFirst("usb:".count)) }
        guard place.contains(where: { "*?[".contains($0) }) else { return [place] }
        // Filled in here, and freed whatever came of it.
        var list = unsafe glob_t()
        let code = unsafe glob(place, 0, nil, &list)
        defer { unsafe globfree(&list) }
        guard code == 0 else { return [] }
        // So many paths, each a C text, were filled in.
        return unsafe (0..<Int(list.gl_pathc)).compactMap { i in
            unsafe list.gl_pathv[i].map { unsafe String(cString: $0) }
        }
    }

    /// Where names appear when a device comes that `place` may mean.
    package func watched(_ place: String) -> [String] {
        guard !place.hasPrefix("usb:") else { return [devices] }
        let plain = place.split(separator: "/", omittingEmptySubsequences: false)
            .prefix { part in !part.contains { "*?[".contains($0) } }
        let path = plain.joined(separator: "/")
        let folder = path == place ? FileOperation.folder(of: place) : path
        return folder == devices ? [devices] : [devices, folder.isEmpty ? "/" : folder]
    }

    private func paths(ofUSB wanted: Substring) -> [String] {
        let parts = wanted.split(
            separator: ":", maxSplits: 2, omittingEmptySubsequences: false
        ).map(String.init)
        guard parts.count >= 2 else { return [] }
        return all().filter { device in
            guard let usb = device.usb else { return false }
            return usb.vendor == parts[0].lowercased() && usb.product == parts[1].lowercased()
                && (parts.count < 3 || usb.serial == parts[2])
        }.map(\.path)
    }

    private func names() -> [String] { (try? FileOperation.list(classes)) ?? [] }

    /// Boards announce ports that are not there as type 0.
    private func hasHardware(_ folder: String) -> Bool {
        guard let type = text(folder + "/type") else { return true }
        return type != "0"
    }

    private func lastingPaths() -> [(path: String, target: String)] {
        let names = (try? FileOperation.list(lasting)) ?? []
        return names.compactMap { name in
            let path = lasting + "/" + name
            return Self.target(path).map { (path, $0) }
        }
    }

    /// The device itself, or one above it, is the USB device.
    private func identity(of device: String) -> SerialDevice.Identity? {
        var folder = device
        while folder.count > 1 {
            if let vendor = text(folder + "/idVendor"), let product = text(folder + "/idProduct") {
                return SerialDevice.Identity(
                    vendor: vendor, product: product, serial: text(folder + "/serial") ?? "",
                    name: [text(folder + "/manufacturer"), text(folder + "/product")]
                        .compactMap { $0 }.joined(separator: " "))
            }
            folder = FileOperation.folder(of: folder)
        }
        return nil
    }

    private func text(_ path: String) -> String? {
        guard let bytes = (try? FileOperation.content(path, limit: 256)) ?? nil else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return String(text.reversed().drop { $0.isWhitespace }.reversed())
    }

    private static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Where the links in a path lead; nil where nothing is.
    private static func target(_ path: String) -> String? {
        // The result is ours to free.
        guard let text = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }
}
