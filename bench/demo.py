# SPDX-License-Identifier: Apache-2.0
"""The product at work: sensors, agent, a broker that dies on the way, receiver, subscribers.

Everything runs on this machine, on free loopback ports, in a folder of its own, and is gone at the
end. `make demo` builds the program and starts this.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.join(ROOT, "Tests", "EndToEnd"))

from rig import alec, sensors, waiting  # noqa: E402
from rig.broker import Broker  # noqa: E402
from rig.meter import Meter  # noqa: E402

IS_TERMINAL = sys.stdout.isatty()
SHOWN_PER_BURST = 4


def styled(code, text):
    return f"\x1b[{code}m{text}\x1b[0m" if IS_TERMINAL else text


class Stage:
    """Prints whole lines with the time since the beginning, from any thread."""

    def __init__(self):
        self.began = time.monotonic()
        self.lock = threading.Lock()

    def say(self, text, code="0"):
        with self.lock:
            print(f"{time.monotonic() - self.began:5.1f} s  {styled(code, text)}", flush=True)

    def headline(self, text):
        self.say(text, "1")


class Subscriber:
    """`mosquitto_sub` on the decoded readings; shows the first lines of each burst as they are."""

    def __init__(self, stage, port):
        self.stage = stage
        self.count = 0
        self.identities = set()
        self.burst = 0
        self.last = 0.0
        self.process = subprocess.Popen(
            ["mosquitto_sub", "-p", str(port), "-q", "1", "-v", "-t", "alec/v1/+/+/data/#"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            now = time.monotonic()
            if now - self.last > 1:
                self.end_burst()
                self.stage.say("$ mosquitto_sub -v -t 'alec/v1/+/+/data/#'", "36")
            self.last = now
            self.burst += 1
            self.count += 1
            topic, _, payload = line.rstrip("\n").partition(" ")
            self.identities.add(json.loads(payload)["id"])
            if self.burst <= SHOWN_PER_BURST:
                self.stage.say(f"{topic} {payload}", "32")

    def end_burst(self):
        hidden = self.burst - SHOWN_PER_BURST
        self.burst = 0
        if hidden > 0:
            self.stage.say(f"... and {hidden} more such lines", "32")

    def tick(self):
        """Closes a burst that is over."""
        if self.burst and time.monotonic() - self.last > 1:
            self.end_burst()


class JSONPublisher:
    """The same readings as everybody sends them: one JSON message a reading, QoS 1.

    It stays connected to a broker of its own that never dies, so that nothing is sent twice.
    """

    def __init__(self, folder):
        self.broker = Broker(os.path.join(folder, "other-broker")).start()
        self.meter = Meter(self.broker.port)
        self.process = subprocess.Popen(
            ["mosquitto_pub", "-p", str(self.meter.port), "-q", "1", "-l", "-t", "demo/box/data"],
            stdin=subprocess.PIPE)

    def publish(self, line):
        self.process.stdin.write(line)

    def finish(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.broker.stop()


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="make demo", description="Shows the whole way of a reading, with a broker that dies.")
    parser.add_argument("--seconds", type=int, default=44, help="how long sensors run (44)")
    parser.add_argument("--sensors", type=int, default=20, help="how many there are (20)")
    parser.add_argument("--rate", type=float, default=1, help="readings per second of each (1)")
    parser.add_argument("--keep", action="store_true", help="leave the folder behind")
    return parser.parse_args(arguments)


class Demo:
    def __init__(self, options):
        self.options = options
        self.stage = Stage()
        self.folder = tempfile.mkdtemp(prefix="alec-demo-")
        self.broker = Broker(os.path.join(self.folder, "broker"))
        self.sent = {}
        self.started = []

    def run(self):
        stage, options = self.stage, self.options
        self.broker.start()
        meter = Meter(self.broker.port)
        other = JSONPublisher(self.folder)
        sink = os.path.join(self.folder, "readings.jsonl")
        stage.headline(f"A broker of our own listens on {self.broker.address}.")

        receiver = alec.receive(
            self.folder, self.broker.address, f"jsonl:{sink}", "mqtt")
        self.started.append(receiver)
        agent = alec.run(
            self.folder, meter.address, "--format", "jsonl", "--delivery", "receiver",
            "--drain", "30")
        self.started.append(agent)
        subscriber = Subscriber(stage, self.broker.port)
        stage.headline(
            f"alec simulate | alec run: {options.sensors} sensors, {options.rate:g} readings a "
            "second each, frames of 10 s as by default.")
        stage.headline("alec receive decodes them, into a file and back to plain MQTT topics.")

        feeder = threading.Thread(target=self.feed, args=(agent, other))
        feeder.start()
        self.watch(feeder, subscriber, meter, other)
        stage.headline("The sensors have stopped; the agent sends what it still has.")
        agent.stdin.close()
        status = agent.wait(60)
        alec.wait_for_lines(sink, len(self.sent), 30)
        self.wait_for_subscriber(subscriber)
        other.finish()
        receiver.terminate()
        subscriber.process.terminate()
        return self.judge(status, sink, subscriber, meter, other)

    def feed(self, agent, other):
        """Passes the simulator's lines to the agent and to the JSON publisher alike."""
        options = self.options
        simulator = subprocess.Popen(
            [alec.PROGRAM, "simulate", "--sensors", str(options.sensors),
             "--rate", str(options.rate), "--seconds", str(options.seconds), "--seed", "7",
             "--format", "jsonl"],
            stdout=subprocess.PIPE)
        for line in simulator.stdout:
            reading = json.loads(line)
            key = (reading["sensor"], reading["ts"] * 1_000_000 + reading.get("ns", 0))
            self.sent[key] = sensors.bits(reading["v"])
            agent.stdin.write(line)
            other.publish(line)
            agent.stdin.flush()
            other.process.stdin.flush()
        simulator.wait()

    def watch(self, feeder, subscriber, meter, other):
        """Shows the bytes while the sensors run, and takes the broker away for ten seconds."""
        stage = self.stage
        kill_at = stage.began + 13
        back_at = kill_at + 10
        show_at = stage.began + 5
        while feeder.is_alive():
            now = time.monotonic()
            if self.broker.process and now >= kill_at and self.broker.kills == 0:
                self.broker.kill()
                stage.say("kill -9 of the broker. The agent keeps reading, and keeps frames on "
                          "disk.", "31;1")
            if not self.broker.process and now >= back_at:
                self.broker.start()
                stage.say("The broker is back, with no memory of before.", "31;1")
            if now >= show_at:
                show_at = now + 5
                self.show_bytes(meter, other)
            subscriber.tick()
            time.sleep(0.1)
        feeder.join()

    def wait_for_subscriber(self, subscriber):
        """A subscriber that comes back after the receiver misses what was published meanwhile."""
        end = time.monotonic() + 5
        while len(subscriber.identities) < len(self.sent) and time.monotonic() < end:
            time.sleep(0.1)
        subscriber.end_burst()

    def show_bytes(self, meter, other):
        count = max(len(self.sent), 1)
        self.stage.say(
            f"{count:6d} readings so far   JSON over MQTT {other.meter.total:8d} bytes   "
            f"alec {meter.total:6d} bytes", "33")

    def judge(self, status, sink, subscriber, meter, other):
        stage = self.stage
        found = sensors.read_json_lines(sink)
        wrong = sensors.differences(found, self.sent)
        count = len(self.sent)
        repeats = subscriber.count - len(subscriber.identities)
        ratio = other.meter.total / meter.total
        stage.headline("Summed up:")
        rows = [
            ("readings made", f"{count}"),
            ("in the file, exactly once, bit for bit", f"{count - wrong['missing']}"),
            ("missing, doubled, foreign, changed", ", ".join(str(wrong[k]) for k in wrong)),
            ("on MQTT topics, by id", f"{len(subscriber.identities)} (repeats: {repeats})"),
            ("JSON over MQTT, both directions",
             f"{other.meter.total} bytes, {other.meter.total / count:.1f} a reading"),
            ("alec over MQTT, both directions",
             f"{meter.total} bytes, {meter.total / count:.2f} a reading"),
            ("times fewer bytes", f"{ratio:.1f}"),
        ]
        for name, value in rows:
            stage.say(f"  {name:42s} {value}")
        is_right = wrong == sensors.NOTHING_WRONG and status == 0
        stage.headline(
            "Nothing was lost." if is_right else f"SOMETHING IS WRONG (agent: exit {status}).")
        return 0 if is_right else 1

    def close(self):
        for program in self.started:
            program.close()
        self.broker.stop()
        if self.options.keep:
            print(f"left behind: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


def main():
    demo = Demo(parse(sys.argv[1:]))
    try:
        return demo.run()
    except waiting.TooLate as late:
        print(f"demo: {late}", file=sys.stderr)
        for program in demo.started:
            print(program.said(), file=sys.stderr)
        return 1
    finally:
        demo.close()


if __name__ == "__main__":
    sys.exit(main())
