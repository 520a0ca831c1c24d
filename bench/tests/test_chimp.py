# SPDX-License-Identifier: Apache-2.0
import random
import struct

import pytest
from compare import chimp
from compare.bits import BitReader, BitWriter
from compare.datasets import bits_of, doubles_of
from conftest import series


def packed(bits):
    out = BitWriter()
    chimp.write_values(out, tuple(bits))
    return out


def bit_count(out):
    return len(out._bytes) * 8 + out._tail_bits


def binary(data):
    return "".join(f"{byte:08b}" for byte in data)


def padded(text):
    return text + "0" * (-len(text) % 8)


def test_a_repeated_value_costs_flag_and_index():
    out = packed(bits_of([21.5] * 60))
    assert bit_count(out) == 64 + 59 * 9
    assert binary(out.finish())[64:82] == "00" + f"{0:07b}" + "00" + f"{1:07b}"


def test_the_partner_is_found_by_the_low_bits():
    # The third value has the low bits of the first: XOR has one bit, 20 zeros at the end.
    bits = [0x4000_0000_0000_0001, 0x4000_0000_0000_0002, 0x4000_0000_0010_0001]
    text = binary(packed(bits).finish())
    # Second: no partner, 62 leading zeros are rounded to 24 (code 7), 40 bits follow.
    second = "11" + "111" + f"{3:040b}"
    # Third: index 0, leading code 7 (24), 64 - 24 - 20 = 20 bits.
    third = "01" + f"{0:07b}" + "111" + f"{20:06b}" + f"{1:020b}"
    assert text == padded(f"{bits[0]:064b}" + second + third)


def test_an_equal_leading_count_is_written_once():
    # Low bits always differ, so the partner is the value before; leading zeros round to 24.
    bits = [0, 1, 3, 7]
    text = binary(packed(bits).finish())
    first = "11" + "111" + f"{1:040b}"
    assert text == padded("0" * 64 + first + "10" + f"{2:040b}" + "10" + f"{4:040b}")


def test_a_partner_with_few_zeros_at_the_end_is_not_taken():
    # Bit 14 is the lowest that may differ: 14 zeros at the end. Bit 13 belongs to the key.
    for bit, flags in ((14, {"01"}), (13, {"10", "11"})):
        text = binary(packed([5, 6, 5 ^ 1 << bit]).finish())
        assert text[64 + 45 :][:2] in flags, f"bit {bit}"


@pytest.mark.parametrize(("gap", "flags"), [(127, {"00"}), (128, {"10", "11"})])
def test_the_window_reaches_back_128_values(gap, flags):
    source = random.Random(1)
    between = [source.getrandbits(50) << 14 | at + 1 for at in range(gap)]
    head = packed([0x4037_8000_0000_0000, *between])
    whole = packed([0x4037_8000_0000_0000, *between, 0x4037_8000_0000_0000])
    at = bit_count(head)
    assert binary(whole.finish())[at : at + 2] in flags


@pytest.mark.parametrize("kind", series(0, 1))
@pytest.mark.parametrize("count", [1, 2, 10, 60, 127, 128, 129, 130, 700])
def test_any_values_restore(kind, count):
    seed = count
    values = series(seed, count)[kind]
    bits = bits_of(values)
    restored = chimp.read_values(BitReader(packed(bits).finish()), count)
    assert tuple(restored) == bits, f"seed {seed}"
    assert bits_of(doubles_of(restored)) == bits, f"seed {seed}"


@pytest.mark.parametrize("seed", range(10))
def test_values_from_a_small_alphabet_of_bits_restore(seed):
    source = random.Random(seed)
    alphabet = [source.getrandbits(64) for _ in range(source.randrange(2, 300))]
    flips = [0, 0, 1 << 63, 1 << 20, 1 << 13, 1 << 14, 1]
    bits = tuple(source.choice(alphabet) ^ source.choice(flips) for _ in range(1000))
    assert tuple(chimp.read_values(BitReader(packed(bits).finish()), 1000)) == bits, f"seed {seed}"


def test_a_double_is_its_ieee_bits():
    assert bits_of([21.5]) == (int.from_bytes(struct.pack(">d", 21.5), "big"),)
