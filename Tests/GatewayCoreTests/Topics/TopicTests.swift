// SPDX-License-Identifier: Apache-2.0

import GatewayCore
import TestSupport
import Testing

@Suite struct TopicTests {
    @Test(arguments: [
        ("temp_1.A-z", "temp_1.A-z"), ("temp/1", "temp=2F1"), ("a=b", "a=3Db"), ("°C", "=C2=B0C"),
        ("+#$ ", "=2B=23=24=20"), ("\u{0}", "=00"),
    ])
    func namesBecomeOneLevel(name: String, level: String) {
        #expect(TopicName.level(name) == level)
        #expect(TopicName.name(ofLevel: level[...]) == Array(name.utf8))
    }

    @Test(arguments: ["", "a/b", "=", "=4", "=2f", "=41", "=GG", "a b", "°"])
    func levelsThatNoNameHasAreNone(level: String) {
        #expect(TopicName.name(ofLevel: level[...]) == nil)
    }

    @Test func allBytesSurvive() {
        let all = Array(UInt8.min...UInt8.max)
        #expect(TopicName.name(ofLevel: TopicName.level(all)[...]) == all)
    }

    @Test func addressesAreTakenApart() throws {
        let topics: [NodeTopic] =
            FrameTopic.allCases.map { .frame($0) } + [
                .heads, .state, .birth, .health, .gap, .event, .acknowledgement,
                .data(sensor: Array("a/b".utf8)), .command(verb: "resend"),
                .response(verb: "resend"),
            ]
        let prefix = TopicName.prefix(site: "Haus 1", node: "keller")
        #expect(prefix == "alec/v1/Haus=201/keller/")
        for topic in topics {
            let address = try #require(NodeAddress(prefix + topic.suffix))
            #expect(address.prefix == prefix && address.topic == topic)
            #expect(address.site == Array("Haus 1".utf8) && address.node == Array("keller".utf8))
        }
    }

    @Test(arguments: [
        "", "alec/v1/s/n", "alec/v1/s/n/", "alec/v1/s/n/frame", "alec/v1/s/n/frame/x",
        "alec/v2/s/n/state", "alec/v1//n/state", "alec/v1/s/n/state/x", "alec/v1/s/n/cmd/",
        "alec/v1/s/n/cmd/a/b", "x/v1/s/n/state",
    ])
    func foreignTopicsAreNone(topic: String) {
        #expect(NodeAddress(topic) == nil)
    }
}
