# SPDX-License-Identifier: Apache-2.0
"""Starting `alec run` and `alec receive`, and what they say."""

import os
import signal
import subprocess

from . import waiting

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
PROGRAM = os.environ.get("ALEC", os.path.join(ROOT, ".build", "release", "alec"))


def require_program():
    if not os.access(PROGRAM, os.X_OK):
        raise FileNotFoundError(f"{PROGRAM} is not there; `make build` makes it")
    return PROGRAM


#: Settings with which every reading is P3. Who feeds an agent again from what it says it kept feeds
#: only what is not in frames, as long as all readings leave in order.
ONE_LANE = '[[sensor]]\nname = "*"\nsurprise = false\n'


class Program:
    """One process of `alec`, with its messages in a file."""

    def __init__(self, arguments, log, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL):
        self.log = str(log)
        self.log_start = os.path.getsize(self.log) if os.path.exists(self.log) else 0
        with open(self.log, "ab") as messages:
            self.process = subprocess.Popen(
                [require_program(), *arguments], stdin=stdin, stdout=stdout, stderr=messages)

    @property
    def stdin(self):
        return self.process.stdin

    @property
    def is_running(self):
        return self.process.poll() is None

    def said(self):
        with open(self.log, "r", encoding="utf-8", errors="replace") as file:
            file.seek(self.log_start)
            return file.read()

    def wait(self, limit):
        return self.process.wait(timeout=limit)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self, limit=20):
        """SIGTERM, and the exit status."""
        if self.is_running:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=limit)

    def close(self):
        if self.is_running:
            self.kill()


def run(folder, broker, *options, node="box", stdin=subprocess.PIPE):
    """The agent; its state is in `folder`/agent."""
    state = os.path.join(str(folder), "agent")
    arguments = ["run", "--site", "lab", "--node", node, "--state-dir", state]
    if broker:
        arguments += ["--broker", broker]
    return Program([*arguments, *options], os.path.join(str(folder), "agent.log"), stdin=stdin)


def receive(folder, broker, *sinks, options=()):
    """A receiver; its state is in `folder`/receiver."""
    state = os.path.join(str(folder), "receiver")
    arguments = ["receive", "--broker", broker, "--state-dir", state]
    for sink in sinks:
        arguments += ["--sink", sink]
    program = Program([*arguments, *options], os.path.join(str(folder), "receiver.log"))
    # What nobody is subscribed to, the broker forgets.
    waiting.until(
        lambda: "broker.connected" in program.said() or not program.is_running, 20,
        "the receiver is connected")
    return program


def line_count(path):
    if not os.path.exists(path):
        return 0
    with open(path, "rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def wait_for_lines(path, count, limit):
    waiting.until(
        lambda: line_count(path) >= count, limit, f"{count} lines in {path}", interval=0.05)


# What can be true of some frame at a moment: the agent's progress page tells.
STATES = ("appended, not synced", "synced, not published", "published, not acknowledged")


def fields(line):
    """The words `name=value` of a line; numbers as numbers."""
    pairs = (word.split("=", 1) for word in line.split() if "=" in word)
    return {name: int(value) if value.isdigit() else value for name, value in pairs}


def progress(page):
    """The agent's progress page; empty before there is one."""
    try:
        with open(page, "r", encoding="ascii", errors="replace") as file:
            return fields(file.read(4096))
    except FileNotFoundError:
        return {}


def states(page):
    """The states of `STATES` in which some frame is, by its progress page."""
    appended, synced, published, acknowledged = (
        page.get(f"{name}_place", 0) for name in ("appended", "synced", "published", "acknowledged"))
    truths = (appended > synced, synced > published, published > acknowledged)
    return [state for state, is_true in zip(STATES, truths) if is_true]


def kept(state_directory):
    """What the last life of the agent that took lines has in its spool, as it says itself."""
    listing = subprocess.run(
        [require_program(), "spool", "ls", str(state_directory)], capture_output=True, text=True,
        check=True)
    return fields(listing.stdout.splitlines()[0])


def kept_lines(state_directory):
    """How many lines of stdin that life has in its spool."""
    return kept(state_directory).get("kept_lines", 0)


def memory(pid):
    """Kilobytes of a process by the names of /proc, such as VmRSS and RssAnon."""
    found = {}
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            name, _, value = line.partition(":")
            if value.endswith(" kB\n"):
                found[name] = int(value.split()[0])
    return found
