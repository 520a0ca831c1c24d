// SPDX-License-Identifier: Apache-2.0

extension HelpText {
    static let run = """
        alec run reads sensors, keeps their readings in small frames, and sends these to a broker.

        usage: alec run [OPTION]...

          --config FILE            settings, see alec check; options lie over it
          --broker HOST[:PORT]     where frames are published; without one they are only kept
          --site SITE --node NODE  the levels of all topics: alec/v1/SITE/NODE/...
          --state-dir DIR          spool and progress (default /var/lib/alec)
          --input INPUT            - for stdin (default), a serial port: /dev/ttyUSB0@9600, or a
                                   command: "exec:PROGRAM ARGUMENTS"; may be repeated
          --format FORMAT          auto (default), csv, jsonl, influx, keyvalue,
                                   number or nmea
          --durability LEVEL       how soon frames are forced to the disk: strict (1 s),
                                   balanced (5 s, default), ram (never)
          --delivery WHO           who removes frames from the spool: broker (default) when it
                                   has them, receiver when one has stored them
          --profile NAME           other defaults: lan, cellular, metered or radio
          --readings               publish each reading as JSON, too
          --drain SECONDS          how long the end waits for acknowledgements (default 10)

        At the end of stdin, or at SIGTERM, what was read is framed, stored and sent. A second
        signal ends the wait. Without times in the lines, the time of arrival counts. A serial
        port that vanishes is waited for, and a command that ends is started again. A full spool
        stops reading stdin and commands; of serial ports readings are then dropped and counted.

        stderr has one line for each event, the last one with all counts. The file progress in
        the state directory, and alec spool ls, tell which lines of stdin are stored. alec status
        asks the agent itself. SIGHUP, or alec reload, reads the settings again.

        Each setting has a variable, as ALEC_DRAIN or ALEC_WINDOWS_AGE; options go before these,
        and these before the file. Paths begin with /.

        exit status: 0 all is stored (without a broker) or acknowledged (with one), 1 lines or
        readings were left out, 64 wrong arguments, 65 no line could be read, 74 the spool could
        not be written, 75 not all was acknowledged in time; it is kept, 78 wrong settings

        """

    static let spool = """
        alec spool looks into the spool of alec run, also while it runs.

        usage: alec spool ls [DIR]
               alec spool cat [--group N] [--json] [DIR]
               alec spool export [--format FORMAT] [--history] [DIR]
               alec spool verify [DIR]
               alec spool drop [--yes] (--all | --priority P | --before S | --group N) [DIR]

        DIR is the state directory (default /var/lib/alec). The first line tells up to which line
        and byte the input of the last run is stored; a feeder goes on behind it. Then comes a
        line for each table and frame: segment and offset, stream, lane, group and index,
        readings, bytes, the first time, and whether it is pending or history.

        cat prints each record with all that it says of itself, as one line of words or of JSON:
        also how many of its readings are of P1 to P5, and their last time.

        export writes the readings that wait, bit by bit, in the order of the spool: as csv
        (default; times in nanoseconds), jsonl or influx. --history writes those too that were
        acknowledged and are still there. A group that cannot be decoded is named on stderr.
        Where the agent takes records away meanwhile, that is said.

        verify reads every byte, also while the agent runs, and names each damaged stretch by
        segment and offset, with what is known to be lost in it, and each loss that nobody was
        told yet.

        drop gives groups up that wait: all of them, or those that fit all of most urgent
        priority P (1 to 5), last reading before S seconds since 1970, group number N. What it
        drops is written down as a loss. An agent that runs is asked to do it. Without --yes it
        only says what it would drop.

        exit status: 0, 64 wrong arguments or no --yes, 65 damage was found, 74 the spool cannot
        be read or is in use

        """
}
