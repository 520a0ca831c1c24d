# SPDX-License-Identifier: Apache-2.0
"""kill -9 of broker, receiver and agent while readings flow; nothing framed is lost or doubled.

Where the agent's frames are at each kill is read from its progress page: a kill counts for every
state in which at least one frame was. A run that never hit a state proves nothing about it, so
each must be hit five times.
"""

import os
import random
import time

import pytest

from rig import alec, sensors, waiting
from rig.feeder import Feeder

KILLS = int(os.environ.get("ALEC_KILLS", "10"))
SEED = int(os.environ.get("ALEC_SEED", "20"))
LEAST = 5
ROWS_PER_SECOND = 400


class Chaos:
    """The three programs, and what was hit."""

    def __init__(self, tmp_path, broker, seconds, seed):
        self.folder = tmp_path
        self.broker = broker
        self.chance = random.Random(seed)
        self.series = sensors.Series(seconds * ROWS_PER_SECOND, seed=seed, step_ms=10)
        self.feeder = Feeder(self.series, ROWS_PER_SECOND)
        self.sink = tmp_path / "out.jsonl"
        self.page = tmp_path / "agent" / "progress"
        self.hits = dict.fromkeys(alec.STATES, 0)
        self.kills = {"broker": 0, "receiver": 0, "agent": 0}
        self.settings = tmp_path / "settings.toml"
        self.settings.write_text(alec.ONE_LANE, encoding="utf-8")
        self.receiver = self.start_receiver()
        self.agent = self.start_agent(0)
        self.feeder.thread.start()

    def start_receiver(self):
        return alec.receive(self.folder, self.broker.address, f"jsonl:{self.sink}")

    def start_agent(self, position):
        # Synced within a second, so that frames wait on the disk when the broker is away.
        agent = alec.run(
            self.folder, self.broker.address, "--format", "csv", "--delivery", "receiver",
            "--durability", "strict", "--drain", "60", "--config", str(self.settings))
        self.feeder.attach(agent, position)
        return agent

    def kill(self, what):
        # Every other agent dies while its broker is away.
        is_cut_off = what == "agent" and self.kills["agent"] % 2 == 0
        if is_cut_off:
            self.broker.kill()
            time.sleep(self.chance.uniform(1.5, 2.5))
        if what == "agent":
            self.agent.kill()
        elif what == "receiver":
            self.receiver.kill()
        else:
            self.broker.kill()
        for state in alec.states(alec.progress(self.page)):
            self.hits[state] += 1
        self.kills[what] += 1
        if is_cut_off:
            self.broker.start()
        if what == "agent":
            # The header is a line of every life; what was kept of this one follows what was before.
            kept = max(alec.kept_lines(self.folder / "agent") - 1, 0)
            self.agent = self.start_agent(self.feeder.origin + kept)
        elif what == "receiver":
            self.receiver = self.start_receiver()
        else:
            time.sleep(self.chance.uniform(0.1, 1.5))
            self.broker.start()

    def finish(self):
        waiting.until(lambda: self.feeder.is_done, 120, "all lines are fed")
        self.feeder.is_over.set()
        self.feeder.thread.join()
        self.agent.stdin.close()
        assert self.agent.wait(90) == 0, self.agent.said()[-4000:]
        alec.wait_for_lines(self.sink, self.series.count, 60)
        assert self.receiver.terminate() == 0, self.receiver.said()[-4000:]

    def close(self):
        self.feeder.is_over.set()
        self.agent.close()
        self.receiver.close()


def play(tmp_path, broker, victims, kills, seed=SEED):
    """Kills one of `victims` after another at moments from the seed."""
    # Kills of the agent are as far apart as its start and some frames take.
    pause = 1.6
    chaos = Chaos(tmp_path, broker, seconds=int(kills * (pause + 1.6)) + 4, seed=seed)
    try:
        for turn in range(kills):
            time.sleep(chaos.chance.uniform(0.3, 2 * pause - 0.3))
            chaos.kill(victims[turn % len(victims)])
        chaos.finish()
        wrong = sensors.differences(
            sensors.read_json_lines(chaos.sink), chaos.series.expected())
        print(f"\nseed {seed}: kills {chaos.kills}, frames were in {chaos.hits}")
        assert wrong == sensors.NOTHING_WRONG, f"seed {seed}: {wrong}"
        return chaos.hits
    finally:
        chaos.close()


@pytest.mark.long
def test_broker_receiver_and_agent_killed_ten_times_each(tmp_path, broker):
    hits = dict.fromkeys(alec.STATES, 0)
    for number, victim in enumerate(["broker", "receiver", "agent"]):
        folder = tmp_path / f"kill-{victim}"
        folder.mkdir()
        for state, count in play(folder, broker, [victim], KILLS, SEED + number).items():
            hits[state] += count
    print(f"\nframes were in {hits} at {3 * KILLS} kills")
    assert all(count >= LEAST for count in hits.values()), hits


def test_a_few_kills_of_everything(tmp_path, broker):
    """The short form, for every run of the tests."""
    hits = play(tmp_path, broker, ["agent", "receiver", "broker"], 6, SEED + 100)
    assert sum(hits.values()) > 0
