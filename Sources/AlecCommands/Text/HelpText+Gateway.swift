// SPDX-License-Identifier: Apache-2.0

extension HelpText {
    static let check = """
        alec check tells whether a file of settings is right, and all that is wrong with it.

        usage: alec check [OPTION]... [FILE]

          --receiver        the settings of alec receive; without it, those of alec run
          --sample          print the annotated file with every setting and its default

        Without FILE it is /etc/alec/gateway.toml, or /etc/alec/receiver.toml with --receiver;
        - is stdin. Password files are read too, so check as the user that will read them.

        exit status: 0 all is well, 78 something is wrong

        """

    static let simulate = """
        alec simulate writes readings of sensors that do not exist.

        usage: alec simulate [OPTION]...

          --sensors N       how many, 1 to 4096 (default 8: one of each kind)
          --rate R          readings per second of each sensor, 0.001 to 1000 (default 1)
          --seconds S       how long; without it on and on, with --pace none 60
          --seed X          another seed, other values (default 1)
          --format FORMAT   csv (default): time_ms and a column per sensor; or jsonl
          --pace PACE       real (default): each reading when it is due; none: all at once
          --start TIME_MS   time of the first reading, in ms since 1970; without it now, and
                            1790000000000 with --pace none

        The kinds are temperature, humidity, pressure, energy counter, door, vibration, and
        latitude and longitude of a car: temp1, hum1, press1, energy1, door1, vib1, lat1, lon1,
        temp2 and so on. Now and then a temperature rises by 15 degrees, a door opens, a
        machine shakes. The same options give the same values on every machine; with --start
        or --pace none the same times too.

          alec simulate | alec run --broker localhost
          alec simulate --pace none --seconds 3600 | alec encode > hour.alec

        """
}
