// SPDX-License-Identifier: Apache-2.0

import AlecCodec
import AlecCommands
import Foundation
import GatewayCore
import StoreAndForward
import TestSupport
import Testing

@Suite struct SpoolCommandTests {
    private func flip(_ fixture: SpoolFixture, frame: Int) throws {
        let place = fixture.places[frame]
        let name = SegmentName.name(of: Place.segment(of: place))
        let url = URL(filePath: fixture.folder.path(of: "spool/" + name))
        var bytes = try Data(contentsOf: url)
        let next =
            frame + 1 < fixture.places.count
            ? Place.offset(of: fixture.places[frame + 1]) : bytes.count
        // Just before the check: in the frame, not in what the record says of it.
        bytes[next - 6] ^= 0x10
        try bytes.write(to: url)
    }

    private func run(_ line: String, _ fixture: SpoolFixture) -> (CommandStatus, TestHost) {
        var host = TestHost()
        let status = host.run("spool \(line) \(fixture.folder.path)")
        return (status, host)
    }

    // MARK: verify

    @Test func soundSpoolIsCalledSound() throws {
        let (status, host) = run("verify", try SpoolFixture())
        #expect(status == .success)
        #expect(host.outputText.hasPrefix("sound segments=1 records=5 frames=4 readings=18 "))
        #expect(host.messages.isEmpty)
    }

    @Test func flippedByteIsNamedWithWhatIsLost() throws {
        let fixture = try SpoolFixture()
        try flip(fixture, frame: 2)
        let (status, host) = run("verify", fixture)
        #expect(status == .damagedData)
        let place = fixture.places[2]
        let bytes = Place.offset(of: fixture.places[3]) - Place.offset(of: place)
        #expect(
            host.outputText.hasPrefix(
                "segment=1 offset=\(Place.offset(of: place)) bytes=\(bytes) "
                    + "lost_frames_at_least=1 lost_readings_at_least=5\ndamaged segments=1 "))
    }

    // MARK: cat

    @Test func catSaysAllOfARecord() throws {
        let fixture = try SpoolFixture()
        let (status, host) = run("cat", fixture)
        #expect(status == .success)
        let lines = host.outputText.split(separator: "\n")
        try #require(lines.count == 5)
        #expect(lines[0].contains(" kind=table "))
        #expect(
            lines[2].hasPrefix(
                "place=1:\(Place.offset(of: fixture.places[1])) kind=frame "
                    + "sid=\(SpoolFixture.data.stream.string) lane=alert group=9 index=0 "
                    + "readings=1 p1=1 p2=0 p3=0 p4=0 p5=0 first_ns=1790000000000001001 "
                    + "last_ns=1790000000000001001 bytes="))
        #expect(lines[2].hasSuffix(" state=pending"))
    }

    @Test func catOfAGroupInJSON() throws {
        let fixture = try SpoolFixture()
        var spool = try fixture.open()
        #expect(try spool.acknowledge(SpoolFixture.alert) == 1)
        _ = consume spool
        let (status, host) = run("cat --group 9 --json", fixture)
        #expect(status == .success)
        #expect(host.outputText.split(separator: "\n").count == 1)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(host.output)) as? [String: Any])
        #expect(object["lane"] as? String == "alert")
        #expect(object["priorities"] as? [Int] == [1, 0, 0, 0, 0])
        #expect(object["first_ns"] as? Int == 1_790_000_000_000_001_001)
        #expect(object["state"] as? String == "acknowledged")
    }

    // MARK: export

    @Test func exportEqualsTheInputBitForBit() throws {
        let fixture = try SpoolFixture()
        let (status, host) = run("export", fixture)
        #expect(status == .success)
        #expect(host.messages.isEmpty)
        let expected = ["time_ns,sensor,value"] + fixture.lines
        #expect(host.outputText == expected.joined(separator: "\n") + "\n")
    }

    @Test func exportLooksBesideAnAgentThatHasTheSpool() throws {
        let fixture = try SpoolFixture()
        let owner = try fixture.open()
        let (status, host) = run("export", fixture)
        #expect(status == .success)
        #expect(host.outputText.split(separator: "\n").count == 19)
        _ = consume owner
    }

    @Test func exportHasHistoryOnlyWhereWanted() throws {
        let fixture = try SpoolFixture()
        var spool = try fixture.open()
        #expect(try spool.acknowledge(SpoolFixture.data) == 17)
        _ = consume spool
        let (status, pending) = run("export", fixture)
        #expect(status == .success)
        #expect(pending.outputText.split(separator: "\n").dropFirst() == [fixture.lines[6][...]])
        let (_, all) = run("export --history", fixture)
        #expect(all.outputText.split(separator: "\n").count == 19)
    }

    @Test func jsonSaysThePriorityOfTheLane() throws {
        let (status, host) = run("export --format jsonl", try SpoolFixture())
        #expect(status == .success)
        let lines = host.outputText.split(separator: "\n")
        // The chained frame behind the alert is of the data lane all the same.
        #expect(lines.filter { $0.contains("\"p\":1") || $0.contains("\"priority\":1") }.count == 1)
        #expect(host.messageText.contains("NaN"))
    }

    @Test func influxLeavesOutWhatItHasNoPlaceFor() throws {
        let (status, host) = run("export --format influx", try SpoolFixture())
        #expect(status == .dropped)
        #expect(!host.output.isEmpty && !host.messages.isEmpty)
    }

    @Test func groupThatCannotBeDecodedIsNamedAndTheRestComesOut() throws {
        let fixture = try SpoolFixture()
        try flip(fixture, frame: 2)
        let (status, host) = run("export", fixture)
        #expect(status == .damagedData)
        // The key frame and the alert are whole; what builds on the damaged frame is not.
        #expect(
            host.outputText.split(separator: "\n").dropFirst().map(String.init)
                == Array(fixture.lines[..<7]))
        #expect(host.messageText.contains("lane=data group=1 index=2 reason="))
        #expect(host.messageText.contains("alec spool verify"))
    }

    @Test func missingTableIsSaid() throws {
        let fixture = try SpoolFixture(hasTable: false)
        let (status, host) = run("export", fixture)
        #expect(status == .damagedData)
        #expect(host.outputText.contains(",?0,21.5\n"))
        #expect(host.messageText.contains("its channel table is missing"))
    }

    // MARK: drop

    @Test func withoutYesItIsOnlySaidWhatWouldGo() throws {
        let fixture = try SpoolFixture()
        for (choice, sums) in [
            ("--all", "groups=2 readings=18"), ("--priority 1", "groups=1 readings=1"),
            ("--group 1", "groups=1 readings=17"), ("--before 5", "groups=0 readings=0"),
        ] {
            let (status, host) = run("drop \(choice)", fixture)
            #expect(status == .usage)
            #expect(host.messageText.contains(sums + " would be dropped"), "\(choice)")
            #expect(host.messageText.contains("--yes"))
        }
        let (status, _) = run("drop --yes", fixture)
        #expect(status == .usage)
        #expect(run("export", fixture).1.outputText.split(separator: "\n").count == 19)
    }

    @Test func dropIsWrittenDownAsALoss() throws {
        let fixture = try SpoolFixture()
        let (status, host) = run("drop --yes --group 1", fixture)
        #expect(status == .success)
        #expect(host.outputText == "dropped groups=1 readings=17\n")
        let (sound, report) = run("verify", fixture)
        #expect(sound == .success)
        #expect(report.outputText.contains("lost reason=operatorRemoved "))
        #expect(run("export", fixture).1.outputText.split(separator: "\n").count == 2)
    }

    @Test func agentThatRunsIsAskedToDrop() throws {
        let fixture = try SpoolFixture()
        let owner = try fixture.open()
        let control = fixture.folder.path + "/control"
        var host = TestHost()
        host.answers[control] = Array("{\"ok\":true,\"groups\":3,\"readings\":40}\n".utf8)
        #expect(
            host.run("spool drop --yes --priority 3 --before 9 --group 1 \(fixture.folder.path)")
                == .success)
        #expect(host.outputText == "dropped groups=3 readings=40\n")
        let question =
            "{\"verb\":\"spool-drop\",\"priority\":3,\"before_ms\":9000,\"group\":1}\n"
        #expect(host.asked == ["\(control) \(question)"])
        #expect(host.run("spool drop --yes --all \(fixture.folder.path)") == .success)
        #expect(host.asked.last == "\(control) {\"verb\":\"spool-drop\",\"all\":true}\n")
        host.answers[control] = Array("{\"ok\":false}\n".utf8)
        #expect(host.run("spool drop --yes --all \(fixture.folder.path)") == .unavailable)
        host.answers = [:]
        #expect(host.run("spool drop --yes --all \(fixture.folder.path)") == .unavailable)
        _ = consume owner
    }
}
