// SPDX-License-Identifier: Apache-2.0

import AlecCommands
import HostSystem
import Testing

@Suite struct GoldenTests {
    @Test func help() throws {
        var text = ""
        for line in [
            "help", "help encode", "help decode", "help inspect", "help classify", "help simulate",
            "help check", "help run", "help spool", "help serial", "help receive", "help status",
            "help reload", "help init", "help config", "--version",
        ] {
            text += Golden.transcript(line, TestHost())
        }
        try Golden.check(text, "help")
    }

    @Test(arguments: [
        "", "--help", "-h", "help --help", "help help", "encode --help", "decode -h",
    ])
    func helpIsFoundInMoreThanOneWay(line: String) {
        var host = TestHost()
        #expect(host.run(line) == .success)
        #expect(host.outputText.contains("usage: alec"))
    }

    @Test func wrongArguments() throws {
        var text = ""
        for line in [
            "encod", "frobnicate", "help encod", "encode --framez 3", "encode --frame",
            "encode --frame 0", "encode --frame=many", "encode --group 16385",
            "encode --format xml", "encode --max-error temp", "encode --max-error temp=-1",
            "encode --stats=yes", "encode a.csv b.csv", "decode --format wide",
            "decode --time-unit min", "decode a.alec b.alec", "inspect --jsn",
            "run --brokr a", "run --drain soon", "run room.csv", "run --site", "spool", "spool rm",
            "spool ls --all", "spool ls a b", "spool cat --yes", "spool cat --group x",
            "spool export --format csv-wide", "spool export --json", "spool drop --yes",
            "spool drop --priority 6", "serial", "serial lst", "serial list /dev/ttyS0",
            "serial probe", "serial trace room.csv", "serial trace a b",
            "serial probe --seconds 0 a",
            "classify --limit temp=9..3", "classify --limit temp=..", "classify --step temp=0",
            "simulate --sensors 0", "simulate --rate 0", "simulate --rate fast",
            "simulate --format influx", "simulate --pace slow", "simulate --start now",
            "simulate out.csv", "check --sampel", "check a.toml b.toml",
            "status now", "status --jsn", "reload --socket", "init a b", "config", "config list",
            "config schema a.toml", "config schema --site a", "config show --sit a",
            "receive --brokr x", "receive --sink", "receive frames.alec", "receive",
        ] {
            text += Golden.transcript(line, TestHost())
        }
        var terminal = TestHost()
        terminal.outputIsTerminal = true
        text += Golden.transcript("encode", terminal)
        try Golden.check(text, "usage")
    }

    static let badLines: [String] = [
        "time_ms,temp\n1,2l.5\n", "time_ms,temp\n1,1e999\n", "time_ms,temp\n1,nan(0x1)\n",
        "time_ms,temp\n2026-01-01T00:00:00Z,1\n", "time_ms,temp\n1.0000001,1\n",
        "time_s,temp\n99999999999,1\n", "time_ms,temp\n,1\n", "time_ms,temp\n1\n",
        "time_ms,temp\n1,2,3\n", "time_ms\n", "time_ms,temp,temp\n", "time_ms,a,b\n1,\"2,3\n",
        "time_ms,a,b\n1,2\"2,3\n", "time_ms,sensor,value\n1,,3\n",
        "time_ms,sensor,value\n1,\(String(repeating: "x", count: 65)),3\n",
        "time_ms,sensor,value\n1,a\u{1}b,3\n", "temp,hum\n1,2\n", "time;temp\n1;2\n",
        "{\"ts\":1,\"temp\":1\n", "{\"ts\":1,\"temp\":1}}\n", "{\"ts\":1,\"temp\":01}\n",
        "{\"temp\":1}\n", "{\"ts\":1,\"sensor\":\"a\"}\n", "{\"ts\":1,\"a\":1,\"a\":2}\n",
        "m a=9007199254740993i 1\n", "{\"ts\":1,\"sensor\":\"a\",\"value\":\"x\"}\n",
        "m a=1 1\nm,site a=1 1\n", "m a=1 1\nm a=1 1 1\n", "m a=1 1\nm a 1\n",
        "m a=1 1\nm,s=1,s=2 a=1 1\n", "m a=1 1\nm a=\"x 1\n", "[{\"ts\":1}]\n", "hello there\n",
        "\u{1F}\u{8B}\n",
    ]

    @Test func badInput() throws {
        var text = ""
        for line in Self.badLines {
            var host = TestHost()
            host.files["room.csv"] = Array(line.utf8)
            let transcript = Golden.transcript("encode room.csv", host)
            let lines = transcript.split(separator: "\n").filter { !$0.hasPrefix("$") }
            text += lines.joined(separator: "\n") + "\n\n"
        }
        try Golden.check(text, "bad-input")
    }

    @Test func inputsAndOutputsThatFail() throws {
        var text = Golden.transcript("encode nowhere.csv", TestHost())
        var full = TestHost(input: TestHost.encoded(TestHost.wideText(rows: 3)))
        full.outputLimit = 0
        text += Golden.transcript("decode", full)
        var host = TestHost()
        host.readError = SystemError(code: 21)
        text += Golden.transcript("encode", host)
        try Golden.check(text, "system")
    }

    @Test func spoolThatIsNotThere() throws {
        try Golden.check(Golden.transcript("spool ls /nowhere/at/all", TestHost()), "spool")
    }

    @Test func inspection() throws {
        var text = ""
        var host = TestHost()
        host.files["room.alec"] = TestHost.encoded(
            TestHost.wideText(rows: 12), "--frame 4 --group 2")
        text += Golden.transcript("inspect room.alec", host)
        text += Golden.transcript("inspect --json room.alec", host)
        try Golden.check(text, "inspect")
    }

    @Test func classification() throws {
        var text = ""
        var csv = "time_ms,temp,door\n"
        for i in 0..<4 { csv += "\(1000 * i),\(20 + i % 3),0\n" }
        csv += "4000,31,0\n5000,30.5,1\n6000,20,nan\n7000,20,-inf\n"
        let host = TestHost(input: csv)
        text += Golden.transcript("classify --explain --limit temp=..30 --step door=0.5", host)
        let small = TestHost(input: "time_s,a\n1,2\n")
        text += Golden.transcript("classify --limit=cellar=1..2 -", small)
        try Golden.check(text, "classify")
    }
}
