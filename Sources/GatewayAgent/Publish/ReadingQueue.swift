// SPDX-License-Identifier: Apache-2.0

internal import AlecCodec
internal import GatewayCore
internal import HostSystem
internal import LineProtocols
internal import MosquittoClient

/// Readings on their way to `data/<sensor>`, for nodes that publish them themselves.
///
/// What waits here is safe in frames, so that it may be dropped at the end of the program; a loss
/// of the connection only repeats it.
struct ReadingQueue: ~Copyable {
    /// Readings without an answer at most.
    private static let window = 64

    private struct Message {
        var suffix: String
        var payload: [UInt8]
        /// nil until it was handed over on this connection.
        var publication: Int32?
    }

    /// In the order of the readings; those with a publication come first.
    private var messages: [Message] = []
    private var batch: PublishedBatch?
    private var lines: [(reading: Reading, number: Int, annotation: Annotation)] = []
    private var nextLine = 0
    private var text = TextBuffer(capacity: 256)

    /// Whether nothing waits, here or in `ring`.
    func isEmpty(_ ring: BatchRing<PublishedBatch>?) -> Bool {
        messages.isEmpty && nextLine >= lines.count && (ring?.count ?? 0) == 0
    }

    /// Publishes what the connection takes.
    mutating func send(
        from ring: BatchRing<PublishedBatch>?,
        over client: inout some BrokerConnection & ~Copyable, prefix: String
    ) {
        guard let ring, client.isConnected else { return }
        fill(from: ring)
        for i in messages.indices where messages[i].publication == nil {
            let message = messages[i]
            do throws(ClientError) {
                messages[i].publication = try client.publish(
                    prefix + message.suffix, message.payload.span, quality: 1, isRetained: false)
            } catch {
                return
            }
        }
    }

    /// False if the publication is none of these. What the broker refused is not repeated.
    mutating func answered(_ publication: Int32) -> Bool {
        guard let i = messages.firstIndex(where: { $0.publication == publication }) else {
            return false
        }
        messages.remove(at: i)
        return true
    }

    mutating func connectionEnded() {
        for i in messages.indices { messages[i].publication = nil }
    }

    private mutating func fill(from ring: BatchRing<PublishedBatch>) {
        while messages.count < Self.window {
            if nextLine < lines.count, let batch {
                let line = lines[nextLine]
                nextLine += 1
                guard line.reading.sensor < batch.table.entries.count else { continue }
                let channel = batch.table.entries[line.reading.sensor]
                text.removeAll()
                ReadingText(frame: batch.frame).append(
                    line.reading, number: line.number, annotation: line.annotation, of: channel,
                    to: &text)
                messages.append(
                    Message(
                        suffix: NodeTopic.data(sensor: channel.name).suffix, payload: text.bytes))
                continue
            }
            guard let next = ring.take() else { return }
            batch = next
            lines.removeAll(keepingCapacity: true)
            nextLine = 0
            func collect(_ reading: Reading, _ number: Int, _ annotation: Annotation) {
                lines.append((reading, number, annotation))
            }
            next.batch.forEach(collect)
        }
    }
}
