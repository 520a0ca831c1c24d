# SPDX-License-Identifier: Apache-2.0
"""What a reading costs in the agent from the line to the spool: in its stages, and as a process."""

import os
import re
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from .tools import ToolError, parse_lines, run

#: What `alec-bench lines` calls each kind of lines, and the name in the records.
KINDS = {
    "csvWide": "CSV, all sensors a line",
    "csvLong": "CSV, a reading a line",
    "jsonWide": "JSON, all sensors a line",
    "jsonLong": "JSON, a reading a line",
}
SENSORS = 20
#: Moments in the text of one process: two million readings.
ROWS = 100_000
STAGES = ("split", "parse", "window", "encode", "append", "between", "whole")
STAGE_KEYS = {
    "lines", "stage", "least", "median", "most", "allocations", "readings", "frames",
    "frame_bytes", "text_bytes",
}

_ENDED = re.compile(rb"run\.ended verdict=complete .*? readings=(\d+) .*? framed=(\d+) ")


def stages(bench: Path, core: int | None, passes: int) -> list[dict]:
    """The stages within one process, one record a stage and kind of lines."""
    with tempfile.TemporaryDirectory(prefix="alec-stages-") as folder:
        text = run([str(bench), "agent", "--state", folder, "--passes", str(passes)], core)
    return parse_lines(text, STAGE_KEYS)


def processes(
    bench: Path, program: Path, core: int | None, runs: int, rows: int = ROWS
) -> list[dict]:
    """`alec run` fed through a pipe, from its start to its end; the kinds of lines in turn."""
    records = {kind: {"lines": name, "readings": rows * SENSORS, "wall_s": [], "cpu_s": []}
               for kind, name in KINDS.items()}
    with tempfile.TemporaryDirectory(prefix="alec-process-") as place:
        folder = Path(place)
        for kind in KINDS:
            with open(folder / kind, "wb") as out:
                command = [str(bench), "lines", kind, "--rows", str(rows)]
                if subprocess.run(command, stdout=out, check=False).returncode != 0:
                    raise ToolError(f"alec-bench gave no lines of {kind}")
        for turn in range(runs):
            for kind, record in records.items():
                wall, cpu = _one(program, folder / kind, folder / f"{kind}-{turn}", core,
                                 record["readings"])
                record["wall_s"].append(round(wall, 4))
                record["cpu_s"].append(round(cpu, 4))
    return list(records.values())


def _one(
    program: Path, text: Path, state: Path, core: int | None, readings: int
) -> tuple[float, float]:
    """Seconds of the wall and of the processor."""
    pinned = ["taskset", "-c", str(core)] if core is not None else []
    command = [*pinned, str(program), "run", "--input", "-", "--state-dir", str(state)]
    command += ["--format", "csv" if text.name.startswith("csv") else "jsonl"]
    with tempfile.TemporaryFile() as said:
        start = time.monotonic()
        feeder = subprocess.Popen(["cat", str(text)], stdout=subprocess.PIPE)
        agent = subprocess.Popen(command, stdin=feeder.stdout, stderr=said)
        feeder.stdout.close()
        _, status, usage = os.wait4(agent.pid, 0)
        wall = time.monotonic() - start
        agent.returncode = os.waitstatus_to_exitcode(status)
        feeder.wait()
        said.seek(0)
        ended = _ENDED.search(said.read())
    if agent.returncode != 0 or not ended:
        raise ToolError(f"alec run ended with {agent.returncode} on {text.name}")
    if [int(count) for count in ended.groups()] != [readings, readings]:
        raise ToolError(f"alec run framed {ended[2].decode()} of {readings} readings")
    return wall, usage.ru_utime + usage.ru_stime


def rates(record: dict, key: str) -> tuple[float, float, float]:
    """Median, least and most million readings a second."""
    found = [record["readings"] / seconds / 1e6 for seconds in record[key]]
    return median(found), min(found), max(found)
