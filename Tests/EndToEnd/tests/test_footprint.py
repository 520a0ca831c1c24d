# SPDX-License-Identifier: Apache-2.0
"""Memory of the idle agent, size of the program, and how soon the first alert is on its way."""

import json
import os
import statistics
import subprocess
import time

import pytest

from rig import alec

PROGRAM = os.environ.get("ALEC_STATIC")


@pytest.mark.long
@pytest.mark.skipif(not PROGRAM, reason="ALEC_STATIC names no program: `make footprint` does")
def test_small_and_quick(tmp_path, broker, monkeypatch):
    size = os.path.getsize(PROGRAM)
    monkeypatch.setattr(alec, "PROGRAM", PROGRAM)
    rules = tmp_path / "rules.toml"
    rules.write_text('[[sensor]]\nname = "t"\nlow = 0.0\nhigh = 50.0\n', encoding="utf-8")
    first = []
    resident = []
    for turn in range(11):
        folder = tmp_path / str(turn)
        folder.mkdir()
        # Two messages: the channel table, and the frame with the critical reading.
        listener = subprocess.Popen(
            ["mosquitto_sub", "-p", str(broker.port), "-t", "alec/v1/+/+/frame/+", "-C", "2",
             "-q", "1"],
            stdout=subprocess.PIPE)
        time.sleep(0.3)
        began = time.monotonic()
        agent = alec.run(
            folder, broker.address, "--config", str(rules), "--format", "csv")
        agent.stdin.write(b"time_ms,t\n1790000000000,99\n")
        agent.stdin.flush()
        listener.communicate(timeout=10)
        first.append((time.monotonic() - began) * 1000)
        if turn < 3:
            time.sleep(3)
            resident.append(alec.memory(agent.process.pid)["VmRSS"])
        agent.stdin.close()
        assert agent.wait(20) == 0, agent.said()
    figures = {
        "binary_bytes": size,
        "idle_resident_kilobytes": statistics.median(resident),
        "first_alert_ms": {
            "minimum": round(min(first), 1), "median": round(statistics.median(first), 1),
            "maximum": round(max(first), 1)},
    }
    print("\n" + json.dumps(figures))
    out = os.environ.get("ALEC_FIGURES")
    if out:
        with open(out, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=2)
            file.write("\n")
    assert size < 9_000_000
    assert statistics.median(resident) < 12 * 1024
    assert statistics.median(first) < 50
