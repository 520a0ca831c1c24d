// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

/// Stops at the first damage, or tells all of it and adds it up.
struct DamageReport {
    /// Faults that are told one by one; the rest is only counted.
    private static let toldLimit = 20

    private let path: String?
    private let keepsGoing: Bool
    private var faults = 0
    private var skippedBytes = 0
    /// The end mark that would count what is lost is lost too.
    private var hasLostEnd = false
    /// What end marks counted and nobody found.
    private var lost = ContainerTotals()

    init(path: String?, keepsGoing: Bool) {
        self.path = path
        self.keepsGoing = keepsGoing
    }

    var isDamaged: Bool { faults > 0 }

    mutating func take<Host: CommandHost>(
        _ fault: StreamFault, on host: inout Host
    ) throws(CommandError) {
        faults += 1
        // A file without a header cannot be read any further.
        if case .header = fault.reason { throw .damagedFile(fault, path: path) }
        guard keepsGoing else { throw .damagedFile(fault, path: path) }
        if faults <= Self.toldLimit { host.tell(Notes.fault(fault, path: path)) }
    }

    mutating func resume<Host: CommandHost>(
        offset: Int, skipped: Int, on host: inout Host
    ) {
        skippedBytes += skipped
        if faults <= Self.toldLimit { host.tell(Notes.resumed(offset: offset, skipped: skipped)) }
    }

    mutating func lostEnd<Host: CommandHost>(bytes: Int, on host: inout Host) {
        skippedBytes += bytes
        hasLostEnd = true
        if faults <= Self.toldLimit { host.tell(Notes.lostEnd(bytes: bytes)) }
    }

    mutating func end(expected: ContainerTotals, found: ContainerTotals) {
        if expected.frames > found.frames { lost.frames += expected.frames - found.frames }
        if expected.readings > found.readings {
            lost.readings += expected.readings - found.readings
        }
    }

    func finish<Host: CommandHost>(on host: inout Host) {
        guard isDamaged else { return }
        host.tell(Notes.damage(faults: faults, skippedBytes: skippedBytes, lost: lost))
        if hasLostEnd { host.tell(Notes.uncountedLoss) }
    }
}
