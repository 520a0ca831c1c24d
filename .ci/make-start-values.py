#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0

"""Makes Sources/AlecCodec/Model/StartValues.swift from the table of start values.

The table (StartValues.csv beside WireFormat.md) is part of the wire format; the Swift file only
repeats it. Without arguments the file is written; with --check nothing is written and the exit
code is 1 if the file is not what the table says.
"""

import argparse
import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "Sources/AlecCodec/AlecCodec.docc/StartValues.csv"
TARGET = ROOT / "Sources/AlecCodec/Model/StartValues.swift"

# The counts are written down in WireFormat.md; a table of another size is another format.
COUNTS = {"shared": 2588, "channel": 151}

# How firmly the start values stand: as if so many answers had been seen.
SEEN = {"shared": 6, "channel": 3}

PER_LINE = 8
COLUMNS = 100


def read_table(path):
    """The bytes of each scope in the order of the table."""
    values = {scope: [] for scope in COUNTS}
    # How much of each array has been read, so that a row out of place is noticed.
    filled = {}
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        if next(rows, None) != ["scope", "contexts", "first", "values"]:
            sys.exit(f"{path.name}: the first line is not the expected heading")
        for number, row in enumerate(rows, start=2):
            if len(row) != 4 or row[0] not in COUNTS:
                sys.exit(f"{path.name}:{number}: not a row of scope, contexts, first, values")
            scope, contexts, first, text = row
            if int(first) != filled.get((scope, contexts), 0):
                sys.exit(f"{path.name}:{number}: {contexts} does not go on at {first}")
            numbers = [int(word) for word in text.split(" ")]
            if not all(0 <= value <= 255 for value in numbers):
                sys.exit(f"{path.name}:{number}: a value is not a byte")
            filled[(scope, contexts)] = int(first) + len(numbers)
            values[scope] += numbers
    for scope, count in COUNTS.items():
        if len(values[scope]) != count:
            sys.exit(f"{path.name}: {len(values[scope])} values of scope {scope}, not {count}")
    return values


def array_literal(scope, summary, numbers):
    """One table as lines of Swift: the words in which AdaptiveBit keeps chance and firmness."""
    words = [SEEN[scope] << 16 | value << 8 | 128 for value in numbers]
    lines = [f"    /// {summary}", f"    static let {scope}: InlineArray<{len(words)}, UInt32> = ["]
    for start in range(0, len(words), PER_LINE):
        row = ", ".join(f"0x{word:05X}" for word in words[start : start + PER_LINE])
        lines.append(f"        {row},")
    return lines + ["    ]"]


def swift_source(values):
    """The whole Swift file."""
    lines = [
        "// SPDX-License-Identifier: Apache-2.0",
        "",
        "// Made by .ci/make-start-values.py from StartValues.csv; do not edit.",
        "",
        "/// Where every adaptive bit begins, as the word that `AdaptiveBit` keeps: a byte v of the",
        "/// table stands for P(1) = (256 * v + 128) / 65536.",
        "enum StartValues {",
        *array_literal(
            "shared", "The contexts that all channels of a group share.", values["shared"]
        ),
        "",
        *array_literal(
            "channel", "The contexts that each channel has for itself.", values["channel"]
        ),
        "}",
    ]
    assert max(map(len, lines)) <= COLUMNS
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()

    source = swift_source(read_table(TABLE))
    if arguments.check:
        current = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
        if current != source:
            sys.exit(f"{TARGET.relative_to(ROOT)} differs; run .ci/make-start-values.py")
        return
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(source, encoding="utf-8")


if __name__ == "__main__":
    main()
