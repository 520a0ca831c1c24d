# SPDX-License-Identifier: Apache-2.0
"""Sparkplug B payloads: protobuf bytes of NDATA messages with aliases.

Written from the Eclipse Sparkplug specification 3.0, section 6.4: Payload { timestamp = 1, metrics
= 2, seq = 3 }, Metric { alias = 2, timestamp = 3, double_value = 13 }. The datatype is left out, as
the specification allows after a birth certificate. Times stay in the unit of the data set, so that
they restore exactly; the specification wants milliseconds.
"""

import struct

from .datasets import Frame

_VARINT, _FIXED64, _BYTES = 0, 1, 2


def encode(frame: Frame, sequence: int) -> bytes:
    """One payload with a metric per reading; aliases are the column numbers."""
    metrics = bytearray()
    last = max(column[-1] for column in frame.times)
    for alias, (times, values) in enumerate(zip(frame.times, frame.values, strict=True)):
        for time, value in zip(times, values, strict=True):
            metric = _field(2, _VARINT) + _varint(alias) + _field(3, _VARINT) + _varint(time)
            metric += _field(13, _FIXED64) + struct.pack("<d", value)
            metrics += _field(2, _BYTES) + _varint(len(metric)) + metric
    head = _field(1, _VARINT) + _varint(last)
    return head + bytes(metrics) + _field(3, _VARINT) + _varint(sequence % 256)


def decode(data: bytes, columns: int) -> Frame:
    """The readings of a payload as columns by alias."""
    frame = Frame([[] for _ in range(columns)], [[] for _ in range(columns)])
    for number, content in _fields(data):
        if number == 2:
            metric = dict(_fields(content))
            frame.times[metric[2]].append(metric[3])
            frame.values[metric[2]].append(metric[13])
    return frame


def _field(number: int, wire_type: int) -> bytes:
    return _varint(number << 3 | wire_type)


def _varint(value: int) -> bytes:
    # A negative number is written as its two's complement in 64 bits: ten bytes.
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return (value - (1 << 64) if value >> 63 else value), at


def _fields(data: bytes):
    at = 0
    while at < len(data):
        key, at = _read_varint(data, at)
        match key & 7:
            case 0:
                content, at = _read_varint(data, at)
            case 1:
                content = struct.unpack_from("<d", data, at)[0]
                at += 8
            case 2:
                length, at = _read_varint(data, at)
                content = data[at : at + length]
                at += length
            case other:
                raise ValueError(f"wire type {other} at byte {at}")
        yield key >> 3, content
