// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec

extension PublishMachine {
    /// What is to be done with a frame that a track came to.
    private enum Verdict {
        /// It is next.
        case send
        /// It is not for this track, or not now: go on behind it.
        case pass
        /// It is for this track and cannot go yet: stay before it.
        case stay
    }

    /// The next frame of the first track that has one. Its track is already behind it.
    mutating func nextFrame<Store: StoredFrames & ~Copyable>(
        at now: MonotonicInstant, in store: inout Store
    ) throws(Store.Failure) -> (StoredFrame, Track)? {
        if let id = newestTable, !tables.isKnown(id), let item = try store.storedTable(id: id) {
            return (item, .live)
        }
        if let item = try refusedTable(at: now, in: &store) { return item }
        var looks = Self.lookLimit
        for track in Track.allCases {
            let item: StoredFrame? =
                switch track {
                case .alert, .live, .back: try walk(track, &looks, in: &store)
                case .job: try jobFrame(&looks, in: &store)
                case .reminder: try reminder(at: now, in: &store)
                }
            if let item { return (item, track) }
        }
        // Without anything to wait for, the walk goes on at once.
        if looks <= 0 { wake(at: now) }
        return nil
    }

    /// A table that the broker refused a while ago.
    private mutating func refusedTable<Store: StoredFrames & ~Copyable>(
        at now: MonotonicInstant, in store: inout Store
    ) throws(Store.Failure) -> (StoredFrame, Track)? {
        while let id = tables.due(at: now) {
            if let item = try store.storedTable(id: id) {
                return (item, id == newestTable ? .live : .back)
            }
            tables.forget(id)
        }
        if let due = tables.nextDue { wake(at: due) }
        return nil
    }

    /// Goes along a track to its next frame.
    private mutating func walk<Store: StoredFrames & ~Copyable>(
        _ track: Track, _ looks: inout Int, in store: inout Store
    ) throws(Store.Failure) -> StoredFrame? {
        while looks > 0 {
            looks -= 1
            let place = self[track]
            guard let item = try store.stored(from: place, includingHistory: false) else {
                return nil
            }
            // What lies ahead of the live track is its task.
            if track == .back, item.place >= livePlace { return nil }
            switch try judge(item, track, in: &store) {
            case .send:
                self[track] = item.place + 1
                return item
            case .pass: self[track] = item.place + 1
            case .stay: return nil
            }
        }
        return nil
    }

    private mutating func judge<Store: StoredFrames & ~Copyable>(
        _ item: StoredFrame, _ track: Track, in store: inout Store
    ) throws(Store.Failure) -> Verdict {
        switch item.content {
        case .table(let id):
            return track == .alert || tables.isKnown(id) ? .pass : .send
        case .frame(let frame):
            if frame.group.lane == .deferred, item.place >= releasedBelow,
                frame.group.stream == policy.stream
            {
                firstDeferred = min(firstDeferred ?? item.place, item.place)
                return .pass
            }
            let isAlert = frame.group.lane == .alert
            switch track {
            case .alert:
                if !isAlert { return .pass }
                if item.place >= store.syncedPlace { return .stay }
            case .live:
                if isAlert { return .pass }
            case .back:
                if isAlert, item.place >= alertPlace { return .pass }
            case .job, .reminder:
                preconditionFailure("walks along no track")
            }
            return try judge(frame, item.place, track, in: &store)
        }
    }

    /// Frames of a group go out in order, whoever sends them.
    private mutating func judge<Store: StoredFrames & ~Copyable>(
        _ frame: FrameIdentity, _ place: UInt64, _ track: Track, in store: inout Store
    ) throws(Store.Failure) -> Verdict {
        guard let i = index(of: frame.group) else {
            return try begin(frame, place, track, in: &store)
        }
        if groups[i].heldUntil != nil { return .pass }
        if frame.index < groups[i].nextIndex {
            groups[i].lastPlace = max(groups[i].lastPlace, place)
            return .pass
        }
        if frame.index - groups[i].publishedBelow >= GroupProgress.span,
            groups[i].publishedBelow < groups[i].nextIndex
        {
            return .stay
        }
        if frame.index > groups[i].nextIndex {
            guard track == .back else {
                // It was held, or forgotten, when the track came by.
                backPlace = min(backPlace, groups[i].firstPlace)
                return .pass
            }
            // The track came from the first frame, so what is missing is not there.
            guard groups[i].publishedBelow == groups[i].nextIndex else { return .stay }
            groups[i].passOver(to: frame.index)
        }
        judgeLiveness(i, place, in: &store)
        return .send
    }

    /// A frame of a group that nothing is known of.
    private mutating func begin<Store: StoredFrames & ~Copyable>(
        _ frame: FrameIdentity, _ place: UInt64, _ track: Track, in store: inout Store
    ) throws(Store.Failure) -> Verdict {
        if track == .back {
            guard groups.count < Self.groupLimit - Self.liveReserve else { return .stay }
        } else {
            if frame.index > 0 {
                backPlace = min(backPlace, try store.places(of: frame.group)?.lowerBound ?? place)
                return .pass
            }
            if groups.count >= Self.groupLimit, !forgetOne(in: &store) { return .stay }
        }
        groups.append(
            GroupProgress(
                group: frame.group, first: frame.index, at: place, receivers: receiverCount))
        judgeLiveness(groups.count - 1, place, in: &store)
        return .send
    }

    /// Whether a group was still open when the connection began.
    private mutating func judgeLiveness<Store: StoredFrames & ~Copyable>(
        _ i: Int, _ place: UInt64, in store: inout Store
    ) {
        guard groups[i].judgedOn != connection, case .online(let end) = state else { return }
        groups[i].judgedOn = connection
        groups[i].isLive = place >= end || !store.isClosed(groups[i].group)
    }

    /// Makes room for a live group: what waits for a receiver can be sent again later. The newest
    /// goes, as the oldest are the next to be acknowledged.
    private mutating func forgetOne<Store: StoredFrames & ~Copyable>(
        in store: inout Store
    ) -> Bool {
        var victim: Int?
        for i in groups.indices where groups[i].flights == 0 && store.isClosed(groups[i].group) {
            if let other = victim, groups[other].firstPlace > groups[i].firstPlace { continue }
            victim = i
        }
        guard let victim else { return false }
        backPlace = min(backPlace, groups[victim].firstPlace)
        groups.remove(at: victim)
        counters.forgotten += 1
        return true
    }

    private subscript(track: Track) -> UInt64 {
        get {
            switch track {
            case .alert: alertPlace
            case .live: livePlace
            case .back: backPlace
            case .job, .reminder: preconditionFailure("has no place")
            }
        }
        set {
            switch track {
            case .alert: alertPlace = newValue
            case .live: livePlace = newValue
            case .back: backPlace = newValue
            case .job, .reminder: preconditionFailure("has no place")
            }
        }
    }
}

extension Lane {
    /// Where frames of the lane go while they are live.
    var topic: FrameTopic {
        switch self {
        case .data: .data
        case .alert: .alert
        case .deferred: .deferred
        }
    }
}
