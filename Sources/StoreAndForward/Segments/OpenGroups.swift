// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// The groups that more frames may come for: at most one of each stream and lane.
struct OpenGroups {
    private struct StreamLane: Hashable {
        var stream: StreamID
        var lane: Lane
    }

    private struct State {
        var group: UInt32
        var segment: UInt32
        var order: Int
    }

    /// Beyond, the group that got no frame for longest counts as closed.
    static let limit = 4096

    private var states: [StreamLane: State] = [:]
    private var order = 0

    /// The segment that `group` has its last frame in, if it is open.
    func segment(of group: GroupIdentity) -> UInt32? {
        guard let state = states[key(group)], state.group == group.group else { return nil }
        return state.segment
    }

    func isAny(in segment: UInt32) -> Bool { states.values.contains { $0.segment == segment } }

    /// A frame of `group` went to `segment`: another group of its stream and lane is closed.
    mutating func note(_ group: GroupIdentity, in segment: UInt32) {
        order += 1
        let key = key(group)
        if states[key] == nil, states.count >= Self.limit,
            let oldest = states.min(by: { $0.value.order < $1.value.order })
        {
            states[oldest.key] = nil
        }
        states[key] = State(group: group.group, segment: segment, order: order)
    }

    mutating func close(_ group: GroupIdentity) {
        if segment(of: group) != nil { states[key(group)] = nil }
    }

    /// A key frame of `group` is about to come.
    mutating func closePredecessor(of group: GroupIdentity) {
        if segment(of: group) == nil { states[key(group)] = nil }
    }

    /// The segment is not written any more.
    mutating func closeAll(in segment: UInt32) {
        states = states.filter { $0.value.segment != segment }
    }

    private func key(_ group: GroupIdentity) -> StreamLane {
        StreamLane(stream: group.stream, lane: group.lane)
    }
}
