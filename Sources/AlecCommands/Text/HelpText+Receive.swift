// SPDX-License-Identifier: Apache-2.0

extension HelpText {
    static let receive = """
        alec receive restores readings from the frames that brokers hand on.

        usage: alec receive [OPTION]...

          --config FILE            settings, see alec check --receiver; options lie over it
          --broker HOST[:PORT]     where frames come from; may be repeated
          --id NAME                what acknowledgements call this receiver
          --state-dir DIR          journal and checkpoint (default /var/lib/alec-receiver)
          --sink SINK              where readings go; may be repeated:
                                   mqtt (default): JSON on data/<sensor> of the same broker
                                   jsonl, csv, csv-wide or influx, with :FILE; - is stdout
          --site SITE --node NODE  only these; + is all (default)
          --no-history             do not ask for what was sent before a node was known

        Each frame is stored before it is decoded. Each reading reaches a file exactly once, also
        after a kill: the file is cut to the last checkpoint and written on from the journal. On
        MQTT and stdout a reading may come twice after a kill; it then has the same id.

        csv    time_ns,node,sensor,value,quality,priority,id and a line per reading, exact to
               the bit; quality is good, uncertain, bad, stale or time
        csv-wide  time_ns,node,frame and a column per sensor, a line per time; where the
               sensors are others than before, another header
        influx temp,site=s,node=n value=21.37,q="good",p=3i 1790000000123000000
        jsonl  {"ts":1790000000123,"v":21.37,"u":"C","q":"good","p":3,"id":"...","node":"n",
               "sensor":"temp"}; "hist":true is backfill, NaN is "v":null with "err"

        Lines come in the order in which frames were accepted. What is missing is asked for; what
        stays missing is published on gap and counted. SIGTERM ends: everything is written,
        acknowledged, and a last line on stderr has all counts.

        exit status: 0 all is written, 64 wrong arguments, 74 a file or the journal
        failed, 75 a broker did not take all readings; what is in the journal is written
        and published at the next start, 78 wrong settings

        """
}
