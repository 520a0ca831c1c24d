# SPDX-License-Identifier: Apache-2.0
"""Time per reading, ours and the oracle's in turn on one core."""

from collections import defaultdict
from statistics import median

from .tools import AlecBench, Oracle

#: The oracle takes the best of this many passes within a process; alec-bench does the same.
PASSES = 5


def interleaved(ours: AlecBench, oracle: Oracle | None, core: int | None, runs: int) -> list[dict]:
    """One record per program, set and case with the times of all runs.

    The order is ours, oracle, ours, oracle ...: a slow minute of the machine hits both.
    """
    times: dict[tuple, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def note(program: str, records: list[dict]) -> None:
        for record in records:
            entry = times[program, record["set"], record["n"], record["k"]]
            entry["encode_ns"].append(record["encode_ns"])
            entry["decode_ns"].append(record["decode_ns"])

    for _ in range(runs):
        mine = ours.speed(core)
        note(ours.name, mine)
        if oracle:
            for n, k in dict.fromkeys((record["n"], record["k"]) for record in mine):
                note(oracle.name, oracle.speed(n, k, core, PASSES))
    return [
        {"program": program, "set": name, "n": n, "k": k} | dict(entry)
        for (program, name, n, k), entry in times.items()
    ]


def summary(records: list[dict], program: str, n: int, k: int, key: str) -> dict | None:
    """Mean over the sets of each set's median, and of its fastest and slowest run."""
    runs = [
        record[key]
        for record in records
        if (record["program"], record["n"], record["k"]) == (program, n, k)
    ]
    if not runs:
        return None
    picks = {"median": median, "min": min, "max": max}
    return {name: sum(map(pick, runs)) / len(runs) for name, pick in picks.items()}
