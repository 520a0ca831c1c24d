// SPDX-License-Identifier: Apache-2.0

internal import GatewayCore

extension Spool where Storage: ~Copyable {
    /// The first frame of the oldest group that more frames may come for; the end without one.
    ///
    /// Only where groups do not cross segments: then all open ones are in the one being written.
    package mutating func openPlace() throws(SpoolError) -> UInt64 {
        guard let number = current, openGroups.isAny(in: number),
            let position = position(of: number)
        else { return endPlace }
        let open = try index(at: position).groups.first {
            openGroups.segment(of: $0.identity) != nil
        }
        return open.map { Place.make(number, $0.first) } ?? endPlace
    }
}
