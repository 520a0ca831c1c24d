# SPDX-License-Identifier: Apache-2.0
"""Bit strings, most significant bit first."""


class BitWriter:
    """Collects bits; whole bytes leave the accumulator in blocks so that it stays short."""

    _BLOCK = 2048

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._tail = 0
        self._tail_bits = 0

    def write(self, value: int, width: int) -> None:
        """Appends the low `width` bits of `value`, which must not have more."""
        self._tail = self._tail << width | value
        self._tail_bits += width
        if self._tail_bits >= self._BLOCK:
            rest = self._tail_bits & 7
            self._bytes += (self._tail >> rest).to_bytes(self._tail_bits >> 3, "big")
            self._tail &= (1 << rest) - 1
            self._tail_bits = rest

    def finish(self) -> bytes:
        """All bits, filled up with zeros to a whole byte."""
        fill = -self._tail_bits % 8
        last = (self._tail << fill).to_bytes((self._tail_bits + fill) >> 3, "big")
        return bytes(self._bytes) + last


class BitReader:
    """Reads what `BitWriter` wrote."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def read(self, width: int) -> int:
        """The next `width` bits as an unsigned number."""
        end = self._at + width
        if end > 8 * len(self._data):
            raise EOFError("the bit string ends early")
        window = int.from_bytes(self._data[self._at >> 3 : (end + 7) >> 3], "big")
        self._at = end
        return window >> (-end % 8) & ((1 << width) - 1)
