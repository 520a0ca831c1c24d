# SPDX-License-Identifier: Apache-2.0
import pytest
from compare.datasets import DataSet, Frame
from compare.measure import FRAME_SIZES, Mismatch, _total, measure_peers, spread
from compare.peers import Peer, all_peers
from conftest import series

PEERS = [peer for group in all_peers() for peer in group]
FINITE = ("constant", "walk", "counter", "states", "sixteenths", "noise")


def made(count: int, own_clocks: bool = False, kinds=FINITE) -> DataSet:
    columns = [series(11, count)[kind] for kind in kinds]
    times = [
        [1_760_000_000_000 + 1000 * at + (13 * c if own_clocks else 0) for at in range(count)]
        for c in range(len(columns))
    ]
    return DataSet("made", "ms", times, columns)


@pytest.mark.parametrize("own_clocks", [False, True], ids=["shared clock", "own clocks"])
@pytest.mark.parametrize("samples", [1, 10, 60])
@pytest.mark.parametrize("peer", PEERS, ids=[f"{p.name} {getattr(p, '_kind', '')}" for p in PEERS])
def test_every_peer_restores_every_bit(peer, samples, own_clocks):
    frames = made(240, own_clocks).frames(samples)
    peer.train(frames[1::2])
    for number, frame in enumerate(frames):
        assert peer.decode(peer.encode(frame, number), frame).same_bits(frame)


@pytest.mark.parametrize(
    "peer", [p for p in PEERS if p.name in ("Gorilla", "Chimp128", "pcodec", "Sparkplug B")]
)
def test_binary_peers_restore_special_values(peer):
    for frame in made(120, kinds=tuple(series(0, 1))).frames(60):
        assert peer.decode(peer.encode(frame, 0), frame).same_bits(frame)


@pytest.mark.parametrize("peer", [p for p in PEERS if p.name in ("Gorilla", "Chimp128", "pcodec")])
def test_a_shared_clock_is_charged_once(peer):
    column = series(5, 60)["walk"]
    clock = list(range(0, 60_000, 1000))
    alone = size(peer, Frame([clock], [column]))
    double = size(peer, Frame([clock, clock], [column, column]))
    apart = size(peer, Frame([clock, [t + 1 for t in clock]], [column, column]))
    assert double < apart
    assert apart in (2 * alone, 2 * alone - 1, 2 * alone + 1)


def size(peer: Peer, frame: Frame) -> int:
    return sum(map(len, peer.encode(frame, 0)))


class Recorder(Peer):
    """Notes what it is trained with and what is measured."""

    name = "recorder"
    trained = True

    def __init__(self, broken: bool = False):
        self.broken = broken
        self.seen = {"train": [], "measure": []}

    def train(self, frames):
        self.seen["train"] = [frame.values[0][0] for frame in frames]

    def encode(self, frame, number):
        self.seen["measure"].append(frame.values[0][0])
        return [b"12", b"3"]

    def decode(self, pieces, like):
        return Frame(like.times, [[0.5]]) if self.broken else like


def numbered(count):
    return [Frame([[at]], [[float(at)]]) for at in range(count)]


def test_dictionaries_see_odd_frames_and_are_measured_on_even_ones():
    peer = Recorder()
    total = _total(peer, numbered(7), 10, "set")
    assert peer.seen == {"train": [1, 3, 5], "measure": [0, 2, 4, 6]}
    assert total == {"bytes": 12, "readings": 4, "per_reading": 3}


def test_a_frame_that_does_not_restore_stops_the_measurement():
    with pytest.raises(Mismatch, match="recorder, set, frame 0"):
        _total(Recorder(broken=True), numbered(3), 10, "set")


def test_single_samples_are_measured_on_spread_frames():
    assert [f.times[0][0] for f in spread(numbered(10), 4)] == [0, 2, 5, 7]
    assert len(spread(numbered(3), 4)) == 3


def test_a_set_is_measured_for_every_size_and_format():
    records = measure_peers(made(130))
    names = [group[0].name for group in all_peers()]
    assert [(r["n"], r["peer"]) for r in records] == [(n, p) for n in FRAME_SIZES for p in names]
    assert all(r["per_reading"] == r["bytes"] / r["readings"] > 0 for r in records)


def test_a_set_of_one_frame_is_measured_too():
    assert len(measure_peers(made(1))) == len(FRAME_SIZES) * len(all_peers())
