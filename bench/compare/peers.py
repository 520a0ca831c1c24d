# SPDX-License-Identifier: Apache-2.0
"""The other formats, all behind one shape: frame in, bytes out, and the same frame back.

A peer is judged kindly. What the receiver knows anyway is not charged: the number of columns and
samples, which columns share a clock, the dictionary. A clock shared by columns is charged once.
"""

import gzip
from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy
import zstandard
from pcodec import ChunkConfig, standalone

from . import chimp, gorilla, rows, sparkplug
from .bits import BitReader, BitWriter
from .datasets import Frame, bits_of, doubles_of

DICTIONARY_BYTES = 16 * 1024
ZSTD_LEVEL = 19

Encode = Callable[[Frame], bytes]
Decode = Callable[[bytes, int], Frame]


class Peer(ABC):
    """One format. `encode` may return several pieces; only their bytes count."""

    name: str
    #: True where the odd frames train and the even ones are measured.
    trained = False

    def train(self, frames: list[Frame]) -> None:
        """Learns from frames that are not measured; most formats have nothing to learn."""
        return

    @abstractmethod
    def encode(self, frame: Frame, number: int) -> list[bytes]:
        """The bytes of one message."""

    @abstractmethod
    def decode(self, pieces: list[bytes], like: Frame) -> Frame:
        """The frame again. Of `like` only what the receiver knows anyway is used."""


class Rows(Peer):
    """JSON or CBOR as they are, or under gzip."""

    def __init__(self, name: str, encode: Encode, decode: Decode, zipped: bool = False) -> None:
        self.name = name
        self._encode = encode
        self._decode = decode
        self._zipped = zipped

    def encode(self, frame: Frame, number: int) -> list[bytes]:
        data = self._encode(frame)
        return [gzip.compress(data, 9, mtime=0) if self._zipped else data]

    def decode(self, pieces: list[bytes], like: Frame) -> Frame:
        data = gzip.decompress(pieces[0]) if self._zipped else pieces[0]
        return self._decode(data, len(like.values))


class DictionaryRows(Peer):
    """JSON or CBOR under zstd -19 with a dictionary of 16 KB.

    `kind` is "trained" (what `zstd --train` makes) or "raw" (the last 16 KB of the training
    frames as they are); "raw" is the answer for sets too small to train on, and sometimes better.
    """

    trained = True

    def __init__(self, name: str, encode: Encode, decode: Decode, kind: str) -> None:
        self.name = name
        self._encode = encode
        self._decode = decode
        self._kind = kind

    def train(self, frames: list[Frame]) -> None:
        samples = [self._encode(frame) for frame in frames]
        dictionary = _trained(samples) if self._kind == "trained" else None
        if dictionary is None:
            content = b"".join(samples)[-DICTIONARY_BYTES:]
            dictionary = zstandard.ZstdCompressionDict(
                content, dict_type=zstandard.DICT_TYPE_RAWCONTENT
            )
        self._pack = zstandard.ZstdCompressor(
            level=ZSTD_LEVEL, dict_data=dictionary, write_checksum=False, write_dict_id=False
        )
        self._unpack = zstandard.ZstdDecompressor(dict_data=dictionary)

    def encode(self, frame: Frame, number: int) -> list[bytes]:
        return [self._pack.compress(self._encode(frame))]

    def decode(self, pieces: list[bytes], like: Frame) -> Frame:
        return self._decode(self._unpack.decompress(pieces[0]), len(like.values))


def _trained(samples: list[bytes]) -> zstandard.ZstdCompressionDict | None:
    try:
        return zstandard.train_dictionary(DICTIONARY_BYTES, samples, level=ZSTD_LEVEL)
    except zstandard.ZstdError:
        return None


class Pcodec(Peer):
    """pcodec's standalone format, one chunk a column, at the level that packs best."""

    name = "pcodec"
    _CONFIG = ChunkConfig(compression_level=12)

    def encode(self, frame: Frame, number: int) -> list[bytes]:
        clocks = [numpy.array(clock, numpy.int64) for clock in frame.clocks]
        values = [numpy.array(column, numpy.float64) for column in frame.values]
        return [standalone.simple_compress(column, self._CONFIG) for column in clocks + values]

    def decode(self, pieces: list[bytes], like: Frame) -> Frame:
        arrays = [standalone.simple_decompress(piece).tolist() for piece in pieces]
        times = [arrays[clock] for clock in like.clock_of]
        return Frame(times, arrays[len(like.clocks) :])


class XorColumns(Peer):
    """Gorilla's times with Gorilla's or Chimp128's values, one bit string a frame."""

    def __init__(self, name: str, write: Callable, read: Callable) -> None:
        self.name = name
        self._write = write
        self._read = read

    def encode(self, frame: Frame, number: int) -> list[bytes]:
        out = BitWriter()
        for clock in frame.clocks:
            gorilla.write_times(out, clock)
        for column in frame.values:
            self._write(out, bits_of(column))
        return [out.finish()]

    def decode(self, pieces: list[bytes], like: Frame) -> Frame:
        source = BitReader(pieces[0])
        clocks = [gorilla.read_times(source, like.samples) for _ in like.clocks]
        values = [doubles_of(self._read(source, like.samples)) for _ in like.values]
        return Frame([clocks[clock] for clock in like.clock_of], values)


class SparkplugB(Peer):
    """Sparkplug B with aliases."""

    name = "Sparkplug B"

    def encode(self, frame: Frame, number: int) -> list[bytes]:
        return [sparkplug.encode(frame, number)]

    def decode(self, pieces: list[bytes], like: Frame) -> Frame:
        return sparkplug.decode(pieces[0], len(like.values))


def all_peers() -> list[list[Peer]]:
    """Groups of peers; a group is one format, of which the best member of a set counts."""

    def dictionary(name: str, encode: Encode, decode: Decode) -> list[Peer]:
        return [DictionaryRows(name, encode, decode, kind) for kind in ("trained", "raw")]

    return [
        [Rows("JSON", rows.to_json, rows.from_json)],
        [Rows("JSON + gzip", rows.to_json, rows.from_json, zipped=True)],
        dictionary("JSON + zstd dict", rows.to_json, rows.from_json),
        [Rows("CBOR", rows.to_cbor, rows.from_cbor)],
        dictionary("CBOR + zstd dict", rows.to_cbor, rows.from_cbor),
        [SparkplugB()],
        [XorColumns("Gorilla", gorilla.write_values, gorilla.read_values)],
        [XorColumns("Chimp128", chimp.write_values, chimp.read_values)],
        [Pcodec()],
    ]
