# SPDX-License-Identifier: Apache-2.0
import random

import pytest
from compare.bits import BitReader, BitWriter


def test_bits_stand_in_order_and_the_last_byte_is_filled_with_zeros():
    out = BitWriter()
    out.write(0b1, 1)
    out.write(0b01, 2)
    out.write(0x1FF, 9)
    assert out.finish() == bytes([0b1011_1111, 0b1111_0000])


def test_nothing_written_is_no_byte():
    assert BitWriter().finish() == b""


@pytest.mark.parametrize("seed", range(5))
def test_what_was_written_is_read(seed):
    source = random.Random(seed)
    words = [(source.getrandbits(w), w) for w in (source.randrange(1, 65) for _ in range(2000))]
    out = BitWriter()
    for value, width in words:
        out.write(value, width)
    data = out.finish()
    assert len(data) == (sum(width for _, width in words) + 7) // 8, f"seed {seed}"
    reader = BitReader(data)
    assert [reader.read(width) for _, width in words] == [v for v, _ in words], f"seed {seed}"


def test_reading_past_the_end_is_an_error():
    with pytest.raises(EOFError):
        BitReader(b"\x00").read(9)
