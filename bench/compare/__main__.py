# SPDX-License-Identifier: Apache-2.0
"""Measures sizes and speed and writes the tables and plots of bench/README.md."""

import argparse
import os
import sys
import time
from pathlib import Path

from . import agent, plots, report, results
from .datasets import DataSet, load_all
from .measure import measure_peers
from .speed import interleaved
from .tools import AlecBench, Oracle, ToolError, check_same_frames

BENCH = Path(__file__).resolve().parent.parent
STEPS = ("peers", "sizes", "speed", "costs", "agent", "report")


def arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="compare", description=__doc__)
    parser.add_argument("--data", type=Path, default=BENCH.parent / "../shared/data")
    parser.add_argument("--alec-bench", type=Path, help="the program that measures alec frames")
    parser.add_argument("--alec", type=Path, help="the agent's program, for its speed")
    parser.add_argument("--oracle", type=Path, help="folder with the C oracle's source")
    parser.add_argument("--compiler", default="clang", help="for the oracle")
    parser.add_argument("--runs", type=int, default=5, help="of each program for the speed")
    parser.add_argument("--core", type=int, default=1, help="for the speed; -1: not bound")
    parser.add_argument("--output", type=Path, default=BENCH, help="folder with README.md")
    parser.add_argument(
        "--steps",
        default=",".join(STEPS),
        help="some of %(default)s; a step left out keeps its results file of an earlier run",
    )
    found = parser.parse_args(words)
    found.steps = found.steps.split(",")
    if wrong := set(found.steps) - set(STEPS):
        parser.error(f"no such step: {', '.join(sorted(wrong))}")
    return found


def measure_all_peers(data: list[DataSet], folder: Path) -> None:
    records = []
    for one in data:
        start = time.monotonic()
        records += measure_peers(one)
        print(f"peers: {one.name:16} {time.monotonic() - start:5.1f} s", file=sys.stderr)
    results.save(folder / "peers.json", {"records": records})


def measure_sizes(
    data: list[DataSet], ours: AlecBench | None, oracle: Oracle | None, folder: Path
) -> None:
    records = {"alec": ours.sizes() if ours else [], "oracle": oracle.sizes() if oracle else []}
    if ours:
        check_same_frames(data, records["alec"])
    results.save(folder / "sizes.json", records)


def measure_speed(
    ours: AlecBench, oracle: Oracle | None, core: int | None, runs: int, folder: Path
) -> None:
    records = interleaved(ours, oracle, core, runs)
    head = {"cpu": processor(), "core": core, "runs": runs}
    results.save(folder / "speed.json", head | {"records": records})


def measure_costs(ours: AlecBench, core: int | None, folder: Path) -> None:
    head = {"cpu": processor(), "core": core}
    results.save(folder / "costs.json", head | {"records": ours.costs(core)})


def measure_agent(
    bench: Path, program: Path, core: int | None, runs: int, folder: Path
) -> None:
    head = {"cpu": processor(), "core": core, "runs": runs, "load": round(os.getloadavg()[0], 1)}
    content = {"stages": agent.stages(bench, core, runs)}
    content["processes"] = agent.processes(bench, program, core, runs)
    results.save(folder / "agent.json", head | content)


def processor() -> str:
    """What the machine calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "an unknown processor")


def needs_data(chosen: argparse.Namespace) -> bool:
    """The agent's lines are made up."""
    return bool({"peers", "sizes", "speed"} & set(chosen.steps))


def write_report(output: Path) -> None:
    peers, sizes, speed, costs, line = (
        results.read(output / "results" / f"{name}.json")
        for name in ("peers", "sizes", "speed", "costs", "agent")
    )
    report.fill(output / "README.md", report.generated(sizes, peers, speed, costs, line))
    ours = results.own_sizes(sizes["alec"]) if sizes else {}
    if peers:
        others = results.peer_sizes(peers["records"])
        plots.formats(ours, others, output / "plots" / "formats.svg")
        if (60, 50) in ours:
            plots.sets(ours[60, 50], others[60], output / "plots" / "sets.svg")


def main(words: list[str] | None = None) -> None:
    chosen = arguments(words)
    data = load_all(chosen.data) if needs_data(chosen) else []
    folder = chosen.output / "results"
    core = chosen.core if 0 <= chosen.core < (os.cpu_count() or 1) else None
    ours = AlecBench(chosen.alec_bench, chosen.data) if chosen.alec_bench else None
    oracle = None
    try:
        if chosen.oracle and {"sizes", "speed"} & set(chosen.steps):
            oracle = Oracle(chosen.oracle, data, chosen.compiler)
        if "peers" in chosen.steps:
            measure_all_peers(data, folder)
        if "sizes" in chosen.steps and (ours or oracle):
            measure_sizes(data, ours, oracle, folder)
        if "speed" in chosen.steps and ours:
            measure_speed(ours, oracle, core, chosen.runs, folder)
        if "costs" in chosen.steps and ours:
            measure_costs(ours, core, folder)
        if "agent" in chosen.steps and chosen.alec_bench and chosen.alec:
            measure_agent(chosen.alec_bench, chosen.alec, core, chosen.runs, folder)
        if "report" in chosen.steps:
            write_report(chosen.output)
    except ToolError as error:
        raise SystemExit(f"compare: {error}") from error
    finally:
        if oracle:
            oracle.close()


if __name__ == "__main__":
    main()
