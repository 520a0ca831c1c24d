# SPDX-License-Identifier: Apache-2.0
"""Runs the two programs that make alec frames: alec-bench and the C oracle."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

from .datasets import DataSet, write_binary

#: Samples a frame / frames a group, as in the acceptance limits.
CASES = ((60, 50), (10, 50), (1, 50), (60, 1), (10, 1))

SIZE_KEYS = {"set", "n", "k", "readings", "frames", "payload_bytes", "head_bytes"}
SPEED_KEYS = {"set", "n", "k", "encode_ns", "decode_ns"}
COST_KEYS = {"cost", "unit", "median"}


class ToolError(Exception):
    """A program failed or printed something else than agreed."""


def run(command: list[str], core: int | None = None) -> str:
    """Standard output of a command, bound to one core if asked."""
    pinned = ["taskset", "-c", str(core)] if core is not None else []
    try:
        done = subprocess.run(pinned + command, capture_output=True, text=True, check=True)
    except FileNotFoundError as error:
        raise ToolError(f"{error.filename} is missing") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip()[-500:]
        raise ToolError(f"{Path(command[0]).name} ended with {error.returncode}: {said}") from error
    return done.stdout


def parse_lines(text: str, keys: set[str]) -> list[dict]:
    """JSON lines that all have these keys; more are allowed."""
    records = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise ToolError(f"line {number} of alec-bench is not JSON") from error
        if missing := keys - record.keys():
            raise ToolError(f"line {number} of alec-bench lacks {', '.join(sorted(missing))}")
        records.append({key: record[key] for key in sorted(keys)})
    return records


def expected_frames(one: DataSet, n: int) -> tuple[int, int]:
    """Frames of a set and the readings in them: all rows in whole frames of `n`."""
    samples = min(n, one.rows)
    frames = one.rows // samples
    return frames, frames * samples * one.columns


def check_same_frames(data: list[DataSet], records: list[dict]) -> None:
    """Every set is there in every case, cut into the same frames as the peers got."""
    found = {(r["set"], r["n"], r["k"]): (r["frames"], r["readings"]) for r in records}
    for one in data:
        for n, k in CASES:
            counts = found.get((one.name, n, k))
            expected = expected_frames(one, n)
            if counts != expected:
                raise ToolError(
                    f"{one.name} at {n}/{k}: frames and readings {counts}, expected {expected}"
                )


class AlecBench:
    """Our own encoder and decoder."""

    name = "alec"

    def __init__(self, program: Path, data: Path) -> None:
        self._command = [str(program)]
        self._data = ["--data", str(data)]

    def sizes(self) -> list[dict]:
        """Bytes of every set in every case."""
        return parse_lines(run([*self._command, "sizes", *self._data]), SIZE_KEYS)

    def speed(self, core: int | None) -> list[dict]:
        """Nanoseconds per reading of every set, one process."""
        return parse_lines(run([*self._command, "speed", *self._data], core), SPEED_KEYS)

    def costs(self, core: int | None) -> list[dict]:
        """What single messages, many channels and memory cost; needs no data."""
        text = run([*self._command, "costs"], core)
        parse_lines(text, COST_KEYS)
        return [json.loads(line) for line in text.splitlines()]


class Oracle:
    """The laboratory implementation in C, built and fed in a temporary directory."""

    name = "C oracle"

    _LINE = re.compile(
        r"B/rd +(?P<payload>[\d.]+) .* full +(?P<full>[\d.]+) overhead/frame (?P<head>[\d.]+)"
        r" enc +(?P<encode>\d+) dec +(?P<decode>\d+) ns"
    )

    def __init__(self, source: Path, data: list[DataSet], compiler: str = "clang") -> None:
        self._data = data
        self._home = tempfile.TemporaryDirectory(prefix="oracle-")
        home = Path(self._home.name)
        self._program = home / "oracle"
        flags = ["-O2", "-w", "-fwrapv", "-ffp-contract=off"]
        main = source / "alec_main.c"
        run([compiler, *flags, "-o", str(self._program), str(main), "-lm"])
        self._inputs = [home / f"{one.name}.bin" for one in data]
        for one, path in zip(data, self._inputs, strict=True):
            write_binary(one, path)

    def close(self) -> None:
        """Removes the temporary directory."""
        self._home.cleanup()

    def sizes(self) -> list[dict]:
        """Bytes of every set in every case, to the four digits that the oracle prints."""
        records = []
        for n, k in CASES:
            for one, line in zip(self._data, self._lines(n, k), strict=True):
                frames, readings = expected_frames(one, n)
                payload = round(float(line["payload"]) * readings) - 2 * frames
                records.append(
                    {"set": one.name, "n": n, "k": k, "readings": readings, "frames": frames}
                    | {"payload_bytes": payload, "head_bytes": round(float(line["head"]) * frames)}
                )
        return records

    def speed(self, n: int, k: int, core: int | None, repeats: int) -> list[dict]:
        """Nanoseconds per reading of every set, one process, the best of `repeats` passes."""
        lines = self._lines(n, k, core, [f"rep={repeats}"])
        return [
            {"set": one.name, "n": n, "k": k}
            | {"encode_ns": int(line["encode"]), "decode_ns": int(line["decode"])}
            for one, line in zip(self._data, lines, strict=True)
        ]

    def _lines(self, n: int, k: int, core: int | None = None, more: list[str] | None = None):
        command = [str(self._program), f"n={n}", f"K={k}", *(more or [])]
        text = run(command + [str(path) for path in self._inputs], core)
        lines = [match for line in text.splitlines() if (match := self._LINE.search(line))]
        if len(lines) != len(self._data):
            raise ToolError(f"the oracle printed {len(lines)} sets of {len(self._data)}")
        return lines
