# SPDX-License-Identifier: Apache-2.0
"""Memory does not grow with the readings that went through."""

import os

import pytest

from rig import alec, sensors, waiting

READINGS = int(os.environ.get("ALEC_TEST_READINGS", "10000000"))
EARLY = 100_000
#: What the later one may have more, in kilobytes. Not nothing: pages of the program that were
#: needed for the first time later, and the allocator's rounding.
TOLERANCE = 1024
#: A group and its frames that are under way; places are bytes of the spool.
OPEN_BYTES = 64 << 10
SENSORS = 20
#: Rows that are made once and sent again with later times.
ROWS = 1000


class Lines:
    """CSV of one series over and over, the times going on."""

    def __init__(self):
        self.series = sensors.Series(ROWS, sensors=SENSORS, seed=40)
        # The values without the time in front of them.
        self.tails = [line.split(b",", 1)[1] for line in self.series.csv_lines()]
        self.row = 0

    def rows(self, count):
        made = []
        for _ in range(count):
            time = sensors.START_MS + 1000 * self.row
            made.append(b"%d,%b" % (time, self.tails[self.row % ROWS]))
            self.row += 1
        return b"".join(made)


@pytest.mark.long
def test_ten_million_readings_leave_no_trace(tmp_path, broker):
    """Delivered to a broker, so that the spool empties all the time and keeps its history."""
    lines = Lines()
    agent = alec.run(tmp_path, broker.address, "--format", "csv", "--drain", "120")
    page = tmp_path / "agent" / "progress"

    def read():
        return alec.progress(page).get("read_readings", 0)

    def feed(upto):
        """Until the agent has read so many; the rest of the pipe is behind it."""
        while lines.row * SENSORS < upto:
            agent.stdin.write(lines.rows(ROWS))
        agent.stdin.flush()
        # A window stays open, whose readings the page may not count yet.
        waiting.until(lambda: read() >= upto - 20_000, 120, f"{upto} readings are read")
        waiting.until(is_delivered, 120, "the frames are acknowledged")
        return alec.memory(agent.process.pid)

    def is_delivered():
        """All but the group that is open."""
        found = alec.progress(page)
        return found.get("acknowledged_place", 0) > found.get("appended_place", 0) - OPEN_BYTES

    try:
        agent.stdin.write(lines.series.csv_header())
        early = feed(EARLY)
        late = feed(READINGS)
        agent.stdin.close()
        assert agent.wait(120) == 0, agent.said()[-4000:]
    finally:
        agent.close()
    shown = [f"{name}: {early[name]} kB after {EARLY} readings, {late[name]} kB after {READINGS}"
             for name in ("VmRSS", "RssAnon", "RssFile")]
    print("\n" + "\n".join(shown))
    for name in ("VmRSS", "RssAnon"):
        assert late[name] - early[name] <= TOLERANCE, name
