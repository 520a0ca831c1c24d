# SPDX-License-Identifier: Apache-2.0
"""Chimp128: values by XOR with the best of the 128 before.

Written from Liakos, Papakonstantinopoulou, Kotidis, "Chimp: Efficient Lossless Floating Point
Compression for Time Series Databases", VLDB 2022, section 5. The partner of a value is the latest
one with the same 14 low bits, if it is among the last 128 and the XOR has more than 13 zeros at its
end; otherwise the value directly before.
"""

from .bits import BitReader, BitWriter

_WINDOW = 128
_INDEX_BITS = 7
_THRESHOLD = 6 + _INDEX_BITS
_KEY_MASK = (1 << (_THRESHOLD + 1)) - 1

# Leading zeros are rounded down to one of eight counts, written in three bits.
_LEADING = (0, 8, 12, 16, 18, 20, 22, 24)
_LEADING_CODE = [max(c for c in range(8) if _LEADING[c] <= zeros) for zeros in range(65)]
_NO_LEADING = 8


def write_values(out: BitWriter, bits: tuple[int, ...]) -> None:
    """Appends one column of doubles, given as their 64 bits."""
    out.write(bits[0], 64)
    latest = {bits[0] & _KEY_MASK: 0}
    last_code = _NO_LEADING
    for at in range(1, len(bits)):
        value = bits[at]
        key = value & _KEY_MASK
        partner = latest.get(key, -_WINDOW)
        latest[key] = at
        found = False
        if at - partner <= _WINDOW:
            xor = value ^ bits[partner]
            # XOR 0 has no lowest one: it counts as 64 zeros at the end.
            found = xor == 0 or (xor & -xor).bit_length() - 1 > _THRESHOLD
        if not found:
            partner = at - 1
            xor = value ^ bits[partner]
        if xor == 0:
            out.write(partner % _WINDOW, 2 + _INDEX_BITS)
            last_code = _NO_LEADING
            continue
        code = _LEADING_CODE[64 - xor.bit_length()]
        if found:
            trailing = (xor & -xor).bit_length() - 1
            width = 64 - _LEADING[code] - trailing
            head = (0b01 << _INDEX_BITS | partner % _WINDOW) << 9 | code << 6 | width
            out.write(head, 2 + _INDEX_BITS + 9)
            out.write(xor >> trailing, width)
            last_code = _NO_LEADING
        elif code == last_code:
            width = 64 - _LEADING[code]
            out.write(0b10 << width | xor, 2 + width)
        else:
            width = 64 - _LEADING[code]
            out.write((0b11 << 3 | code) << width | xor, 5 + width)
            last_code = code


def read_values(source: BitReader, count: int) -> list[int]:
    """Restores one column of doubles as their 64 bits."""
    bits = [source.read(64)]
    code = 0
    while len(bits) < count:
        flag = source.read(2)
        if flag < 2:
            partner = _partner(len(bits), source.read(_INDEX_BITS))
            xor = 0
            if flag == 0b01:
                leading = _LEADING[source.read(3)]
                width = source.read(6)
                xor = source.read(width) << (64 - leading - width)
            bits.append(bits[partner] ^ xor)
            continue
        if flag == 0b11:
            code = source.read(3)
        bits.append(bits[-1] ^ source.read(64 - _LEADING[code]))
    return bits


def _partner(at: int, slot: int) -> int:
    """The position among the last 128 before `at` that has this slot of the ring."""
    return at - 1 - (at - 1 - slot) % _WINDOW
