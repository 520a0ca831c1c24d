# SPDX-License-Identifier: Apache-2.0
"""Programs that stand for alec-bench and for the compiler with its oracle."""

import sys
from pathlib import Path

ALEC_BENCH = """#!{python}
import json, sys
sys.path.insert(0, {bench!r})
from pathlib import Path
from compare.datasets import load_all
from compare.tools import CASES, expected_frames
word = sys.argv[1]
if word == "costs":
    print(json.dumps(dict(cost="a channel", unit="bytes", median=1304)))
    sys.exit()
if word == "agent":
    from compare.agent import KINDS, STAGES
    for lines in KINDS.values():
        for at, stage in enumerate(STAGES):
            print(json.dumps(dict(lines=lines, stage=stage, least=at, median=at + 1, most=at + 2,
                                  allocations=3, readings=1000, frames=9, frame_bytes=90,
                                  text_bytes=5000)))
    sys.exit()
if word == "lines":
    print("1,2\\n" * int(sys.argv[4]))
    sys.exit()
data = sys.argv[3]
for one in load_all(Path(data)):
    for n, k in CASES:
        frames, readings = expected_frames(one, n)
        if word == "sizes":
            record = dict(readings=readings + {extra}, frames=frames, payload_bytes=readings // 2)
            print(json.dumps(dict(record, head_bytes=7 * frames, set=one.name, n=n, k=k)))
        elif (n, k) == (60, 50):
            print(json.dumps(dict(set=one.name, n=n, k=k, encode_ns=150.5, decode_ns=120)))
"""

AGENT = """#!{python}
import sys
assert sys.argv[1:4] == ["run", "--input", "-"]
sys.stdin.read()
count = {readings}
sys.stderr.write(f"run.ended verdict=complete lines=1 readings={{count}} acknowledged=0 "
                 f"framed={{count}} pending={{count}}\\n")
"""

COMPILER = """#!{python}
import sys
from pathlib import Path
target = Path(sys.argv[sys.argv.index("-o") + 1])
assert "-fwrapv" in sys.argv and "-ffp-contract=off" in sys.argv
target.write_text({oracle!r})
target.chmod(0o755)
"""

ORACLE = """#!{python}
import sys
from pathlib import Path
for path in map(Path, sys.argv[1:]):
    if path.suffix == ".bin":
        assert path.exists()
        print(f"{{path.name:16.16}} n=60 K=50 B/rd  0.7500 (2-byte header) full  0.8500 "
              "overhead/frame 7.00 enc  200 dec  100 ns")
print("GEOMEAN 0.7500 full 0.8500 enc 200 dec 100 ns (mean over the sets)")
"""

BENCH = str(Path(__file__).resolve().parent.parent)


def program(path: Path, text: str) -> Path:
    """An executable file."""
    path.write_text(text)
    path.chmod(0o755)
    return path


def alec_bench(folder: Path, extra: int = 0) -> Path:
    """Says half a byte of payload a reading; `extra` readings too many on demand."""
    text = ALEC_BENCH.format(python=sys.executable, bench=BENCH, extra=extra)
    return program(folder / "alec-bench", text)


def agent(folder: Path, readings: int = 2_000_000) -> Path:
    """Says that it framed so many readings."""
    return program(folder / "alec", AGENT.format(python=sys.executable, readings=readings))


def compiler(folder: Path) -> Path:
    """Makes an oracle that says the same for every set."""
    oracle = ORACLE.format(python=sys.executable)
    return program(folder / "compiler", COMPILER.format(python=sys.executable, oracle=oracle))
