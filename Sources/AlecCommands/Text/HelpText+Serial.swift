// SPDX-License-Identifier: Apache-2.0

extension HelpText {
    static let serial = """
        alec serial tells what is plugged in, how fast it speaks, and what it says.

        usage: alec serial list
               alec serial probe [OPTION]... DEVICE[@BAUD]
               alec serial trace [OPTION]... DEVICE[@BAUD]

        list    each serial port with its lasting name, its USB identity and driver, and the
                lines for the settings of alec run
        probe   tries the usual speeds, or the one given, until lines can be read; prints the
                table for the settings
        trace   each line with its time (UTC), and under it the readings in it or why it is
                refused; bytes that are no text as \\x00. Without @BAUD the speed is 115200

          --seconds N       probe: how long to listen at each speed (default 3);
                            trace: when to end (default: at Ctrl-C)
          --format FORMAT   auto (default), csv, jsonl or influx

        DEVICE is a path, a path with * in it, or usb:VID:PID[:SERIAL]. A device that is read by
        alec run is busy. What comes before the first newline is part of a line, unless the
        device was silent for 0.2 s first.

        exit status: 0 all is well, 64 wrong arguments, 65 probe found no readings, 74 the device
        could not be read

        """
}
