# SPDX-License-Identifier: Apache-2.0
"""Bytes per reading of every peer; each measured frame is also restored and compared."""

from .datasets import DataSet, Frame
from .peers import Peer, all_peers

FRAME_SIZES = (60, 10, 1)

# Single-sample frames are many and alike: a spread sample of them is enough.
SINGLE_MAX_ROWS = 2000
SINGLE_MAX_FRAMES = 300


class Mismatch(Exception):
    """A peer did not give back what it was given."""


def measure_peers(data: DataSet) -> list[dict]:
    """One record per frame size and peer."""
    records = []
    for samples in FRAME_SIZES:
        frames = data.frames(samples, SINGLE_MAX_ROWS if samples == 1 else None)
        for group in all_peers():
            totals = [_total(peer, frames, samples, data.name) for peer in group]
            best = min(totals, key=lambda total: total["bytes"])
            records.append({"set": data.name, "n": samples, "peer": group[0].name} | best)
    return records


def _total(peer: Peer, frames: list[Frame], samples: int, where: str) -> dict:
    measured = frames
    if peer.trained:
        # Odd frames train, even ones are measured; a set of one frame has only itself.
        measured = frames[0::2]
        peer.train(frames[1::2] or frames)
    if samples == 1:
        measured = spread(measured, SINGLE_MAX_FRAMES)
    size = 0
    for number, frame in enumerate(measured):
        pieces = peer.encode(frame, number)
        if not peer.decode(pieces, frame).same_bits(frame):
            raise Mismatch(f"{peer.name}, {where}, frame {number} of {samples} samples")
        size += sum(map(len, pieces))
    readings = sum(frame.readings for frame in measured)
    return {"bytes": size, "readings": readings, "per_reading": size / readings}


def spread(frames: list[Frame], limit: int) -> list[Frame]:
    """At most `limit` frames, evenly over all."""
    if len(frames) <= limit:
        return frames
    return [frames[at * len(frames) // limit] for at in range(limit)]
