// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostSystem
import TestSupport
import Testing

/// The folders of a kernel in a temporary folder.
@Suite struct DeviceFoldersTests {
    private struct Machine {
        let folder: TemporaryFolder
        var root: String { folder.path }
        var folders: DeviceFolders {
            DeviceFolders(classes: root + "/sys/class/tty", devices: root + "/dev")
        }

        func write(_ path: String, _ text: String = "") throws {
            let url = URL(fileURLWithPath: root + "/" + path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }

        func link(_ path: String, to target: String) throws {
            let url = URL(fileURLWithPath: root + "/" + path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: url.path, withDestinationPath: root + "/" + target)
        }

        /// A USB device with one port, as the kernel shows it.
        func plug(
            _ name: String, at port: String, _ vendor: String, _ product: String, _ serial: String?
        )
            throws
        {
            let usb = "sys/devices/usb1/" + port
            try write(usb + "/idVendor", vendor + "\n")
            try write(usb + "/idProduct", product + "\n")
            if let serial { try write(usb + "/serial", serial + "\n") }
            try write(usb + "/manufacturer", "FTDI\n")
            try write(usb + "/product", "USB-Serial  \n")
            try write(usb + "/\(port):1.0/\(name)/port_number", "0\n")
            try write("sys/bus/drivers/ftdi_sio/uevent")
            try link(usb + "/\(port):1.0/\(name)/driver", to: "sys/bus/drivers/ftdi_sio")
            try link("sys/class/tty/\(name)/device", to: usb + "/\(port):1.0/\(name)")
            try write("dev/" + name)
        }
    }

    private func machine() throws -> Machine {
        let machine = Machine(folder: try TemporaryFolder())
        try machine.plug("ttyUSB0", at: "1-1", "0403", "6001", "A50285BI")
        try machine.plug("ttyUSB1", at: "1-2", "0403", "6001", nil)
        try machine.plug("ttyACM0", at: "1-3", "2341", "0043", "75:83")
        // A console has no device, and a board announces ports that are not there.
        try machine.write("sys/class/tty/tty0/dev", "4:0\n")
        try machine.write("sys/devices/platform/serial8250/uevent")
        try machine.link("sys/class/tty/ttyS0/device", to: "sys/devices/platform/serial8250")
        try machine.write("sys/class/tty/ttyS0/type", "0\n")
        try machine.link("sys/class/tty/ttyS1/device", to: "sys/devices/platform/serial8250")
        try machine.write("sys/class/tty/ttyS1/type", "4\n")
        try machine.link("dev/serial/by-id/usb-FTDI_A50285BI-if00-port0", to: "dev/ttyUSB0")
        return machine
    }

    @Test func portsAreListedWithWhatTheyAre() throws {
        let machine = try machine()
        let all = machine.folders.all()
        #expect(
            all.map(\.path)
                == ["ttyACM0", "ttyS1", "ttyUSB0", "ttyUSB1"].map {
                    machine.root + "/dev/" + $0
                })
        let port = all[2]
        #expect(port.driver == "ftdi_sio")
        #expect(
            port.lastingPaths == [machine.root + "/dev/serial/by-id/usb-FTDI_A50285BI-if00-port0"])
        #expect(port.usb?.vendor == "0403" && port.usb?.product == "6001")
        #expect(port.usb?.serial == "A50285BI" && port.usb?.name == "FTDI USB-Serial")
        #expect(all[3].usb?.serial == "" && all[3].lastingPaths.isEmpty)
        #expect(all[1].usb == nil && all[1].driver == nil)
    }

    @Test func portsAreFoundByWhatTheyAre() throws {
        let machine = try machine()
        let dev = machine.root + "/dev/"
        let folders = machine.folders
        #expect(folders.candidates("usb:0403:6001") == [dev + "ttyUSB0", dev + "ttyUSB1"])
        #expect(folders.candidates("usb:0403:6001:A50285BI") == [dev + "ttyUSB0"])
        #expect(folders.candidates("usb:2341:0043:75:83") == [dev + "ttyACM0"])
        #expect(folders.candidates("usb:2341:0044").isEmpty)
        #expect(folders.candidates("usb:2341").isEmpty)
        #expect(folders.candidates(dev + "ttyUSB*") == [dev + "ttyUSB0", dev + "ttyUSB1"])
        #expect(folders.candidates(dev + "tty[AU]*0") == [dev + "ttyACM0", dev + "ttyUSB0"])
        #expect(folders.candidates(dev + "ttyX?").isEmpty)
        #expect(folders.candidates("/dev/nothing") == ["/dev/nothing"])
    }

    @Test func nothingIsFoundWhereThereIsNothing() {
        let folders = DeviceFolders(classes: "/nowhere", devices: "/nowhere")
        #expect(folders.all().isEmpty)
        #expect(folders.candidates("usb:0403:6001").isEmpty)
    }

    @Test(arguments: [
        ("usb:0403:6001", ["/dev"]), ("/dev/ttyUSB0", ["/dev"]), ("/dev/ttyUSB*", ["/dev"]),
        ("/dev/serial/by-id/a", ["/dev", "/dev/serial/by-id"]),
        ("/dev/serial/by-*/a", ["/dev", "/dev/serial"]), ("/tmp/x/y", ["/dev", "/tmp/x"]),
        ("/a*", ["/dev", "/"]),
    ])
    func foldersInWhichAPlaceAppears(place: String, folders: [String]) {
        #expect(DeviceFolders.system.watched(place) == folders)
    }
}

@Suite struct FolderWatchTests {
    private func waits(_ watch: borrowing FolderWatch) throws -> Bool {
        var items = [PollItem(descriptor: watch.descriptor)]
        return try Poller.wait(on: &items, until: 0) > 0
    }

    @Test func namesThatAppearAreTold() throws {
        let folder = try TemporaryFolder()
        var watch = try FolderWatch([folder.path])
        #expect(try !waits(watch))
        #expect(watch.take() == false)
        try Data().write(to: URL(fileURLWithPath: folder.path + "/ttyUSB0"))
        #expect(try waits(watch))
        #expect(watch.take() == true)
        #expect(watch.take() == false)
        // The rights come later than the name.
        #expect(chmod(folder.path + "/ttyUSB0", 0o666) == 0)
        #expect(watch.take() == true)
        // Nobody waits for what goes.
        try FileManager.default.removeItem(atPath: folder.path + "/ttyUSB0")
        _ = watch.take()
        #expect(try !waits(watch))
    }

    @Test func folderThatIsMadeLaterIsWatchedThen() throws {
        let folder = try TemporaryFolder()
        let inner = folder.path + "/by-id"
        var watch = try FolderWatch([folder.path, inner])
        for _ in 0..<2 {
            try FileManager.default.createDirectory(
                atPath: inner, withIntermediateDirectories: false)
            #expect(watch.take() == true)
            try Data().write(to: URL(fileURLWithPath: inner + "/usb-x"))
            #expect(watch.take() == true)
            try FileManager.default.removeItem(atPath: inner)
            _ = watch.take()
        }
    }
}
