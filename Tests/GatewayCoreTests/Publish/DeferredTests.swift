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
}
