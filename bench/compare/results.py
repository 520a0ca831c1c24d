# SPDX-License-Identifier: Apache-2.0
"""The measured numbers as JSON files, and the figures that are drawn from them."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


def save(path: Path, content: dict) -> None:
    """Writes one results file with the day it was made; one record a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stamped = {"made": datetime.now(UTC).strftime("%Y-%m-%d")} | content
    lines = []
    for key, value in stamped.items():
        if isinstance(value, list) and value:
            inner = ",\n".join(f"  {json.dumps(entry)}" for entry in value)
            lines.append(f" {json.dumps(key)}: [\n{inner}\n ]")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def read(path: Path) -> dict | None:
    """A results file, or nothing where it was not measured yet."""
    return json.loads(path.read_text()) if path.exists() else None


def geometric_mean(numbers: list[float]) -> float:
    return math.exp(math.fsum(map(math.log, numbers)) / len(numbers))


@dataclass
class Own:
    """Bytes per reading of alec frames of one set."""

    payload: float
    head: float
    frames: int
    head_per_frame: float
    two: float

    @property
    def with_two(self) -> float:
        """Payload and 2 bytes a frame: what the limits are for."""
        return self.payload + self.two

    @property
    def wire(self) -> float:
        """Payload and the real head."""
        return self.payload + self.head


def own_sizes(records: list[dict]) -> dict[tuple[int, int], dict[str, Own]]:
    """Case to set to sizes."""
    made: dict[tuple[int, int], dict[str, Own]] = {}
    for record in records:
        readings, frames = record["readings"], record["frames"]
        made.setdefault((record["n"], record["k"]), {})[record["set"]] = Own(
            payload=record["payload_bytes"] / readings,
            head=record["head_bytes"] / readings,
            frames=frames,
            head_per_frame=record["head_bytes"] / frames,
            two=2 * frames / readings,
        )
    return made


def peer_sizes(records: list[dict]) -> dict[int, dict[str, dict[str, float]]]:
    """Frame size to set to peer to bytes per reading."""
    made: dict[int, dict[str, dict[str, float]]] = {}
    for record in records:
        sets = made.setdefault(record["n"], {})
        sets.setdefault(record["set"], {})[record["peer"]] = record["per_reading"]
    return made


def best_peer(sizes: dict[str, float]) -> tuple[str, float]:
    """Name and size of the smallest peer."""
    return min(sizes.items(), key=lambda item: item[1])
