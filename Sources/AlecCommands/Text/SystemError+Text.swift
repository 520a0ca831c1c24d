// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import HostSystem

extension SystemError {
    /// What the error means, for those that a user of files and pipes meets.
    var name: String {
        switch code {
        case ENOENT: "there is no such file"
        case EACCES, EPERM: "no permission"
        case EEXIST: "it is there already"
        case ECONNREFUSED: "nobody listens there"
        case ETIMEDOUT: "there was no answer in time"
        case EISDIR: "it is a directory"
        case ENOTDIR: "a part of the path is no directory"
        case ENOSPC: "no space left"
        case EDQUOT: "the quota is used up"
        case EFBIG: "the file would become too large"
        case EIO: "the device fails"
        case EROFS: "the file system is read-only"
        case EMFILE, ENFILE: "too many open files"
        case ENAMETOOLONG: "the name is too long"
        case ELOOP: "the links lead in circles"
        case ENXIO, ENODEV: "nothing is plugged in there"
        case EBUSY: "another program reads it"
        case ENOTTY: "it is no serial port"
        case EINVAL: "it cannot do this speed"
        default: "error \(code) of the system"
        }
    }

    var isMissingFile: Bool { code == ENOENT }

    /// What is wrong with a serial port.
    var isOfDevice: Bool { [ENXIO, ENODEV, EBUSY, ENOTTY, EINVAL].contains(code) }

    /// No right to do it.
    var isDenied: Bool { code == EACCES || code == EPERM }

    /// Something stands where something new was to be.
    var isPresentFile: Bool { code == EEXIST }
}
