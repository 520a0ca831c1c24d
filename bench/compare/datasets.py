# SPDX-License-Identifier: Apache-2.0
"""Data sets (wide or long CSV) and the frames they are cut into."""

import csv
import struct
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path


@dataclass
class Frame:
    """What one message carries: the same number of samples for every column."""

    times: list[list[int]]
    values: list[list[float]]

    @cached_property
    def clocks(self) -> list[list[int]]:
        """The distinct time lists: columns sampled together share one."""
        return self._split[0]

    @cached_property
    def clock_of(self) -> list[int]:
        """For each column the position of its time list in `clocks`."""
        return self._split[1]

    @cached_property
    def _split(self) -> tuple[list[list[int]], list[int]]:
        seen: dict[tuple[int, ...], int] = {}
        clock_of = [seen.setdefault(tuple(column), len(seen)) for column in self.times]
        return [list(clock) for clock in seen], clock_of

    @property
    def samples(self) -> int:
        return len(self.values[0])

    @property
    def readings(self) -> int:
        return len(self.values) * self.samples

    def same_bits(self, other: "Frame") -> bool:
        """Equal in every bit: 0.0 differs from -0.0, a NaN equals itself."""
        return self.times == other.times and all(
            bits_of(a) == bits_of(b) for a, b in zip(self.values, other.values, strict=True)
        )


def bits_of(values: list[float]) -> tuple[int, ...]:
    """The 64 bits of each double as an unsigned number."""
    return struct.unpack(f">{len(values)}Q", struct.pack(f">{len(values)}d", *values))


def doubles_of(bits: list[int]) -> list[float]:
    """The doubles with these bits."""
    return list(struct.unpack(f">{len(bits)}d", struct.pack(f">{len(bits)}Q", *bits)))


@dataclass
class DataSet:
    """One CSV file as columns of equal length."""

    name: str
    unit: str
    times: list[list[int]]
    values: list[list[float]] = field(repr=False)

    @property
    def rows(self) -> int:
        return len(self.values[0])

    @property
    def columns(self) -> int:
        return len(self.values)

    def frames(self, samples: int, max_rows: int | None = None) -> list[Frame]:
        """Whole frames of `samples` rows; the rest of the rows is left out."""
        rows = min(self.rows, max_rows or self.rows)
        step = min(samples, rows)
        return [
            Frame([t[at : at + step] for t in self.times], [v[at : at + step] for v in self.values])
            for at in range(0, rows - step + 1, step)
        ]


def load(path: Path) -> DataSet:
    """Reads `time_ms,s1,s2,...` (wide) or `time_ms,sensor,value` (long).

    Long columns stand in the order of their sensor numbers and are cut to the shortest one.
    """
    with path.open(newline="") as file:
        lines = csv.reader(file)
        head = next(lines)
        rows = list(lines)
    unit = head[0].removeprefix("time_")
    if head[1:] == ["sensor", "value"]:
        columns: dict[str, list[tuple[int, float]]] = {}
        for time, sensor, value in rows:
            columns.setdefault(sensor, []).append((int(time), float(value)))
        length = min(len(column) for column in columns.values())
        ordered = [columns[name][:length] for name in sorted(columns, key=lambda s: int(s[1:]))]
        times = [[time for time, _ in column] for column in ordered]
        values = [[value for _, value in column] for column in ordered]
    else:
        shared = [int(row[0]) for row in rows]
        times = [shared] * (len(head) - 1)
        values = [[float(row[at]) for row in rows] for at in range(1, len(head))]
    return DataSet(path.stem, unit, times, values)


def load_all(directory: Path) -> list[DataSet]:
    """All CSV files of a directory, by name."""
    paths = sorted(directory.glob("*.csv"))
    if not paths:
        raise SystemExit(f"no CSV files in {directory}")
    return [load(path) for path in paths]


def write_binary(data: DataSet, path: Path) -> None:
    """The oracle's input: rows, columns, then all times, then all values, column by column."""
    with path.open("wb") as file:
        file.write(struct.pack("<qq", data.rows, data.columns))
        for column in data.times:
            file.write(struct.pack(f"<{data.rows}q", *column))
        for column in data.values:
            file.write(struct.pack(f"<{data.rows}d", *column))
