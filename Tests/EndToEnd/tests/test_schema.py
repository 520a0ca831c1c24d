# SPDX-License-Identifier: Apache-2.0
"""A client that is not ours reads `data/#`, and each message is what the schema says."""

import json
import os

import jsonschema
import paho.mqtt.client as mqtt
import pytest

from rig import alec, sensors, waiting

SCHEMAS = os.path.join(alec.ROOT, "config", "schemas")


def load(name):
    with open(os.path.join(SCHEMAS, name), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


class Listener:
    """A paho client that keeps what comes."""

    def __init__(self, port, topic):
        self.messages = []
        self.is_subscribed = False
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self.client.on_connect = lambda client, *_: client.subscribe(topic, qos=1)
        self.client.on_subscribe = lambda *_: setattr(self, "is_subscribed", True)
        self.client.on_message = lambda _, __, m: self.messages.append(
            (m.topic, m.payload, m.retain))
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        waiting.until(lambda: self.is_subscribed, 10, "the client is subscribed")

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


@pytest.mark.parametrize("decoder", ["receiver", "agent"])
def test_each_message_is_valid(tmp_path, broker, decoder):
    series = sensors.Series(40, seed=13)
    listener = Listener(broker.port, "alec/v1/+/+/#")
    receiver = None
    options = ["--readings"] if decoder == "agent" else []
    try:
        if decoder == "receiver":
            receiver = alec.receive(tmp_path, broker.address, "mqtt")
        agent = alec.run(tmp_path, broker.address, "--format", "csv", *options)
        agent.process.communicate(series.csv(), timeout=60)
        assert agent.process.returncode == 0, agent.said()

        def data():
            return [m for m in listener.messages if "/data/" in m[0]]

        waiting.until(lambda: len(data()) >= series.count, 30, "every reading on data/#")
        found = []
        reading = load("reading.schema.json")
        for topic, payload, is_retained in data():
            assert not is_retained
            message = json.loads(payload)
            reading.validate(message)
            name = topic.rsplit("/", 1)[1]
            time = message["ts"] * 1_000_000 + message.get("ns", 0)
            found.append(((name, time), sensors.bits(message["v"]), message["id"]))
        # At least once, with an id that makes repeats visible.
        by_identity = {identity: (key, value, identity) for key, value, identity in found}
        assert sensors.differences(by_identity.values(), series.expected()) \
            == sensors.NOTHING_WRONG
        others = {"state": "state", "heads": "heads", "birth": "birth", "ack": "ack"}
        seen = set()
        for topic, payload, _ in listener.messages:
            level = topic.split("/")[4]
            if level in others and payload:
                load(f"{others[level]}.schema.json").validate(json.loads(payload))
                seen.add(level)
        assert {"state", "heads", "birth"} <= seen
    finally:
        listener.close()
        if receiver:
            receiver.close()
