// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import GatewayCore
import Testing

/// Frames of the deferred lane stay in the spool until there is nothing else, or the end.
@Suite struct DeferredTests {
    private static func append(_ rig: inout PublishRig, _ group: UInt32) {
        let identity = GroupIdentity(stream: PublishRig.stream, lane: .deferred, group: group)
        rig.store.append(FrameIdentity(group: identity, index: 0))
    }

    @Test func theyWaitForQuietAndLiveFramesAreNoNoise() throws {
        var rig = PublishRig()
        try rig.connect()
        Self.append(&rig, 1)
        rig.append(2, 0..<1)
        try rig.pump()
        equal(rig.takeSent(), ["2.0 data"])
        try rig.wait(20)
        rig.append(2, 1..<2)
        try rig.wait(9)
        equal(rig.takeSent(), ["2.1 data"])
        #expect(!rig.takeOthers().contains(.releaseDeferred))
        try rig.wait(2)
        #expect(rig.takeOthers().contains(.releaseDeferred))
        equal(rig.takeSent(), ["1.0 deferred"])
        // What comes later waits again.
        Self.append(&rig, 3)
        try rig.wait(5)
        equal(rig.takeSent(), [])
        try rig.wait(60)
        equal(rig.takeSent(), ["3.0 deferred"])
    }

    @Test func theEndDoesNotWaitForQuiet() throws {
        var rig = PublishRig()
        try rig.connect()
        Self.append(&rig, 1)
        try rig.pump()
        equal(rig.takeSent(), [])
        rig.machine.finish(by: rig.now + .seconds(10))
        try rig.pump()
        equal(rig.sent.count, 1)
        try rig.answerAll()
        #expect(rig.takeOthers().contains(.finished(isComplete: true)))
    }

    @Test func whatWasReleasedIsSentAgainAfterALostConnection() throws {
        var rig = PublishRig()
        try rig.connect()
        Self.append(&rig, 1)
        try rig.wait(0)
        try rig.wait(31)
        equal(rig.takeSent(), ["1.0 deferred"])
        rig.machine.disconnected()
        Self.append(&rig, 2)
        try rig.connect()
        equal(rig.takeSent(), ["1.0 back"])
        #expect(rig.takeOthers().filter { $0 == .releaseDeferred }.count == 1)
    }

    @Test func whatIsAskedForIsSentAndGoesOnWaiting() throws {
        var rig = PublishRig()
        try rig.connect()
        for group in 1..<4 as Range<UInt32> { Self.append(&rig, group) }
        for i in 0..<3 as Range<Int64> {
            rig.store.setTimes((i * 1000)...(i * 1000 + 900), of: Int(i))
        }
        try rig.pump()
        try rig.command(CommandMessage(id: "f", .fetch(from: nil, to: WallTime(nanoseconds: 0))))
        equal(rig.takeSent(), ["1.0 back"])
        #expect(
            rig.takeOthers().contains(
                .answer(verb: "fetch", ResponseMessage(id: "f", status: .sent))))
        try rig.command(CommandMessage(id: "g", .fetch(from: nil, to: nil)))
        equal(rig.takeSent(), ["1.0 back", "2.0 back", "3.0 back"])
        // The same again has to wait, as with every command.
        try rig.command(CommandMessage(id: "h", .fetch(from: nil, to: nil)))
        equal(rig.takeSent(), [])
    }

    @Test(
        arguments: [
            (nil, nil, true), (2, nil, true), (3, nil, false), (nil, 1, true), (nil, 0, false),
            (1, 1, true),
        ] as [(Int64?, Int64?, Bool)])
    func commandHasBounds(from: Int64?, to: Int64?, isWanted: Bool) throws {
        let bound = { (milliseconds: Int64?) in
            milliseconds.map { WallTime(nanoseconds: $0 * 1_000_000) }
        }
        let command = CommandMessage(id: "x", .fetch(from: bound(from), to: bound(to)))
        #expect(try CommandMessage(verb: "fetch", command.payload.span) == command)
        var rig = PublishRig()
        try rig.connect()
        Self.append(&rig, 1)
        rig.store.setTimes(1_000_000...2_000_000, of: 0)
        try rig.command(command)
        equal(rig.takeSent(), isWanted ? ["1.0 back"] : [])
    }
}
