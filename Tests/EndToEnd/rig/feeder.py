# SPDX-License-Identifier: Apache-2.0
"""What stands for the sensors: lines at a steady pace into whichever agent runs."""

import threading
import time

#: Rows that are written at a time.
STEP = 20


class Feeder:
    """Writes lines at a steady pace into the agent that runs at the moment."""

    def __init__(self, series, rows_per_second):
        self.pause = STEP / rows_per_second
        self.header = series.csv_header()
        self.lines = series.csv_lines()
        self.position = 0
        # The line at which the agent that runs began.
        self.origin = 0
        self.agent = None
        self.is_over = threading.Event()
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def attach(self, agent, position):
        """Goes on with line `position` into `agent`."""
        with self.lock:
            self.agent = agent
            self.origin = self.position = position
            self.write(self.header)

    def write(self, data):
        try:
            self.agent.stdin.write(data)
            self.agent.stdin.flush()
            return True
        except (BrokenPipeError, ValueError):
            return False

    def run(self):
        while not self.is_over.is_set():
            with self.lock:
                if self.position < len(self.lines):
                    chunk = self.lines[self.position:self.position + STEP]
                    if self.write(b"".join(chunk)):
                        self.position += len(chunk)
            time.sleep(self.pause)

    @property
    def is_done(self):
        with self.lock:
            return self.position >= len(self.lines)
