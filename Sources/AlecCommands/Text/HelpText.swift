// SPDX-License-Identifier: Apache-2.0

/// What `alec help` says. The pages are golden files of the tests.
enum HelpText {
    static let software = "alec 0.1.0-dev"
    static let version = software + " (frames: profile 1, files: version 1)\n"

    /// The page of a command; nil for the program as a whole.
    static func page(_ command: CommandName?) -> String {
        switch command {
        case nil, .help: program
        case .encode: encode
        case .decode: decode
        case .inspect: inspect
        case .classify: classify
        case .run: run
        case .status: status
        case .reload: reload
        case .spool: spool
        case .serial: serial
        case .`init`: initialize
        case .check: check
        case .config: config
        case .simulate: simulate
        case .receive: receive
        }
    }

    /// The options that a page describes, in its order.
    static func options(of command: CommandName) -> [String] {
        page(command).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let option = words.first, option.hasPrefix("--") else { return nil }
            return String(option)
        } + ["--help"]
    }

    private static let program = """
        alec turns sensor readings into very small files and streams, and back, bit for bit.

        usage: alec COMMAND [OPTION]... [FILE]

          encode      readings as CSV, JSON lines or Influx lines -> .alec
          decode      .alec -> CSV, JSON lines or Influx lines
          inspect     what an .alec file holds, and what its bytes are spent on
          classify    which priority each reading would get, and why
          run         the agent: readings -> frames -> spool -> broker
          status      how the agent that runs is, and what to do about it
          reload      makes it read its settings again
          spool       what the spool of alec run holds
          serial      serial ports: what is plugged in, how fast it speaks, what it says
          receive     frames from MQTT brokers -> readings over MQTT, as JSON lines or CSV
          simulate    readings of sensors that do not exist, to try things out
          init        writes a small file of settings to begin with
          check       whether a file of settings is right
          config      which settings are in effect, and why; their schema
          help        this page, or the page of a command: alec help encode

        Without FILE, or with -, a command reads stdin. Output goes to stdout, all else to stderr.
        --version tells the version.

        exit status: 0 all is well, 1 something was left out, 64 wrong arguments,
        65 damaged or wrong data, 69 no agent answers, 74 reading or writing failed,
        75 something stays unacknowledged, 78 wrong settings

        """

    private static let encode = """
        alec encode turns readings into an .alec file.

        usage: alec encode [OPTION]... [FILE] > FILE.alec

          --format FORMAT   auto (default), csv, jsonl, influx or keyvalue
          --frame N         samples of a sensor in a frame, 1 to 65535 (default 60)
          --group K         frames of a group, 1 to 16384 (default 50)
          --max-error S=E   the values of sensor S may differ by up to E; may be repeated.
                            Without it all values are restored to the bit
          --stats           one JSON object on stderr at the end: readings, frames,
                            payload_bytes + overhead_bytes + container_bytes = size of the file,
                            bytes_per_reading (of the whole file), ns_per_reading,
                            absent_values (empty cells, nulls), skipped_values (texts)
          --keep-going      leave bad lines out and count them; without it the first one ends
                            the command, and the output has no end mark

        Larger frames and groups are smaller per reading; a damaged or lost frame takes those
        of its group behind it with it. A frame closes when a sensor has N samples and the next
        one comes; readings of one line stay together. Where new sensors come one after another,
        frames wait for a table that names many of them, in 8 MiB of memory at most.

        csv     a header time_ms,temp,hum and a column per sensor, or a header
                time_ms,sensor,value and a line per reading. time_s, time_us and time_ns are
                possible too, and time for 2026-01-31T12:00:00Z or seconds
        jsonl   {"ts":1700000000123,"sensor":"temp","value":21.5}, or a member per sensor:
                {"ts":1700000000123,"temp":21.5,"hum":48.2}. In the first form "q" (good,
                uncertain, bad, stale, time) and "p" (priority 1 to 5) are kept too, and a
                "value":null with "err":"nan", "inf" or "-inf" is that value
        influx  weather,site=roof temp=21.5 1700000000123000000
        keyvalue  ts=1700000000123 temp=21.5 hum=48.2, or with : and commas; the times of jsonl

        Whole numbers above 2^53 that no 64-bit float equals are refused; written with a point
        or an exponent, numbers are rounded to the nearest.

        """

    private static let decode = """
        alec decode restores the readings of an .alec file.

        usage: alec decode [OPTION]... [FILE]

          --format FORMAT   csv (default): time_ms,sensor,value and a line per reading
                            csv-wide: a column per sensor and a line per time
                            jsonl, influx
          --time-unit UNIT  s, ms, us or ns for CSV; without it, what the source had
          --keep-going      skip what is damaged, go on at the next key frame, and exit with 1;
                            without it the first damage ends the command

        Times and values come back exactly; numbers are written as short as that allows.
        Readings come frame by frame, within a frame in the order of time, of equal times in the
        order in which sensors first appeared. csv-wide puts readings of equal time that follow
        each other into one line, with empty cells where a sensor has none; when sensors are
        added, another header comes. JSON lines and Influx lines have no place for the bits of
        a NaN, Influx lines for none at all: what is left out is counted.

        """

    private static let inspect = """
        alec inspect tells what an .alec file holds and what its bytes are spent on.

        usage: alec inspect [OPTION]... [FILE]

          --json            one JSON object per line: header, tables, frames, channels, damage,
                            totals

        Damage is told and skipped; the exit status is then 1. bits/value is the payload of a
        frame by its readings, times included.

        """

    private static let classify = """
        alec classify tells which priority each reading would get.

        usage: alec classify [OPTION]... [FILE]

          --explain         also tell why, and count the priorities on stderr
          --config FILE     with the [[sensor]] tables of alec run's settings
          --limit S=A..B    values of sensor S outside A to B are P1; A or B may be left out
          --step S=X        a change of more than X from one reading to the next is P1
          --format FORMAT   auto (default), csv, jsonl, influx or keyvalue
          --keep-going      leave bad lines out and count them

        The output is CSV: time, sensor, value, priority, and the reason. P1 is critical, P2
        important, P3 normal. A reading far from what was to be expected of its sensor is P2
        without any rule.

        """
}
