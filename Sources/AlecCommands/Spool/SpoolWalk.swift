// SPDX-License-Identifier: Apache-2.0

internal import GatewayAgent
internal import HostSystem
internal import StoreAndForward

/// Goes over a spool record by record. Takes no lock and writes nothing.
struct SpoolWalk: ~Copyable {
    enum Step {
        case item(SpoolItem)
        /// A record that has lost its check.
        case damaged(UInt64)
    }

    private(set) var spool: Spool<PosixStorage>
    private let path: String
    private let includesHistory: Bool
    private var place: UInt64 = 0

    init(_ options: Options.Spool, includesHistory: Bool) throws(CommandError) {
        path = StateDirectory(options.stateDirectory).spool
        self.includesHistory = includesHistory
        do throws(SpoolError) {
            spool = try Spool(PosixStorage(directory: path, access: .reading), SpoolSettings())
        } catch {
            throw .spool(path: path, error)
        }
    }

    mutating func next() throws(CommandError) -> Step? {
        do throws(SpoolError) {
            let item = try spool.next(from: place, includingHistory: includesHistory)
            guard let item else { return nil }
            place = item.place + 1
            return .item(item)
        } catch {
            guard case .damaged(let damaged) = error else { throw .spool(path: path, error) }
            place = damaged + 1
            return .damaged(damaged)
        }
    }

    /// Replaces `bytes` by what `item` holds. `removed` if the agent took it away meanwhile.
    mutating func read(
        _ item: SpoolItem, into bytes: inout [UInt8]
    ) throws(CommandError) -> ReadOutcome {
        do throws(SpoolError) {
            try spool.read(item, into: &bytes)
            return .read
        } catch {
            switch error {
            case .damaged: return .damaged
            case .removed: return .removed
            case .storage(let code) where SystemError(code: code).isMissingFile: return .removed
            case .storage, .full, .noSpace, .groupSealed, .tooLarge, .unsupportedVersion, .inUse,
                .readOnly:
                throw .spool(path: path, error)
            }
        }
    }

    enum ReadOutcome {
        case read
        case removed
        case damaged
    }

    /// Whether records were found damaged or gone that `next` does not give one by one.
    var hasLostRecords: Bool {
        spool.recovery.badRecords > 0 || spool.recovery.unreadableSegments > 0
            || spool.statistics.changedSegments > 0
    }
}
