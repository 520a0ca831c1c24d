# SPDX-License-Identifier: Apache-2.0
"""kill -9 of the agent alone under load, for each durability level.

There is no broker while it is killed: all that was framed waits in the spool, and at the end one
agent sends it through a broker to a receiver. Nothing framed may be lost, and nothing may arrive
twice.

`kill -9` ends the process and not the machine: what was written is in the page cache and survives,
synced or not. So the levels differ here only in the state in which frames are hit, and in what a
power cut at the same moment could have taken at most, which is counted and not tried; the cuts
themselves are tried on the simulated disk of `StoreAndForwardTests` and `SimulationTests`.
"""

import os
import random
import statistics
import time

import pytest

from rig import alec, sensors, waiting
from rig.broker import Broker
from rig.feeder import Feeder

KILLS = int(os.environ.get("ALEC_TEST_KILLS", "200"))
SEED = int(os.environ.get("ALEC_SEED", "30"))
#: Kills over one spool, all lives of which are drained at once.
ROUND = 200
#: How often each state has to be hit in a long run.
LEAST = 5
SENSORS = 20
ROWS_PER_SECOND = 200
#: Seconds within which a level forces frames to the disk; None for never.
SYNC = {"strict": 1.0, "balanced": 5.0, "ram": None}
#: One kill in so many waits until a sync is due.
LATE = 10

STARTING = "no line taken yet"
OPEN = "readings in no frame"
APPENDING = "a frame is being appended"
UNSYNCED, UNPUBLISHED = "appended, not synced", "synced, not published"
STATES = (STARTING, OPEN, APPENDING, UNSYNCED, UNPUBLISHED)
# Frames come soon, so that they are many and in every state. All readings leave in one lane:
# what a surprise sends ahead of its neighbours is fed again with them.
SETTINGS = (
    '[windows]\nage = "100ms"\noffline_age = "150ms"\ntable_delay = "20ms"\n' + alec.ONE_LANE)


class Lives:
    """The lives of the agent, one after another, over one spool."""

    def __init__(self, folder, durability, kills, seed):
        self.folder = folder
        self.durability = durability
        self.kills = kills
        self.chance = random.Random(seed)
        self.settings = folder / "settings.toml"
        self.settings.write_text(SETTINGS, encoding="utf-8")
        # Seconds of a life; a late one goes on behind it until something is synced.
        self.ages = [self.chance.uniform(0.005, 0.6) for _ in range(kills)]
        seconds = sum(self.ages) + (kills // LATE) * (SYNC[durability] or 0) + 0.05 * kills
        rows = int(seconds * ROWS_PER_SECOND) + 400
        self.series = sensors.Series(rows, sensors=SENSORS, seed=seed, step_ms=10)
        self.feeder = Feeder(self.series, ROWS_PER_SECOND)
        self.hits = dict.fromkeys(STATES, 0)
        # Readings at each kill: fed and in no frame; framed and not known to be on the disk.
        self.unframed = []
        self.unsynced = []
        self.sid = None
        self.agent = None

    def outlive_sync(self):
        """Waits until frames of this life are on the disk."""
        def is_synced():
            page = alec.progress(self.folder / "agent" / "progress")
            return page.get("sid") != self.sid and UNPUBLISHED in alec.states(page)

        waiting.until(is_synced, 60, "a frame is synced")

    def start(self, position, broker=None):
        self.agent = alec.run(
            self.folder, broker, "--config", str(self.settings), "--format", "csv", "--durability",
            self.durability, "--delivery", "receiver", "--drain", "120")
        self.feeder.attach(self.agent, position)

    def kill(self):
        self.agent.kill()
        page = alec.progress(self.folder / "agent" / "progress")
        # Killed before it had made its spool, it keeps nothing.
        kept = alec.kept(self.folder / "agent") if page else {}
        is_fresh = kept.get("sid") not in (None, self.sid)
        self.sid = kept.get("sid", self.sid)
        # The header is a line of every life.
        lines = max(kept.get("kept_lines", 0) - 1, 0) if is_fresh else 0
        with self.feeder.lock:
            fed = self.feeder.position - self.feeder.origin
        self.note(page, kept, is_fresh, lines, fed)
        assert lines <= fed, f"the agent has {lines} lines of {fed}"
        return self.feeder.origin + lines

    def note(self, page, kept, is_fresh, lines, fed):
        is_taken = is_fresh and page.get("read_lines", 0) > 0
        self.unframed.append((fed - lines) * SENSORS)
        if not is_taken:
            self.hits[STARTING] += 1
            return
        self.unsynced.append(kept.get("kept_readings", 0) - page.get("synced_readings", 0))
        self.hits[OPEN] += fed > lines
        self.hits[APPENDING] += "intent_group" in page
        states = alec.states(page)
        for state in (UNSYNCED, UNPUBLISHED):
            self.hits[state] += state in states

    def drain(self):
        """Everything goes through a broker to a receiver."""
        sink = self.folder / "out.jsonl"
        with Broker(self.folder / "broker") as broker:
            receiver = alec.receive(self.folder, broker.address, f"jsonl:{sink}")
            try:
                self.start(self.position, broker.address)
                waiting.until(lambda: self.feeder.is_done, 120, "all lines are fed")
                self.feeder.is_over.set()
                self.feeder.thread.join()
                self.agent.stdin.close()
                assert self.agent.wait(180) == 0, self.agent.said()[-4000:]
                alec.wait_for_lines(sink, self.series.count, 120)
                assert receiver.terminate() == 0, receiver.said()[-4000:]
            finally:
                receiver.close()
        return sensors.differences(sensors.read_json_lines(sink), self.series.expected())

    def play(self):
        try:
            self.start(0)
            self.feeder.thread.start()
            self.position = 0
            for number, age in enumerate(self.ages, 1):
                time.sleep(age)
                if SYNC[self.durability] and number % LATE == 0:
                    self.outlive_sync()
                self.position = self.kill()
                if number < self.kills:
                    self.start(self.position)
            return self.drain()
        finally:
            self.feeder.is_over.set()
            if self.agent:
                self.agent.close()


def report(durability, kills, hits, unframed, unsynced):
    counts = ", ".join(f"{state} {count}" for state, count in hits.items())
    lines = [f"{durability}, {kills} kills: {counts}"]
    for name, values in (
        ("fed and in no frame", unframed),
        ("framed and not synced, which only a power cut could take", unsynced),
    ):
        if values:
            lines.append(
                f"readings {name}: median {statistics.median(values):.0f}, most {max(values)}")
    return "\n  ".join(lines)


def play(folder, durability, kills, seed):
    lives = Lives(folder, durability, kills, seed)
    wrong = lives.play()
    print("\n" + report(durability, kills, lives.hits, lives.unframed, lives.unsynced))
    assert wrong == sensors.NOTHING_WRONG, f"seed {seed}: {wrong}"
    return lives


@pytest.mark.long
@pytest.mark.parametrize("durability", SYNC)
def test_two_hundred_kills_of_the_agent(tmp_path, durability):
    hits = dict.fromkeys(STATES, 0)
    unframed, unsynced = [], []
    for number, start in enumerate(range(0, KILLS, ROUND)):
        folder = tmp_path / str(number)
        folder.mkdir()
        lives = play(folder, durability, min(ROUND, KILLS - start), SEED + number)
        for state, count in lives.hits.items():
            hits[state] += count
        unframed += lives.unframed
        unsynced += lives.unsynced
    print("\nall: " + report(durability, KILLS, hits, unframed, unsynced))
    # Too short to be hit by chance for sure.
    needed = set(STATES) - {APPENDING}
    if not SYNC[durability]:
        needed.discard(UNPUBLISHED)
    assert all(hits[state] >= LEAST for state in needed), hits


def test_ten_kills_of_the_agent(tmp_path):
    """The short form, for every run of the tests."""
    lives = play(tmp_path, "strict", 10, SEED + 100)
    assert lives.hits[OPEN] > 0 and lives.hits[UNSYNCED] > 0 and lives.hits[UNPUBLISHED] > 0
