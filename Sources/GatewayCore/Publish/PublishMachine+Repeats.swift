// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

extension PublishMachine {
    /// The next frame that a job wants.
    mutating func jobFrame<Store: StoredFrames & ~Copyable>(
        _ looks: inout Int, in store: inout Store
    ) throws(Store.Failure) -> StoredFrame? {
        while looks > 0, let i = desk.next {
            looks -= 1
            guard let places = try places(ofJob: i, in: &store) else {
                desk.end(i, .gone, .unknown)
                continue
            }
            let place = desk.jobs[i].place
            guard place < places.upperBound,
                let item = try store.stored(from: place, includingHistory: true),
                item.place < places.upperBound
            else {
                desk.end(i, .sent)
                continue
            }
            desk.advance(i, to: item.place + 1)
            if isWanted(item, by: desk.jobs[i].work, syncedPlace: store.syncedPlace) { return item }
        }
        return nil
    }

    /// Where the frames of a job lie; nil if there are none.
    private mutating func places<Store: StoredFrames & ~Copyable>(
        ofJob i: Int, in store: inout Store
    ) throws(Store.Failure) -> Range<UInt64>? {
        if let places = desk.jobs[i].places { return places }
        let places: Range<UInt64>?
        switch desk.jobs[i].work {
        case .group(let group): places = try store.places(of: group)
        case .history, .fetch: places = 0..<store.endPlace
        case .table(let id):
            places = try store.storedTable(id: id).map { $0.place..<($0.place + 1) }
        }
        if let places { desk.begin(i, at: places) }
        return places
    }

    private func isWanted(
        _ item: StoredFrame, by work: CommandDesk.Work, syncedPlace: UInt64
    ) -> Bool {
        // Alerts are published when they are on the disk, and not before by another way.
        if case .frame(let frame) = item.content, frame.group.lane == .alert,
            item.place >= syncedPlace
        {
            return false
        }
        return switch (work, item.content) {
        case (.group(let group), .frame(let frame)): frame.group == group
        case (.table(let wanted), .table(let id)): wanted == id
        // What the broker does not have yet comes live or by backfill, and counts there.
        case (.history, .frame(let frame)): item.isAcknowledged || isWithBroker(frame)
        case (.history, .table): true
        case (.fetch(let from, let to), .frame(let frame)):
            frame.group.lane == .deferred && item.isWithin(from, to)
        case (.group, .table), (.table, .frame), (.fetch, .table): false
        }
    }

    /// Whether the broker has taken a frame of a group that is not done: it is sent again only to
    /// who asks.
    private func isWithBroker(_ frame: FrameIdentity) -> Bool {
        groups.contains { $0.group == frame.group && frame.index < $0.publishedBelow }
    }

    /// The last frame of a group that no receiver has acknowledged for a while. A receiver that
    /// has it says so again; one that misses something sees the hole. Where a receiver may have
    /// nothing of the group it is the first one, as only that tells the stream: without it nobody
    /// could ask for the rest.
    ///
    /// While no receiver is heard only the oldest group is tried: one is enough to find out that
    /// somebody is there.
    mutating func reminder<Store: StoredFrames & ~Copyable>(
        at now: MonotonicInstant, in store: inout Store
    ) throws(Store.Failure) -> StoredFrame? {
        guard policy.waitsForReceivers else { return nil }
        let isHeard = receiverHeardAt.map { now - $0 < .seconds(30) } ?? false
        let waiting = groups.indices.filter {
            groups[$0].flights == 0 && groups[$0].heldUntil == nil && !groups[$0].isConfirmed
                && groups[$0].nextIndex == groups[$0].sentBelow && groups[$0].nextIndex > 0
        }.sorted { groups[$0].firstPlace < groups[$1].firstPlace }
        for i in isHeard ? waiting[...] : waiting.prefix(1) {
            guard now >= groups[i].remindAt else {
                wake(at: groups[i].remindAt)
                continue
            }
            let isUnknown = groups[i].receivedBelow.min() == 0
            let place = isUnknown ? groups[i].firstPlace : groups[i].lastPlace
            guard let item = try store.stored(from: place, includingHistory: true),
                item.place == place, case .frame(let frame) = item.content,
                frame.group == groups[i].group
            else {
                // Not there any more: nothing to wait for.
                groups.remove(at: i)
                return nil
            }
            groups[i].remindDelay = min(groups[i].remindDelay * 2, GroupProgress.longestReminder)
            groups[i].remindAt = now + groups[i].remindDelay
            counters.reminders += 1
            return item
        }
        return nil
    }
}
