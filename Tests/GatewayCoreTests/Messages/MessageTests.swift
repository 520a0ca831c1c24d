// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import LineProtocols
import Testing

@testable import GatewayCore

@Suite struct MessageTests {
    let group = GroupIdentity(stream: StreamID(random: 0x12_3456_789A), lane: .data, group: 12)

    @Test func acknowledgementsComeBackAsTheyWere() throws {
        let message = AcknowledgementMessage(
            receiver: "cell\"ar",
            entries: [
                .init(group: group, upTo: 4),
                .init(
                    group: GroupIdentity(stream: group.stream, lane: .alert, group: .max), upTo: 0),
            ])
        #expect(try AcknowledgementMessage(message.payload.span) == message)
        #expect(
            String(decoding: message.payload, as: UTF8.self)
                == #"{"receiver":"cell\"ar","acks":["#
                + #"{"sid":"ci2fm6e2","lane":"data","group":12,"upto":4},"#
                + #"{"sid":"ci2fm6e2","lane":"alert","group":4294967295,"upto":0}]}"#)
        let empty = AcknowledgementMessage(receiver: "r", entries: [])
        #expect(try AcknowledgementMessage(empty.payload.span) == empty)
    }

    @Test(arguments: [
        (#"{"acks":[]}"#, MessageError.badField(.receiver)),
        (#"{"receiver":"","acks":[]}"#, .badField(.receiver)),
        (#"{"receiver":"r"}"#, .badField(.acknowledgements)),
        (#"{"receiver":"r","acks":[1]}"#, .badField(.acknowledgements)),
        (#"{"receiver":"r","acks":[{"sid":"ci2fm6e2"}]}"#, .badField(.lane)),
        (#"{"receiver":"r","acks":[{"sid":"CI2FM6E2","lane":"data"}]}"#, .badField(.stream)),
        (
            #"{"receiver":"r","acks":[{"sid":"ci2fm6e2","lane":"data","group":-1}]}"#,
            .badField(.group)
        ),
        (
            #"{"receiver":"r","acks":[{"sid":"ci2fm6e2","lane":"data","group":1,"upto":1.5}]}"#,
            .badField(.upTo)
        ),
        ("[]", .notAnObject), ("{", .notAnObject), ("{} x", .notAnObject), ("", .notAnObject),
        (#"{"a":1,"a":2}"#, .notAnObject),
    ])
    func badAcknowledgementsAreRefused(text: String, error: MessageError) {
        #expect(throws: error) {
            _ = try AcknowledgementMessage(Array(text.utf8).span)
        }
    }

    @Test func numberAndSizeOfEntriesHaveLimits() {
        let entry = AcknowledgementMessage.Entry(group: group, upTo: 1)
        let many = AcknowledgementMessage(
            receiver: "r", entries: Array(repeating: entry, count: 257))
        #expect(throws: MessageError.tooManyEntries(257)) {
            _ = try AcknowledgementMessage(many.payload.span)
        }
        let large = [UInt8](repeating: 32, count: Message.byteLimit + 1)
        #expect(throws: MessageError.tooLarge(bytes: large.count)) {
            _ = try AcknowledgementMessage(large.span)
        }
    }

    @Test func commandsComeBackAsTheyWere() throws {
        let requests: [CommandMessage.Request] = [
            .resend(group), .history, .rebirth(table: nil), .rebirth(table: 7), .keyFrame,
        ]
        for request in requests {
            for id in ["", "x-1"] {
                let command = CommandMessage(id: id, request)
                #expect(
                    try CommandMessage(verb: request.verb, command.payload.span) == command)
            }
        }
    }

    @Test func emptyPayloadIsAnEmptyObject() throws {
        let payload: [UInt8] = []
        #expect(
            try CommandMessage(verb: "rebirth", payload.span)
                == CommandMessage(.rebirth(table: nil)))
    }

    @Test func badCommandsAreRefused() {
        #expect(throws: MessageError.unknownVerb(id: "7")) {
            _ = try CommandMessage(verb: "format", Array(#"{"id":"7"}"#.utf8).span)
        }
        #expect(throws: MessageError.badField(.history)) {
            _ = try CommandMessage(verb: "resend", Array(#"{"history":1}"#.utf8).span)
        }
        #expect(throws: MessageError.badField(.stream)) {
            _ = try CommandMessage(verb: "resend", Array(#"{"id":"7"}"#.utf8).span)
        }
        #expect(throws: MessageError.badField(.id)) {
            let text = "{\"id\":\"\(String(repeating: "x", count: 65))\"}"
            _ = try CommandMessage(verb: "rebirth", Array(text.utf8).span)
        }
    }

    @Test func answersComeBackAsTheyWere() throws {
        for status in ResponseMessage.Status.allCases {
            for reason in ResponseMessage.Reason.allCases.map(Optional.some) + [nil] {
                let answer = ResponseMessage(id: "7", status: status, reason: reason)
                #expect(try ResponseMessage(answer.payload.span) == answer)
            }
        }
    }

    @Test func headsComeBackAsTheyWere() throws {
        var heads = HeadsMessage(stream: group.stream)
        #expect(heads.isEmpty)
        #expect(try HeadsMessage(heads.payload.span) == heads)
        heads[.data] = .init(group: 12, index: 4)
        heads[.deferred] = .init(group: 1, index: 0)
        #expect(try HeadsMessage(heads.payload.span) == heads)
        #expect(
            String(decoding: heads.payload, as: UTF8.self)
                == #"{"sid":"ci2fm6e2","lanes":{"data":[12,4],"deferred":[1,0]}}"#)
        #expect(throws: MessageError.badField(.lanes)) {
            _ = try HeadsMessage(Array(#"{"sid":"ci2fm6e2","lanes":{"data":[1]}}"#.utf8).span)
        }
    }

    @Test func statesComeBackAsTheyWereAndTheNewestCounts() throws {
        let online = StateMessage(
            isOnline: true, stream: group.stream, connection: 3,
            time: WallTime(nanoseconds: 1_790_000_000_123_000_000))
        #expect(try StateMessage(online.payload.span) == online)
        var offline = online
        offline.isOnline = false
        #expect(offline.isNewer(than: online) && !online.isNewer(than: offline))
        var next = online
        next.connection = 4
        #expect(next.isNewer(than: offline) && !offline.isNewer(than: next))
        var other = offline
        other.stream = StreamID(random: 1)
        other.time = WallTime(nanoseconds: online.time.nanoseconds + 1_000_000)
        #expect(other.isNewer(than: next) && !next.isNewer(than: other))
        #expect(throws: MessageError.badField(.state)) {
            _ = try StateMessage(Array(#"{"state":"on"}"#.utf8).span)
        }
    }

    @Test func gapsComeBackAsTheyWere() throws {
        var gap = GapMessage(
            stream: group.stream, lane: .data, groups: 3...9, reason: .gone, by: "cellar")
        #expect(try GapMessage(gap.payload.span) == gap)
        gap.readings = 17
        gap.from = WallTime(nanoseconds: -5_000_000)
        gap.to = WallTime(nanoseconds: 5_000_000)
        gap.isOpen = false
        #expect(try GapMessage(gap.payload.span) == gap)
        #expect(throws: MessageError.badField(.groups)) {
            _ = try GapMessage(Array(#"{"groups":[2,1]}"#.utf8).span)
        }
    }

    @Test func birthLeavesOutTheUsual() throws {
        var counter = Channel(name: Array("energy".utf8))
        counter.kind = .counter
        counter.unit = Array("kWh".utf8)
        counter.expectedPeriod = 1_000_000_000
        let table = try ChannelTable([Channel(name: Array("temp".utf8)), counter])
        let birth = BirthMessage(
            stream: group.stream, software: "alec 1", publishesReadings: false, table: table)
        #expect(
            String(decoding: birth.payload, as: UTF8.self)
                == #"{"sid":"ci2fm6e2","software":"alec 1","format":1,"decoder":"receiver","#
                + #""table":\#(table.id),"sensors":[{"name":"temp"},"#
                + #"{"name":"energy","unit":"kWh","kind":"counter","period_ms":1000}]}"#)
        _ = try JSONValue.read(birth.payload.span)
    }
}
