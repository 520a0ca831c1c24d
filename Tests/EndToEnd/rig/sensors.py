# SPDX-License-Identifier: Apache-2.0
"""Readings from a seed, as lines for the agent, and what must come out at the other end."""

import json
import random
import struct

START_MS = 1_790_000_000_000


def bits(value):
    """All 64 bits of a double."""
    return struct.unpack("<Q", struct.pack("<d", float(value)))[0]


class Series:
    """`rows` moments of `sensors` sensors."""

    def __init__(self, rows, sensors=20, seed=1, step_ms=1000):
        self.seed = seed
        chance = random.Random(seed)
        self.names = [f"s{i:02d}" for i in range(sensors)]
        self.rows = []
        state = [chance.uniform(-50, 50) for _ in self.names]
        for row in range(rows):
            values = []
            for i in range(sensors):
                state[i] += chance.gauss(0, 0.05)
                kind = i % 5
                if kind == 0:
                    values.append(round(state[i], 2))
                elif kind == 1:
                    values.append(round(state[i] * 2) / 2)
                elif kind == 2:
                    values.append(float(row * (i + 1)))
                elif kind == 3:
                    values.append(float(chance.random() < 0.02))
                else:
                    # Every bit of the double matters.
                    values.append(state[i] if row % 7 else -0.0)
            self.rows.append((START_MS + row * step_ms, values))

    @property
    def count(self):
        return len(self.rows) * len(self.names)

    def expected(self):
        """(sensor, nanoseconds) -> the bits of the value."""
        return {
            (name, time * 1_000_000): bits(value)
            for time, values in self.rows
            for name, value in zip(self.names, values)
        }

    def csv_header(self):
        return ("time_ms," + ",".join(self.names) + "\n").encode()

    def csv_lines(self):
        return [
            (f"{time}," + ",".join(repr(v) for v in values) + "\n").encode()
            for time, values in self.rows
        ]

    def csv(self):
        return self.csv_header() + b"".join(self.csv_lines())

    def json_lines(self):
        """A line a reading."""
        return [
            (json.dumps({"ts": time, "sensor": name, "v": value}) + "\n").encode()
            for time, values in self.rows
            for name, value in zip(self.names, values)
        ]


def read_json_lines(path, node=None):
    """What a sink has: [((sensor, nanoseconds), bits, id)]; a torn last line is left out."""
    result = []
    with open(path, "rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            reading = json.loads(line)
            if node and reading.get("node") not in (node, None):
                continue
            time = reading["ts"] * 1_000_000 + reading.get("ns", 0)
            result.append(((reading["sensor"], time), bits(reading["v"]), reading["id"]))
    return result


def differences(readings, expected):
    """What is wrong with a sink: readings that are missing, doubled, foreign or changed."""
    seen = {}
    doubled = foreign = changed = 0
    for key, value, _ in readings:
        if key in seen:
            doubled += 1
            continue
        seen[key] = value
        if key not in expected:
            foreign += 1
        elif expected[key] != value:
            changed += 1
    missing = sum(1 for key in expected if key not in seen)
    return {"missing": missing, "doubled": doubled, "foreign": foreign, "changed": changed}


NOTHING_WRONG = {"missing": 0, "doubled": 0, "foreign": 0, "changed": 0}
