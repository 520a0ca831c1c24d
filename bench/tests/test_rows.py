# SPDX-License-Identifier: Apache-2.0
import cbor2
import pytest
from compare import rows
from compare.datasets import Frame

SHARED = Frame([[10, 20]] * 2, [[21.5, 22.0], [-0.0, 1e-05]])
OWN = Frame([[10, 20], [15, 20]], [[1.0, 2.0], [3.5, 4.0]])


def test_json_is_one_compact_object_a_time():
    assert rows.to_json(SHARED) == (
        b'[{"t":10,"s001":21.5,"s002":-0.0},{"t":20,"s001":22,"s002":1e-5}]'
    )


def test_columns_with_clocks_of_their_own_meet_where_times_are_equal():
    assert rows.to_json(OWN) == (
        b'[{"t":10,"s001":1},{"t":15,"s002":3.5},{"t":20,"s001":2,"s002":4}]'
    )


def test_cbor_has_arrays_for_full_rows_and_keys_for_others():
    assert cbor2.loads(rows.to_cbor(SHARED)) == [[10, 21.5, -0.0], [20, 22, 1e-5]]
    assert cbor2.loads(rows.to_cbor(OWN)) == [{0: 10, 1: 1}, {0: 15, 2: 3.5}, [20, 2, 4]]


def test_cbor_takes_the_shortest_exact_float():
    frame = Frame([[0]] * 3, [[0.5], [0.1], [float(2**-30)]])
    # array, row, time, half, double, single
    assert len(rows.to_cbor(frame)) == 1 + 1 + 1 + 3 + 9 + 5


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "-0.0"),
        (-17.0, "-17"),
        (0.1, "0.1"),
        (4.9e-05, "4.9e-5"),
        (1e300, "1e300"),
        (1e15, "1000000000000000.0"),
        (5e-324, "5e-324"),
    ],
)
def test_numbers_are_short_and_exact(value, text):
    assert rows.number(rows.compact(value)) == text
    assert Frame([[0]], [[float(text)]]).same_bits(Frame([[0]], [[value]]))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_json_refuses_what_it_cannot_carry(value):
    with pytest.raises(ValueError, match="NaN or infinity"):
        rows.to_json(Frame([[0]], [[value]]))


@pytest.mark.parametrize(
    "frame",
    [SHARED, OWN, Frame([[5, 5, 5], [5, 5, 6]], [[1.0, 2.5, 3.0], [4.0, 5.0, 6.0]])],
    ids=["shared clock", "own clocks", "a time twice"],
)
def test_rows_restore(frame):
    count = len(frame.values)
    assert rows.from_json(rows.to_json(frame), count).same_bits(frame)
    assert rows.from_cbor(rows.to_cbor(frame), count).same_bits(frame)
