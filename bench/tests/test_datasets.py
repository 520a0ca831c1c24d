# SPDX-License-Identifier: Apache-2.0
import struct

import pytest
from compare.datasets import Frame, load, load_all, write_binary

WIDE = "time_ms,s1,s2\n10,1,0.5\n20,2,-0.25\n30,3,1e-3\n40,4,0\n50,5,7\n"
LONG = "time_us,sensor,value\n1,s10,5\n1,s2,6\n2,s2,7\n3,s10,8\n4,s2,9\n"


def made(tmp_path, text):
    path = tmp_path / "set.csv"
    path.write_text(text)
    return load(path)


def test_a_wide_file_gives_one_column_a_sensor_with_shared_times(tmp_path):
    data = made(tmp_path, WIDE)
    assert (data.name, data.unit, data.rows, data.columns) == ("set", "ms", 5, 2)
    assert data.times == [[10, 20, 30, 40, 50]] * 2
    assert data.values == [[1, 2, 3, 4, 5], [0.5, -0.25, 0.001, 0, 7]]


def test_a_long_file_is_ordered_by_sensor_number_and_cut_to_the_shortest_column(tmp_path):
    data = made(tmp_path, LONG)
    assert data.unit == "us"
    assert data.times == [[1, 2], [1, 3]]
    assert data.values == [[6, 7], [5, 8]]


@pytest.mark.parametrize(
    ("samples", "max_rows", "lengths"),
    [(2, None, [2, 2]), (5, None, [5]), (60, None, [5]), (1, 3, [1, 1, 1]), (3, None, [3])],
)
def test_only_whole_frames_are_cut(tmp_path, samples, max_rows, lengths):
    frames = made(tmp_path, WIDE).frames(samples, max_rows)
    assert [frame.samples for frame in frames] == lengths
    assert frames[0].values[0][0] == 1


def test_columns_read_together_share_one_clock():
    frame = Frame([[1, 2], [1, 3], [1, 2]], [[0, 0], [0, 0], [0, 0]])
    assert frame.clocks == [[1, 2], [1, 3]]
    assert frame.clock_of == [0, 1, 0]


def test_equality_is_of_bits():
    assert not Frame([[1]], [[0.0]]).same_bits(Frame([[1]], [[-0.0]]))
    assert not Frame([[1]], [[0.5]]).same_bits(Frame([[2]], [[0.5]]))
    assert Frame([[1]], [[float("nan")]]).same_bits(Frame([[1]], [[float("nan")]]))


def test_the_oracles_input_has_counts_times_and_values(tmp_path):
    write_binary(made(tmp_path, LONG), tmp_path / "set.bin")
    content = (tmp_path / "set.bin").read_bytes()
    assert content == struct.pack("<6q4d", 2, 2, 1, 2, 1, 3, 6, 7, 5, 8)


def test_an_empty_directory_is_refused(tmp_path):
    with pytest.raises(SystemExit):
        load_all(tmp_path)
