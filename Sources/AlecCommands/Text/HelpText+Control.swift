// SPDX-License-Identifier: Apache-2.0

extension HelpText {
    static let status = """
        alec status asks the agent that runs how it is, and says what to do about what is wrong.

        usage: alec status [OPTION]...

          --json            one JSON object; keys are only ever added
          --state-dir DIR   the state directory of the agent
          --socket FILE     the socket itself

        Without either it looks in /run/alec/control.sock, where a service has it, and then in
        /var/lib/alec/control. Who may read and write the socket may ask.

        exit status: 0 all is well, 1 something is not, 69 no agent answers

        """

    static let reload = """
        alec reload makes the agent that runs read its settings again, as SIGHUP does.

        usage: alec reload [OPTION]...

          --state-dir DIR   the state directory of the agent
          --socket FILE     the socket itself

        Anything wrong in them changes nothing at all. Windows, rules, limits and drain hold at
        once; for the broker the connection is made again; inputs are opened and closed one by
        one. site, node, state_dir, delivery, required_receivers and readings, whether there is a
        broker, and whether durability is ram, wait for the next start.

        exit status: 0 read, 69 no agent answers, 78 the settings are wrong

        """

    static let initialize = """
        alec init writes a small file of settings to begin with.

        usage: alec init [FILE]

        Without FILE it is /etc/alec/gateway.toml; - is stdout. Serial ports of this machine are
        in it as remarks. A file that is there already is never overwritten.

        """

    static let config = """
        alec config tells which settings are in effect, and where each comes from.

        usage: alec config show [OPTION]... [FILE]
               alec config schema [--receiver]

          --receiver        the settings of alec receive; without it, those of alec run

        show takes the options that alec run, or alec receive, has for settings, as --site, and the
        same variables. Behind each setting is who said it: a line of the file, a variable, an
        option, a profile, or default. Passwords are read and not shown. schema prints a JSON
        Schema for editors.

        Without FILE it is /etc/alec/gateway.toml, or /etc/alec/receiver.toml with --receiver;
        - is stdin.

        """
}
