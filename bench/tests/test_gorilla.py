# SPDX-License-Identifier: Apache-2.0
import random
import struct

import pytest
from compare import gorilla
from compare.bits import BitReader, BitWriter
from compare.datasets import bits_of
from conftest import series


def packed_times(times):
    out = BitWriter()
    gorilla.write_times(out, times)
    return out


def bit_count(out):
    return len(out._bytes) * 8 + out._tail_bits


def binary(data):
    return "".join(f"{byte:08b}" for byte in data)


@pytest.mark.parametrize(
    ("change", "bits"),
    [
        (0, 1),
        (1, 9),
        (-63, 9),
        (64, 9),
        (-64, 12),
        (65, 12),
        (-255, 12),
        (256, 12),
        (-256, 16),
        (257, 16),
        (-2047, 16),
        (2048, 16),
        (-2048, 36),
        (2049, 36),
        (2**31 - 1, 36),
        (-(2**31) + 1, 36),
        (2**31, 100),
        (-(2**31), 100),
    ],
)
def test_each_change_of_difference_has_the_width_of_its_step(change, bits):
    times = [5, 5, 5 + change]
    out = packed_times(times)
    assert bit_count(out) == 64 + 1 + bits
    assert gorilla.read_times(BitReader(out.finish()), 3) == times


def test_steady_times_cost_a_bit_each():
    out = packed_times([1000 + 60 * at for at in range(100)])
    # First time, first difference of 60 in the 7-bit step, 98 unchanged ones.
    assert bit_count(out) == 64 + 9 + 98


def test_times_match_bits_written_by_hand():
    # Difference 5, then 5 (no change), then 3 (change -2).
    data = packed_times([1, 6, 11, 14]).finish()
    assert (
        binary(data)
        == f"{1:064b}" + "10" + f"{5 + 63:07b}" + "0" + "10" + f"{-2 + 63:07b}" + "0" * 5
    )


@pytest.mark.parametrize("seed", range(10))
def test_any_times_restore(seed):
    source = random.Random(seed)
    reach = source.choice([10, 10**3, 10**6, 2**40, 2**63 - 1])
    times = [source.randint(-reach, reach) for _ in range(200)]
    data = packed_times(times).finish()
    assert gorilla.read_times(BitReader(data), 200) == times, f"seed {seed}"


def test_the_extremes_of_time_restore():
    times = [-(2**63), 2**63 - 1, -(2**63), 0, 2**63 - 1]
    assert gorilla.read_times(BitReader(packed_times(times).finish()), 5) == times


def packed_values(values):
    out = BitWriter()
    gorilla.write_values(out, bits_of(values))
    return out


def test_a_repeated_value_costs_a_bit():
    assert bit_count(packed_values([21.5] * 60)) == 64 + 59


def test_values_match_bits_written_by_hand():
    # 12 = 0x4028..., 24 = 0x4038..., 15 = 0x402e...: the example of the paper.
    # 12^24 = 0x0010 << 48: 11 leading zeros, 1 significant bit; 24^15 = 0x0016 << 48: also 11
    # leading zeros but 4 significant bits, so a new window; 15^12 = 0x0006 << 48: 13 leading
    # zeros, fits that window.
    data = packed_values([12.0, 24.0, 15.0, 12.0]).finish()
    first = "".join(f"{byte:08b}" for byte in struct.pack(">d", 12.0))
    new1 = "11" + f"{11:05b}" + f"{1:06b}" + "1"
    new2 = "11" + f"{11:05b}" + f"{4:06b}" + "1011"
    reuse = "10" + "0011"
    expected = first + new1 + new2 + reuse
    assert binary(data) == expected + "0" * (-len(expected) % 8)


def test_all_64_bits_significant_is_written_as_length_0():
    values = [0.0, struct.unpack(">d", bytes.fromhex("8000000000000001"))[0]]
    out = packed_values(values)
    assert bit_count(out) == 64 + 2 + 5 + 6 + 64
    assert tuple(gorilla.read_values(BitReader(out.finish()), 2)) == bits_of(values)


@pytest.mark.parametrize("kind", series(0, 1))
@pytest.mark.parametrize("count", [1, 2, 10, 60, 700])
def test_any_values_restore(kind, count):
    seed = count
    values = series(seed, count)[kind]
    data = packed_values(values).finish()
    restored = gorilla.read_values(BitReader(data), count)
    assert tuple(restored) == bits_of(values), f"seed {seed}"
