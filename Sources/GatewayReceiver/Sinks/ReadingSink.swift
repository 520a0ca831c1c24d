// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// Where readings go. Each one is at a place of its own in the journal, so that one that is slow
/// or dead lags alone.
protocol ReadingSink: AnyObject {
    /// For the log and the checkpoint.
    var format: String { get }
    var path: String { get }
    var feed: SinkFeed { get set }
    /// Decoders of the groups that this sink reads from the journal while it lags.
    var contexts: ContextPool { get }
    /// What it lost because the journal could not keep it any longer.
    var losses: SinkLosses { get set }
    /// Whether another frame may be appended.
    var hasRoom: Bool { get }
    /// It takes nothing any more, for good.
    var isClosed: Bool { get }
    /// When it last got rid of something.
    var lastProgress: MonotonicInstant { get }

    /// Whether it wants what came over `link`.
    func takes(link: Int) -> Bool
    func append(_ batch: borrowing ReadingBatch, _ frame: DecodedFrame)
    /// What a checkpoint says of it: nothing below is needed from the journal again.
    var safe: SafePoint { get }
    /// The journal keeps nothing below `place` for it any longer.
    func skip(to place: UInt64)
}

/// What a sink holds for certain.
struct SafePoint: Equatable {
    /// Bytes of the output.
    var offset = 0
    var feed = SinkFeed()
}

/// What one sink lost, in whole frames.
struct SinkLosses: Equatable {
    var frames = 0
    var groups = 0
}

extension ReadingSink {
    /// Whether it is on its way, or at its end.
    func isLiving(at now: MonotonicInstant) -> Bool {
        !isClosed && (feed.isLive || now - lastProgress < .seconds(30))
    }

    /// As the log calls it.
    var name: String { "\(format):\(path)" }
}
