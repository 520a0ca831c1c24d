# SPDX-License-Identifier: Apache-2.0
"""Bytes on the socket beside the same readings as JSON, in real time."""

import json
import os
import subprocess
import time

import pytest

from rig import alec, sensors
from rig.meter import Meter

SECONDS = int(os.environ.get("ALEC_SECONDS", "120"))


@pytest.mark.long
def test_a_fortieth_of_json(tmp_path, broker):
    ours, theirs = Meter(broker.port), Meter(broker.port)
    made = subprocess.run(
        [alec.PROGRAM, "simulate", "--sensors", "20", "--rate", "1", "--seconds", str(SECONDS),
         "--seed", "5", "--format", "jsonl", "--pace", "none"],
        capture_output=True, check=True).stdout.splitlines(keepends=True)
    publisher = subprocess.Popen(
        ["mosquitto_pub", "-p", str(theirs.port), "-q", "1", "-l", "-t", "lab/box/data"],
        stdin=subprocess.PIPE)
    agent = alec.run(tmp_path, ours.address, "--format", "jsonl")
    per_second = len(made) // SECONDS
    began = time.monotonic()
    for second in range(SECONDS):
        now = int(time.time() * 1000)
        for line in made[second * per_second:(second + 1) * per_second]:
            reading = json.loads(line)
            reading["ts"] = now
            text = (json.dumps(reading, separators=(",", ":")) + "\n").encode()
            publisher.stdin.write(text)
            agent.stdin.write(text)
        publisher.stdin.flush()
        agent.stdin.flush()
        time.sleep(max(0, began + second + 1 - time.monotonic()))
    publisher.stdin.close()
    agent.stdin.close()
    assert agent.wait(30) == 0, agent.said()
    publisher.wait(timeout=30)
    ratio = theirs.total / ours.total
    print(f"\n{len(made)} readings: JSON {theirs.total} bytes, alec {ours.total} bytes "
          f"({ours.sent} out, {ours.received} in), ratio {ratio:.1f}")
    assert ratio >= 40


def test_the_meter_counts_both_directions(broker):
    meter = Meter(broker.port)
    subprocess.run(
        ["mosquitto_pub", "-p", str(meter.port), "-q", "1", "-t", "a", "-m", "b"], check=True)
    assert meter.sent > 15 and meter.received >= 8
    assert sensors.bits(-0.0) == 1 << 63
