// SPDX-License-Identifier: Apache-2.0

package import AlecCodec

/// What a node's frames are to the receiver: new, repeated, early, or foreign.
///
/// Pure, and nothing moves before the caller says that a frame was taken: `judge` answers,
/// `accept` records. One value per node; what the node's topic says comes in as arguments.
package struct SequenceTracker: Equatable, Sendable {
    /// The most streams that are remembered; above, the one that was silent longest goes.
    ///
    /// Each start of a sender is a stream, and its spool may hold, and send again, those of many
    /// starts: what is forgotten here is taken twice. So age forgets none, and the limit is only
    /// there for a node that starts without end. A stream that is idle takes about 300 bytes here
    /// and 100 in a checkpoint, a node at the limit 1.2 megabytes and 400 kilobytes.
    package static let streamLimit = 4096

    /// What to do with a frame.
    package enum Verdict: Equatable, Sendable {
        /// The key frame of a group that has not come.
        case begins(FrameIdentity)
        /// The next frame of its group.
        case follows(FrameIdentity)
        /// Came before; acknowledge it again.
        case duplicate(FrameIdentity)
        /// Frames of its group are missing before it; `group` is nil when its stream is unknown.
        case early(GroupIdentity?)
        case refused(Refusal)
    }

    /// Why a frame is not taken, whatever else is true of it.
    package enum Refusal: Equatable, Sendable {
        /// Its key frame names another node than the topic does.
        case foreignNode
        /// It belongs to another lane than the topic says, or chains where nothing chains.
        case wrongLane
    }

    /// What a frame that was taken tells of others.
    package struct Consequences: Equatable, Sendable {
        /// Groups of which something is missing.
        package var missing: [GroupIdentity] = []
        /// Groups of which nothing is missing any more.
        package var completed: [GroupIdentity] = []
        /// A stream that was forgotten to make room.
        package var forgotten: StreamMemory?
        /// The first frame of a stream; whether it is also the first that the stream sent there.
        package var newStream: FirstSight?
    }

    /// How a stream came into sight.
    package enum FirstSight: Equatable, Sendable {
        /// With its first group.
        case fromBeginning
        /// In the middle: others came before.
        case late
    }

    /// What is remembered of one stream.
    package struct StreamMemory: Equatable, Sendable {
        package var stream: StreamID
        /// By the lane's raw value, up to the last that is in use: most streams have one.
        private var lanes: [DuplicateMemory] = []

        /// Nothing of `stream`.
        package init(stream: StreamID) { self.stream = stream }

        package subscript(lane: Lane) -> DuplicateMemory {
            get {
                let place = Int(lane.rawValue)
                return place < lanes.count ? lanes[place] : DuplicateMemory()
            }
            set {
                let place = Int(lane.rawValue)
                if place >= lanes.count {
                    guard newValue != DuplicateMemory() else { return }
                    lanes.reserveCapacity(place + 1)
                    while lanes.count <= place { lanes.append(DuplicateMemory()) }
                }
                lanes[place] = newValue
            }
        }
    }

    /// The check of the node's name.
    package let nodeHash: UInt32
    /// The one that was active last comes last.
    package private(set) var streams: [StreamMemory]

    /// A node of which nothing came, or what was written down of one.
    package init(nodeHash: UInt32, streams: [StreamMemory] = []) {
        self.nodeHash = nodeHash
        self.streams = streams
    }

    /// What a frame is. `lane` is what the topic says; nil where the topic takes every lane.
    package func judge(_ head: FrameHead, lane: Lane?) -> Verdict {
        guard let key = head.key else { return judgeChained(head, lane: lane) }
        guard key.stream.nodeHash == nodeHash else { return .refused(.foreignNode) }
        guard lane == nil || lane == key.stream.lane else { return .refused(.wrongLane) }
        let group = GroupIdentity(
            stream: key.stream.id, lane: key.stream.lane, group: head.group)
        let frame = FrameIdentity(group: group, index: 0)
        switch memory(of: group)?.standing(head.group, 0) ?? .first {
        case .first, .unknown: return .begins(frame)
        case .next, .ahead: return .begins(frame)
        case .duplicate: return .duplicate(frame)
        }
    }

    /// A frame that `judge` called new was taken. `key` is that of a key frame.
    package mutating func accept(_ frame: FrameIdentity, key: KeyHead?) -> Consequences {
        var consequences = Consequences()
        let place = activate(frame.group.stream, key: key, &consequences)
        let lane = frame.group.lane
        var memory = streams[place][lane]
        if let key {
            let before = key.predecessor.map { frame.group.group &- $0.distance }
            let wasOpen = before.map(memory.isOpen) ?? false
            if let missing = memory.begin(frame.group.group, after: key.predecessor) {
                consequences.missing.append(sibling(missing, of: frame.group))
            } else if wasOpen, let before, !memory.isOpen(before) {
                consequences.completed.append(sibling(before, of: frame.group))
            }
            // Outside the data lane nothing chains, so the frame is all of its group.
            if lane != .data { memory.settle(frame.group.group) }
            if !memory.isOpen(frame.group.group) { consequences.completed.append(frame.group) }
        } else if memory.advance(frame.group.group) {
            consequences.completed.append(frame.group)
        }
        streams[place][lane] = memory
        return consequences
    }

    /// The sender says that `frame` is its last in this lane. Whether something of it is missing.
    package mutating func learn(_ frame: FrameIdentity) -> Bool {
        guard let place = place(of: frame.group.stream) else { return true }
        return streams[place][frame.group.lane].learn(frame.group.group, frame.index)
    }

    /// No more frames of `group` are taken: what it holds is of no use.
    package mutating func settle(_ group: GroupIdentity) {
        guard let place = place(of: group.stream) else { return }
        streams[place][group.lane].settle(group.group)
    }

    /// The sender has `group` no more.
    package mutating func giveUp(_ group: GroupIdentity) {
        guard let place = place(of: group.stream) else { return }
        streams[place][group.lane].giveUp(group.group)
    }

    /// Everything that is known to be missing.
    package var holes: [GroupIdentity] {
        streams.flatMap { memory in
            Lane.allCases.flatMap { lane in
                memory[lane].holes.map {
                    GroupIdentity(stream: memory.stream, lane: lane, group: $0)
                }
            }
        }
    }

    /// Whether frames of the stream came.
    package func knows(_ stream: StreamID) -> Bool { place(of: stream) != nil }

    /// What is remembered of the lane of `group`.
    package func memory(of group: GroupIdentity) -> DuplicateMemory? {
        place(of: group.stream).map { streams[$0][group.lane] }
    }

    /// A chained frame names no stream: the group's number tells it, newest streams first.
    private func judgeChained(_ head: FrameHead, lane: Lane?) -> Verdict {
        guard lane == nil || lane == .data else { return .refused(.wrongLane) }
        var settled: FrameIdentity?
        for memory in streams.reversed() {
            let group = GroupIdentity(stream: memory.stream, lane: .data, group: head.group)
            let frame = FrameIdentity(group: group, index: head.index)
            switch memory[.data].standing(head.group, head.index) {
            case .next: return .follows(frame)
            case .ahead: return .early(group)
            case .duplicate:
                if memory[.data].isOpen(head.group) { return .duplicate(frame) }
                settled = settled ?? frame
            case .first, .unknown: continue
            }
        }
        if let settled { return .duplicate(settled) }
        return .early(
            streams.last.map {
                GroupIdentity(stream: $0.stream, lane: .data, group: head.group)
            })
    }

    /// Brings the stream to the end of the list; where it is.
    private mutating func activate(
        _ stream: StreamID, key: KeyHead?, _ consequences: inout Consequences
    ) -> Int {
        if let place = place(of: stream) {
            if place < streams.count - 1 { streams.append(streams.remove(at: place)) }
            return streams.count - 1
        }
        consequences.newStream = key?.predecessor == nil ? .fromBeginning : .late
        if streams.count == Self.streamLimit { consequences.forgotten = streams.removeFirst() }
        streams.append(StreamMemory(stream: stream))
        return streams.count - 1
    }

    private func place(of stream: StreamID) -> Int? {
        streams.lastIndex { $0.stream == stream }
    }

    private func sibling(_ number: UInt32, of group: GroupIdentity) -> GroupIdentity {
        GroupIdentity(stream: group.stream, lane: group.lane, group: number)
    }
}
