// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore

/// A stretch of a segment that is not what was written.
package struct SegmentDamage: Equatable, Sendable {
    /// Where it lies.
    package var range = 0..<0
    /// Heads in it that still hold: so many frames at least are lost.
    package var heads = 0
    /// The readings that these heads name.
    package var readings = 0
}

/// What every byte of a segment says.
package struct SegmentReport: Equatable, Sendable {
    /// Its number.
    package var number: UInt32
    /// Valid records.
    package var records = 0
    /// Valid frames.
    package var frames = 0
    /// Their readings.
    package var readings = 0
    /// What is broken, behind which a valid record follows.
    package var damages: [SegmentDamage] = []
    /// Bytes behind the last valid record: the normal end after a power cut in the newest.
    package var tornBytes = 0
    /// Bytes that were given back.
    package var holeBytes = 0
    /// Why it could not be read.
    package var error: SpoolError?

    init(number: UInt32) { self.number = number }
}

extension Spool where Storage: ~Copyable {
    /// Reads every byte of every segment, whatever an index says; what is unlinked meanwhile is
    /// passed over.
    package mutating func verify(_ tell: (SegmentReport) -> Void) throws(SpoolError) {
        for file in try storage.list() {
            var report = SegmentReport(number: file.number)
            do throws(SpoolError) {
                let bytes = try wholeSegment(file.number, byteCount: file.byteCount)
                var scan = SegmentScan(bytes.span, number: file.number)
                while let (fields, _) = scan.next(bytes.span) {
                    report.records += 1
                    guard fields.kind == .frame else { continue }
                    report.frames += 1
                    report.readings += Int(fields.readings)
                }
                report.damages = scan.damages
                report.tornBytes = bytes.count - scan.validEnd
                report.holeBytes = scan.holeBytes
            } catch .storage(code: 2) {
                // ENOENT: the agent has unlinked it.
                continue
            } catch {
                report.error = error
            }
            tell(report)
        }
    }
}
