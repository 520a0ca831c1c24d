#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the tests with coverage of the folder given; fails below COVERAGE_PERCENT of its lines.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
scratch=.build-coverage

read -ra flags <<<"$TEST_FLAGS"
swift test "${flags[@]}" --enable-code-coverage --scratch-path "$scratch"

# Only the toolchain's own llvm-cov reads the profile of this compiler.
tools=$(dirname "$(readlink -f "$(command -v swift)")")
report=$("$tools/llvm-cov" report "$scratch"/debug/*PackageTests.xctest \
    -instr-profile "$scratch/debug/codecov/default.profdata" "$folder")

# Columns 8 to 10 of a row: lines, lines missed, share reached.
awk -v least="$COVERAGE_PERCENT" '
    /^TOTAL/ { share = $10 + 0; lines = $8 }
    /\.swift/ { printf "  %-48s %5d lines, %4d missed, %s\n", $1, $8, $9, $10 }
    END {
        if (!lines) { print "coverage: no lines were measured"; exit 1 }
        printf "coverage: %.2f %% of %d lines, at least %s %% wanted\n", share, lines, least
        exit share < least
    }' <<<"$report"
