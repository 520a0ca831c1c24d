# SPDX-License-Identifier: Apache-2.0
"""Makes the package `compare` importable and holds what several tests need."""

import math
import random
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

#: Doubles that a codec gets wrong first: zeros, denormals, infinities, NaN payloads.
SPECIALS = [
    0.0,
    -0.0,
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    math.inf,
    -math.inf,
    1.0,
    -1.0,
    0.1,
    struct.unpack(">d", bytes.fromhex("7ff8000000000000"))[0],
    struct.unpack(">d", bytes.fromhex("fff8dead0000beef"))[0],
]


def series(seed: int, count: int) -> dict[str, list[float]]:
    """Columns of very different character, the same for the same seed."""
    source = random.Random(seed)
    walk = [20.0]
    for _ in range(count - 1):
        walk.append(round(walk[-1] + source.gauss(0, 0.05), 2))
    return {
        "constant": [21.5] * count,
        "walk": walk,
        "counter": [float(7 * at) for at in range(count)],
        "states": [float(source.random() < 0.1) for _ in range(count)],
        "sixteenths": [source.randrange(-400, 400) / 16 for _ in range(count)],
        "noise": [source.gauss(0, 1) for _ in range(count)],
        "specials": [source.choice(SPECIALS) for _ in range(count)],
        "random bits": [
            struct.unpack(">d", source.getrandbits(64).to_bytes(8, "big"))[0] for _ in range(count)
        ],
    }
