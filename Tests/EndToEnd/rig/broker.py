# SPDX-License-Identifier: Apache-2.0
"""A mosquitto of the test's own, on a free port of the loopback address."""

import os
import shutil
import signal
import socket
import subprocess

from . import waiting


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program():
    """Where mosquitto is; Debian puts it outside of an ordinary user's path."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    found = shutil.which("mosquitto", path=path)
    if not found:
        raise FileNotFoundError("mosquitto is not installed; `make setup` installs it")
    return found


class Broker:
    """Starts, kills and starts again on the same port, and keeps nothing while it is down."""

    def __init__(self, folder, port=None):
        self.port = port or free_port()
        self.process = None
        self.kills = 0
        self.folder = str(folder)
        os.makedirs(self.folder, exist_ok=True)
        self.configuration = os.path.join(self.folder, "mosquitto.conf")
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write(
                f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
                "max_queued_messages 0\nlog_type none\n"
            )

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(
            [program(), "-c", self.configuration],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        waiting.until(self.answers, 10, "the broker listens")
        return self

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def kill(self):
        """Ends it as a crash would."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
            self.kills += 1

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=10)
            self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
