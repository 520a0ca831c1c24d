# SPDX-License-Identifier: Apache-2.0
"""Every reading reaches a file sink exactly once, bit for bit."""

import os
import subprocess

import pytest

from rig import alec, sensors

ROWS = int(os.environ.get("ALEC_ROWS", "10000"))


@pytest.mark.parametrize("delivery", ["broker", "receiver"])
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_every_reading_exactly_once(tmp_path, broker, form, delivery):
    series = sensors.Series(ROWS, seed=7)
    source = tmp_path / f"input.{form}"
    source.write_bytes(series.csv() if form == "csv" else b"".join(series.json_lines()))
    sink = tmp_path / "out.jsonl"
    receiver = alec.receive(tmp_path, broker.address, f"jsonl:{sink}")
    try:
        with open(source, "rb") as stdin:
            agent = alec.run(
                tmp_path, broker.address, "--format", form, "--delivery", delivery, stdin=stdin)
        assert agent.wait(120) == 0, agent.said()
        alec.wait_for_lines(sink, series.count, 60)
        assert receiver.terminate() == 0, receiver.said()
    finally:
        receiver.close()
    found = sensors.read_json_lines(sink)
    assert sensors.differences(found, series.expected()) == sensors.NOTHING_WRONG
    assert len({identity for _, _, identity in found}) == series.count


def test_csv_sink_and_standard_output_say_the_same(tmp_path, broker):
    series = sensors.Series(50, seed=3)
    csv_sink = tmp_path / "out.csv"
    json_sink = tmp_path / "out.jsonl"
    receiver = alec.receive(tmp_path, broker.address, f"csv:{csv_sink}", f"jsonl:{json_sink}")
    try:
        agent = alec.run(tmp_path, broker.address, "--format", "csv")
        agent.process.communicate(series.csv(), timeout=60)
        assert agent.process.returncode == 0, agent.said()
        alec.wait_for_lines(json_sink, series.count, 30)
        alec.wait_for_lines(csv_sink, series.count + 1, 30)
        assert receiver.terminate() == 0
    finally:
        receiver.close()
    lines = csv_sink.read_text().splitlines()
    columns = lines[0].split(",")
    found = {}
    for line in lines[1:]:
        cells = dict(zip(columns, line.split(",")))
        found[(cells["sensor"], int(cells["time_ns"]))] = sensors.bits(cells["value"])
    assert found == series.expected()


def test_without_a_broker_everything_is_kept(tmp_path):
    series = sensors.Series(20, seed=5)
    agent = alec.run(tmp_path, None, "--format", "csv")
    agent.process.communicate(series.csv(), timeout=60)
    assert agent.process.returncode == 0, agent.said()
    listing = subprocess.run(
        [alec.PROGRAM, "spool", "ls", str(tmp_path / "agent")], capture_output=True, text=True,
        check=True)
    assert str(series.count) in listing.stdout, listing.stdout


def test_an_absent_broker_ends_with_75_and_the_next_run_delivers(tmp_path, broker):
    series = sensors.Series(20, seed=6)
    broker.kill()
    agent = alec.run(tmp_path, broker.address, "--format", "csv", "--drain", "1")
    agent.process.communicate(series.csv(), timeout=60)
    assert agent.process.returncode == 75, agent.said()
    broker.start()
    sink = tmp_path / "out.jsonl"
    receiver = alec.receive(tmp_path, broker.address, f"jsonl:{sink}")
    try:
        again = alec.run(tmp_path, broker.address, "--format", "csv")
        again.process.communicate(b"", timeout=60)
        assert again.process.returncode == 0, again.said()
        alec.wait_for_lines(sink, series.count, 30)
        receiver.terminate()
    finally:
        receiver.close()
    found = sensors.read_json_lines(sink)
    assert sensors.differences(found, series.expected()) == sensors.NOTHING_WRONG
