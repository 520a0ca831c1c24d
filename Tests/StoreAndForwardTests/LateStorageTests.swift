// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import StoreAndForward
import Synchronization
import TestSupport
import Testing

@Suite struct LateStorageTests {
    /// A directory that cannot be made for a while.
    private final class Door: Sendable {
        let disk = SimulatedDisk()
        let error = Mutex<SpoolError?>(.noSpace)

        func open() throws(SpoolError) -> ChosenStorage {
            if let error = error.withLock({ $0 }) { throw error }
            return ChosenStorage(SimulatedStorage(disk: disk))
        }
    }

    private static func refusal(
        _ frame: SpoolFrame, _ spool: inout Spool<LateStorage>
    ) -> SpoolError? {
        do throws(SpoolError) {
            try spool.append(frame)
            return nil
        } catch {
            return error
        }
    }

    @Test func spoolOpensBeforeItsDirectoryDoes() throws {
        let door = Door()
        let late = LateStorage { () throws(SpoolError) in try door.open() }
        var spool = try Spool(late, SpoolSettings())
        let frame = SpoolFrame(1, 0)
        for error in [SpoolError.noSpace, .storage(code: 5)] {
            door.error.withLock { $0 = error }
            let refusal = Self.refusal(frame, &spool)
            #expect(refusal == error)
            let synced = spool.sync()
            #expect(!synced)
            let pending = spool.statistics.pendingReadings
            #expect(pending == 0)
        }
        door.error.withLock { $0 = nil }
        try spool.append(frame)
        let synced = spool.sync()
        #expect(synced)
        let frames = try spool.frames()
        #expect(frames == [frame])
        #expect(door.disk.segments == [1])
    }

    @Test func segmentsThatAppearLaterAreNotTouched() throws {
        let door = Door()
        door.disk.put([1, 2, 3], in: 1)
        door.error.withLock { $0 = nil }
        let late = LateStorage { () throws(SpoolError) in try door.open() }
        var spool = try Spool(late, SpoolSettings())
        let refusal = Self.refusal(SpoolFrame(1, 0), &spool)
        #expect(refusal == .storage(code: 5))
        #expect(door.disk.bytes(of: 1) == [1, 2, 3])
    }

    @Test func onlyTheDiskIsAFaultThatPasses() {
        for error in [SpoolError.noSpace, .storage(code: 5), .storage(code: 30)] {
            #expect(error.isDiskFault)
        }
        for error in [
            SpoolError.full, .storage(code: 13), .storage(code: 20), .groupSealed, .inUse,
            .tooLarge(byteCount: 1), .damaged(at: 1), .removed(1), .readOnly,
            .unsupportedVersion(2, segment: 1),
        ] {
            #expect(!error.isDiskFault)
        }
    }
}
