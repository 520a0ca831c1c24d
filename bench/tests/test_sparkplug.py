# SPDX-License-Identifier: Apache-2.0
import struct

import pytest
from compare import sparkplug
from compare.datasets import Frame
from conftest import series
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

Field = descriptor_pb2.FieldDescriptorProto


def payload_class():
    """The fields of Sparkplug B that a payload of readings uses, for google's protobuf."""
    file = descriptor_pb2.FileDescriptorProto(name="sparkplug_test.proto", syntax="proto2")
    file.package = "test"

    def message(name, fields):
        made = file.message_type.add(name=name)
        for number, key, kind, label in fields:
            entry = made.field.add(name=key, number=number, type=kind, label=label)
            if kind == Field.TYPE_MESSAGE:
                entry.type_name = ".test.Metric"

    one, many = Field.LABEL_OPTIONAL, Field.LABEL_REPEATED
    message(
        "Metric",
        [
            (1, "name", Field.TYPE_STRING, one),
            (2, "alias", Field.TYPE_UINT64, one),
            (3, "timestamp", Field.TYPE_UINT64, one),
            (4, "datatype", Field.TYPE_UINT32, one),
            (13, "double_value", Field.TYPE_DOUBLE, one),
        ],
    )
    message(
        "Payload",
        [
            (1, "timestamp", Field.TYPE_UINT64, one),
            (2, "metrics", Field.TYPE_MESSAGE, many),
            (3, "seq", Field.TYPE_UINT64, one),
        ],
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("test.Payload"))


def test_a_payload_matches_bytes_written_by_hand():
    frame = Frame([[300], [300]], [[1.0], [-2.5]])
    time = bytes([0xAC, 0x02])  # 300 as varint
    first = bytes([0x10, 0, 0x18]) + time + bytes([0x69]) + struct.pack("<d", 1.0)
    second = bytes([0x10, 1, 0x18]) + time + bytes([0x69]) + struct.pack("<d", -2.5)
    expected = bytes([0x08]) + time + bytes([0x12, 14]) + first + bytes([0x12, 14]) + second
    assert sparkplug.encode(frame, 7) == expected + bytes([0x18, 7])


def test_google_protobuf_writes_and_reads_the_same_bytes():
    count = 20
    columns = list(series(3, count).values())
    times = [[1_760_000_000_000 + 7 * at + c for at in range(count)] for c in range(len(columns))]
    frame = Frame(times, columns)
    payload = payload_class()()
    payload.timestamp = max(column[-1] for column in times)
    for alias, (clock, values) in enumerate(zip(times, columns, strict=True)):
        for time, value in zip(clock, values, strict=True):
            metric = payload.metrics.add()
            metric.alias, metric.timestamp, metric.double_value = alias, time, value
    payload.seq = 300 % 256
    data = sparkplug.encode(frame, 300)
    assert data == payload.SerializeToString()


@pytest.mark.parametrize("sequence", [0, 127, 128, 255, 256])
def test_a_payload_restores(sequence):
    columns = list(series(sequence, 10).values())
    frame = Frame([list(range(10))] * len(columns), columns)
    assert sparkplug.decode(sparkplug.encode(frame, sequence), len(columns)).same_bits(frame)


def test_a_time_before_1970_restores():
    frame = Frame([[-1, 0]], [[1.0, 2.0]])
    assert sparkplug.decode(sparkplug.encode(frame, 0), 1).same_bits(frame)


def test_an_unknown_wire_type_is_refused():
    with pytest.raises(ValueError, match="wire type 5"):
        sparkplug.decode(bytes([0x0D, 0, 0, 0, 0]), 1)
