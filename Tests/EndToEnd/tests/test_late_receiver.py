# SPDX-License-Identifier: Apache-2.0
"""A receiver that starts in the middle gets what the agent still has."""

import time

from rig import alec, sensors, waiting


def test_late_receiver_has_everything_within_two_seconds(tmp_path, broker):
    series = sensors.Series(3000, seed=11)
    lines = series.csv_lines()
    agent = alec.run(tmp_path, broker.address, "--format", "csv")
    sink = tmp_path / "out.jsonl"
    receiver = None
    try:
        # Several groups were acknowledged, and one is open, when the receiver comes.
        agent.stdin.write(series.csv_header() + b"".join(lines))
        agent.stdin.flush()
        page = tmp_path / "agent" / "progress"
        waiting.until(
            lambda: alec.progress(page).get("acknowledged_place", 0) > 0, 40, "a group is acknowledged")
        framed = alec.progress(page)["appended_readings"]
        began = time.monotonic()
        receiver = alec.receive(tmp_path, broker.address, f"jsonl:{sink}")
        alec.wait_for_lines(sink, framed, 10)
        took = time.monotonic() - began
        print(f"{framed} readings after {took:.2f} s")
        assert took < 2
        agent.stdin.close()
        assert agent.wait(60) == 0, agent.said()
        alec.wait_for_lines(sink, series.count, 20)
        receiver.terminate()
    finally:
        agent.close()
        if receiver:
            receiver.close()
    found = sensors.read_json_lines(sink)
    assert sensors.differences(found, series.expected()) == sensors.NOTHING_WRONG
