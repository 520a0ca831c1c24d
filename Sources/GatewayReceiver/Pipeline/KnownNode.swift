// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore

/// A node that frames came from.
struct KnownNode {
    /// The most nodes of a receiver.
    static let limit = 1024
    /// The most groups of a node that wait for their table.
    static let waitingLimit = 4096
    /// The most streams that are known to have been asked for; to ask again costs only traffic.
    static let historyLimit = 64

    /// Its topics begin with this.
    let prefix: String
    /// The names of its site and of itself, not escaped.
    let site: [UInt8]
    let name: [UInt8]
    var tracker: SequenceTracker
    /// The link that it was heard on last.
    var link = 0
    /// Streams for which everything that came before was asked for.
    var historyAsked: [StreamID] = []

    init(_ address: NodeAddress, streams: [SequenceTracker.StreamMemory] = []) {
        prefix = address.prefix
        site = address.site
        name = address.node
        var check = Checksum()
        let full = address.site + [UInt8(ascii: "/")] + address.node
        check.add(full.span, 0..<full.count)
        tracker = SequenceTracker(nodeHash: check.value, streams: streams)
    }
}
