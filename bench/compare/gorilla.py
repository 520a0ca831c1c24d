# SPDX-License-Identifier: Apache-2.0
"""Gorilla: times by the change of their difference, values by XOR with the one before.

Written from Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database",
VLDB 2015, section 4.1. Where the paper is tied to seconds and two-hour blocks it is widened so that
any 64-bit time restores: the first time has 64 bits, the first difference is coded like every
later change (as if the difference before were 0), and the otherwise unused lowest number of the
32-bit case announces a full 64-bit change.
"""

from itertools import pairwise

from .bits import BitReader, BitWriter

_MASK64 = (1 << 64) - 1
_ESCAPE = 1 << 31

# (marker, its width, width of the change, offset that makes the change unsigned)
_STEPS = ((0b10, 2, 7, 63), (0b110, 3, 9, 255), (0b1110, 4, 12, 2047))


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def write_times(out: BitWriter, times: list[int]) -> None:
    """Appends one column of times."""
    out.write(times[0] & _MASK64, 64)
    previous, delta = times[0], 0
    for time in times[1:]:
        step = time - previous
        change = _signed((step - delta) & _MASK64)
        previous, delta = time, step
        if change == 0:
            out.write(0, 1)
            continue
        for marker, marker_width, width, offset in _STEPS:
            if -offset <= change <= offset + 1:
                out.write(marker << width | change + offset, marker_width + width)
                break
        else:
            if -_ESCAPE < change < _ESCAPE:
                out.write(0b1111 << 32 | change & 0xFFFF_FFFF, 36)
            else:
                out.write(0b1111 << 32 | _ESCAPE, 36)
                out.write(change & _MASK64, 64)


def read_times(source: BitReader, count: int) -> list[int]:
    """Restores one column of times."""
    times = [_signed(source.read(64))]
    delta = 0
    while len(times) < count:
        delta = _signed((delta + _read_change(source)) & _MASK64)
        times.append(_signed((times[-1] + delta) & _MASK64))
    return times


def _read_change(source: BitReader) -> int:
    if source.read(1) == 0:
        return 0
    for _, _, width, offset in _STEPS:
        if source.read(1) == 0:
            return source.read(width) - offset
    change = source.read(32)
    if change == _ESCAPE:
        return _signed(source.read(64))
    return change - (1 << 32) if change > _ESCAPE else change


def write_values(out: BitWriter, bits: tuple[int, ...]) -> None:
    """Appends one column of doubles, given as their 64 bits."""
    out.write(bits[0], 64)
    # No window yet: a leading count above every possible one forbids reuse.
    leading, trailing = 65, 65
    for previous, value in pairwise(bits):
        xor = previous ^ value
        if xor == 0:
            out.write(0, 1)
            continue
        xor_leading = min(64 - xor.bit_length(), 31)
        xor_trailing = (xor & -xor).bit_length() - 1
        if xor_leading >= leading and xor_trailing >= trailing:
            width = 64 - leading - trailing
            out.write(0b10 << width | xor >> trailing, 2 + width)
        else:
            leading, trailing = xor_leading, xor_trailing
            width = 64 - leading - trailing
            # Six bits: 64 significant bits are written as 0.
            out.write(0b11 << 11 | leading << 6 | width & 63, 13)
            out.write(xor >> trailing, width)


def read_values(source: BitReader, count: int) -> list[int]:
    """Restores one column of doubles as their 64 bits."""
    bits = [source.read(64)]
    trailing = width = 0
    while len(bits) < count:
        xor = 0
        if source.read(1):
            if source.read(1):
                leading = source.read(5)
                width = source.read(6) or 64
                trailing = 64 - leading - width
            xor = source.read(width) << trailing
        bits.append(bits[-1] ^ xor)
    return bits
