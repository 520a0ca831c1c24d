# SPDX-License-Identifier: Apache-2.0
"""The whole program on a small data directory with programs that stand for the real ones."""

import json

import fakes
import pytest
from compare import report
from compare.__main__ import main
from conftest import series

README = f"by hand above\n\n{report.BEGIN}\nold\n{report.END}\n\nby hand below\n"


@pytest.fixture
def place(tmp_path):
    """A data directory of two sets and an output folder."""
    data, output = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    output.mkdir()
    columns = series(1, 130)
    lines = [
        f"{1_760_000_000_000 + 1000 * at},{columns['walk'][at]!r},{columns['counter'][at]!r}"
        for at in range(130)
    ]
    (data / "wide.csv").write_text("time_ms,s1,s2\n" + "\n".join(lines) + "\n")
    lines = [
        f"{1_760_000_000_000 + 900 * at + c},s{c + 1},{columns[kind][at]!r}"
        for at in range(130)
        for c, kind in enumerate(("states", "sixteenths"))
    ]
    (data / "long.csv").write_text("time_ms,sensor,value\n" + "\n".join(lines) + "\n")
    (output / "README.md").write_text(README)
    return tmp_path


def words(place, *more):
    return ["--data", str(place / "data"), "--output", str(place / "out"), "--core", "-1", *more]


def full(place):
    programs = ["--alec-bench", str(fakes.alec_bench(place)), "--alec", str(fakes.agent(place))]
    return words(place, *programs, *oracle(place), "--runs", "3")


def oracle(place):
    return ["--oracle", str(place), "--compiler", str(fakes.compiler(place))]


def test_everything_measured_gives_tables_plots_and_results(place):
    main(full(place))
    text = (place / "out/README.md").read_text()
    assert text.startswith("by hand above\n\n") and text.endswith("\n\nby hand below\n")
    assert "old" not in text and "Not measured yet." not in text
    # 0.5 payload and 2 bytes a frame of 120 readings; head 7 bytes a frame.
    own = "| 60/50 | 0.5000 | **0.5167** | ≤ 0.825 met | 0.0583 | 7.00 | **0.5583** |"
    assert own + " 0.7500 | 0.7917 |" in text
    assert "| 60/50 encode | 150 (150–150) | 200 (200–200) | **0.75** | ≤ 1.15 met | 6.64 |" in text
    assert "| 60/50 decode | 120 (120–120) | 100 (100–100) | **1.20** | ≤ 1.15 **missed** |" in text
    assert "| a channel | bytes | 1,304 |  |  |" in text
    whole = "| CSV, a reading a line | 1 | 2 | 3 | 4 | 5 | 6 | **7** (6–8) | 0.0030 |"
    assert whole in text
    assert "median of 3 runs of 2,000,000 readings" in text
    for plot in ("formats", "sets"):
        assert (place / f"out/plots/{plot}.svg").read_text().startswith("<?xml")
    speed = json.loads((place / "out/results/speed.json").read_text())
    assert [len(record["encode_ns"]) for record in speed["records"]] == [3] * 4
    assert str(place) not in "".join(p.read_text() for p in (place / "out").rglob("*.*"))


def test_without_alec_bench_the_report_says_what_is_missing(place):
    main(words(place))
    text = (place / "out/README.md").read_text()
    assert text.count("Not measured yet.") == 5
    assert "| Chimp128 |" in text


def test_the_oracle_alone_fills_its_columns(place):
    main(words(place, *oracle(place), "--steps", "sizes,report"))
    text = (place / "out/README.md").read_text()
    assert "| 60/50 | – | – | ≤ 0.825 | – | – | – | 0.7500 | 0.7917 |" in text


def test_a_left_out_step_keeps_its_earlier_results(place):
    main(full(place))
    first = (place / "out/README.md").read_text()
    plots = [path.read_bytes() for path in sorted((place / "out/plots").iterdir())]
    main(words(place, "--steps", "report"))
    assert (place / "out/README.md").read_text() == first
    assert [path.read_bytes() for path in sorted((place / "out/plots").iterdir())] == plots


def test_other_frames_than_the_peers_got_are_refused(place):
    bench = fakes.alec_bench(place, extra=1)
    with pytest.raises(SystemExit, match="long at 60/50: frames and readings"):
        main(words(place, "--alec-bench", str(bench), "--steps", "sizes"))


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo no", "line 1 of alec-bench is not JSON"),
        ('echo "{}"', "line 1 of alec-bench lacks frames, head_bytes"),
        ("echo broken >&2; exit 3", "alec-bench ended with 3: broken"),
    ],
)
def test_a_program_that_misbehaves_is_named(place, script, message):
    bench = fakes.program(place / "alec-bench", f"#!/bin/sh\n{script}\n")
    with pytest.raises(SystemExit, match=message):
        main(words(place, "--alec-bench", str(bench), "--steps", "sizes"))


def test_an_agent_that_loses_readings_is_refused(place):
    programs = ["--alec-bench", str(fakes.alec_bench(place))]
    programs += ["--alec", str(fakes.agent(place, readings=1_999_999))]
    with pytest.raises(SystemExit, match="framed 1999999 of 2000000 readings"):
        main(words(place, *programs, "--steps", "agent"))


def test_a_missing_program_is_named(place):
    with pytest.raises(SystemExit, match="nowhere is missing"):
        main(words(place, "--alec-bench", str(place / "nowhere"), "--steps", "sizes"))


def test_an_unknown_step_is_refused(place):
    with pytest.raises(SystemExit):
        main(words(place, "--steps", "sizes,dance"))


def test_a_readme_without_markers_is_refused(place):
    (place / "out/README.md").write_text("nothing\n")
    with pytest.raises(ValueError, match="markers"):
        main(words(place, "--steps", "report"))
