# SPDX-License-Identifier: Apache-2.0
"""What every end-to-end test gets: a broker and a folder."""

import pytest

from rig.broker import Broker


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes minutes; `make e2e-long` runs it")


@pytest.fixture
def broker(tmp_path):
    with Broker(tmp_path / "broker") as running:
        yield running
