# SPDX-License-Identifier: Apache-2.0
"""Frames as rows, the way people send them: JSON with sensors by name, CBOR by position."""

import json
import math

import cbor2

from .datasets import Frame

_TIME = "t"


def name(column: int) -> str:
    """A four-letter sensor name."""
    return f"s{column + 1:03d}"


def rows(frame: Frame) -> list[dict[str, int | float]]:
    """One object per time with the sensors that were read then.

    A time that a column has twice makes two objects.
    """
    made: dict[tuple[int, int], dict[str, int | float]] = {}
    for column, (times, values) in enumerate(zip(frame.times, frame.values, strict=True)):
        repeats, previous = 0, None
        for time, value in zip(times, values, strict=True):
            repeats = repeats + 1 if time == previous else 0
            previous = time
            made.setdefault((time, repeats), {_TIME: time})[name(column)] = compact(value)
    # Columns with one clock keep their order; only clocks of their own must be merged.
    return [made[key] for key in (made if len(frame.clocks) == 1 else sorted(made))]


def compact(value: float) -> int | float:
    """An integer where that is the same number: the shorter form in JSON and CBOR."""
    if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
        if value != 0 or math.copysign(1, value) > 0:
            return int(value)
    return value


def columns(objects: list[dict[str, int | float]], count: int) -> Frame:
    """The frame behind rows."""
    frame = Frame([[] for _ in range(count)], [[] for _ in range(count)])
    for row in objects:
        for column in range(count):
            value = row.get(name(column))
            if value is not None:
                frame.times[column].append(row[_TIME])
                frame.values[column].append(float(value))
    return frame


def to_json(frame: Frame) -> bytes:
    """Compact JSON: an array of objects, numbers in their shortest exact form."""
    objects = (
        "{" + ",".join(f'"{key}":{number(value)}' for key, value in row.items()) + "}"
        for row in rows(frame)
    )
    return ("[" + ",".join(objects) + "]").encode()


def number(value: int | float) -> str:
    """The shortest decimal that restores the number; JSON has no NaN and no infinity."""
    if not math.isfinite(value):
        raise ValueError("JSON cannot carry NaN or infinity")
    mantissa, mark, exponent = repr(value).partition("e")
    return mantissa + (mark and f"e{int(exponent)}")


def from_json(data: bytes, count: int) -> Frame:
    """The frame behind `to_json`."""
    return columns(json.loads(data), count)


def to_cbor(frame: Frame) -> bytes:
    """CBOR without names: `[time, values...]`, or `{0: time, column + 1: value}` for a row
    that not all columns have; the shortest float that is exact (half, single or double)."""
    names = [name(column) for column in range(len(frame.values))]
    keys = {_TIME: 0} | {key: column + 1 for column, key in enumerate(names)}
    packed = [
        [row[_TIME], *(row[key] for key in names)]
        if len(row) == len(keys)
        else {keys[key]: value for key, value in row.items()}
        for row in rows(frame)
    ]
    return cbor2.dumps(packed, canonical=True)


def from_cbor(data: bytes, count: int) -> Frame:
    """The frame behind `to_cbor`."""
    keys = [_TIME] + [name(column) for column in range(count)]
    objects = [
        {
            keys[key]: value
            for key, value in (row.items() if isinstance(row, dict) else enumerate(row))
        }
        for row in cbor2.loads(data)
    ]
    return columns(objects, count)
