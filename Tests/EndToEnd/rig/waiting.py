# SPDX-License-Identifier: Apache-2.0
"""Waiting for a condition, always with a limit."""

import time


class TooLate(Exception):
    """What was waited for did not happen."""


def until(condition, limit, what, interval=0.01):
    """Waits until `condition()` gives something true and returns it."""
    end = time.monotonic() + limit
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise TooLate(f"{what}: not within {limit} s")
        time.sleep(interval)
