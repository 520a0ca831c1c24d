# SPDX-License-Identifier: Apache-2.0
"""Settings of a program that runs: the schema, SIGHUP, `alec reload` and `alec status`."""

import json
import os
import signal
import subprocess
import tomllib

import jsonschema
import pytest

from rig import alec, waiting


def ask(*arguments):
    return subprocess.run(
        [alec.require_program(), *arguments], capture_output=True, text=True, timeout=30,
        check=False)


def uncommented(text):
    """The sample file with all its settings, as far as they can stand beside each other."""
    lines = (
        line[1:] if line.startswith("#") and not line.startswith("# ") else line
        for line in text.splitlines())
    return tomllib.loads("\n".join(lines))


@pytest.mark.parametrize("options", [[], ["--receiver"]])
def test_sample_file_is_what_the_schema_says(options):
    schema = json.loads(ask("config", "schema", *options).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    sample = ask("check", "--sample", *options).stdout
    validator.validate(tomllib.loads(sample))
    settings = uncommented(sample)
    validator.validate(settings)
    for wrong in ({"sit": "a"}, {"site": "a/b"}, {"site": 1}, {"state_dir": "here"}):
        assert not validator.is_valid({**settings, **wrong}), wrong


class Gateway:
    """An agent with a file of settings and a pipe that stays open."""

    def __init__(self, folder, broker=None):
        self.state = os.path.join(str(folder), "agent")
        self.file = os.path.join(str(folder), "gateway.toml")
        self.broker = f'[broker]\naddress = "{broker}"\n' if broker else ""
        self.write("")
        self.program = alec.Program(
            ["run", "--config", self.file, "--state-dir", self.state],
            os.path.join(str(folder), "agent.log"), stdin=subprocess.PIPE)
        waiting.until(
            lambda: self.status().returncode != 69, 20, "the agent answers at its socket")

    def write(self, top, tables=""):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(f'site = "lab"\n{top}\n{self.broker}{tables}\n')

    def status(self):
        return ask("status", "--json", "--state-dir", self.state)

    def page(self):
        return json.loads(self.status().stdout)

    def reload(self):
        return ask("reload", "--state-dir", self.state)

    def hang_up(self):
        self.program.process.send_signal(signal.SIGHUP)


@pytest.fixture
def gateway(tmp_path):
    running = Gateway(tmp_path)
    yield running
    running.program.close()


def test_hang_up_reads_settings_again(gateway):
    gateway.program.stdin.write(b"time_ms,a\n1000,1\n2000,2\n")
    gateway.program.stdin.flush()
    waiting.until(lambda: gateway.page()["readings"]["open"] == 2, 20, "two readings are open")
    gateway.write("", '[windows]\nage = "10ms"\noffline_age = "10ms"\n')
    gateway.hang_up()
    waiting.until(lambda: "settings.reread" in gateway.program.said(), 20, "the settings are read")
    waiting.until(lambda: gateway.page()["readings"]["stored"] == 2, 20, "the window closed")
    assert gateway.program.is_running

    gateway.write('sit = "b"\nnode = 1')
    gateway.hang_up()
    waiting.until(lambda: "settings.wrong faults=2" in gateway.program.said(), 20, "it is told")
    said = gateway.program.said()
    assert f"{gateway.file}:2:1: unknown key 'sit'" in said
    assert f"{gateway.file}:3:8: node cannot be 1" in said
    assert gateway.page()["node"] == "gateway"
    gateway.program.stdin.close()
    assert gateway.program.wait(30) == 0


def test_reload_says_what_came_of_it(gateway):
    done = gateway.reload()
    assert (done.returncode, done.stdout) == (0, "nothing has changed\n")
    gateway.write('drain = "1s"\nnode = "other"')
    done = gateway.reload()
    assert done.returncode == 0, done.stderr
    assert "in effect: drain\n" in done.stdout
    assert "node keeps its value until the next start" in done.stdout
    gateway.write("drain = 1")
    wrong = gateway.reload()
    assert wrong.returncode == 78
    assert f"{gateway.file}:2:9: drain cannot be 1" in wrong.stderr


def test_status_is_for_people_and_programs(gateway):
    shown = ask("status", "--state-dir", gateway.state)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "lab/gateway" in shown.stdout and "no broker is named" in shown.stdout
    assert os.stat(os.path.join(gateway.state, "control")).st_mode & 0o777 == 0o660
    gateway.program.terminate()
    gone = ask("status", "--state-dir", gateway.state)
    assert gone.returncode == 69 and "no agent answers" in gone.stderr


def test_killed_agent_leaves_a_socket_that_the_next_one_takes(gateway):
    gateway.program.kill()
    assert gateway.status().returncode == 69
    again = alec.Program(
        ["run", "--config", gateway.file, "--state-dir", gateway.state],
        gateway.program.log, stdin=subprocess.PIPE)
    try:
        waiting.until(lambda: gateway.status().returncode == 0, 20, "the next agent answers")
    finally:
        again.close()


def test_broker_changes_while_the_agent_runs(tmp_path, broker):
    gateway = Gateway(tmp_path, "127.0.0.1:1")
    try:
        waiting.until(
            lambda: gateway.page()["link"].get("fault", {}).get("code") == 111, 20,
            "nobody listens there")
        assert gateway.status().returncode == 1
        gateway.broker = f'[broker]\naddress = "{broker.address}"\n'
        gateway.write("")
        done = gateway.reload()
        assert "on a new connection: broker.address" in done.stdout, done.stdout + done.stderr
        waiting.until(lambda: gateway.page()["link"]["connected"], 20, "the new broker is there")
        assert gateway.page()["link"]["broker"] == broker.address
        assert "fault" not in gateway.page()["link"]
        # Another login to the same broker is another connection.
        gateway.write("", 'user = "somebody"')
        assert gateway.reload().returncode == 0
        waiting.until(
            lambda: gateway.page()["link"]["connections"] == 2, 20, "it connects again")
        waiting.until(lambda: gateway.page()["link"]["connected"], 20, "the login is taken")
    finally:
        gateway.program.close()
