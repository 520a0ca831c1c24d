#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds one fuzz target (FUZZ_TARGET=lines for Tests/Fuzz/fuzz-lines), makes seeds, runs it.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=.build-fuzz-${FUZZ_SANITIZERS//,/-}
target=${FUZZ_TARGET:-decoder}
program=$scratch/release/fuzz-$target
files=$scratch/fuzz-$target

read -ra flags <<<"$SWIFT_FLAGS"
for sanitizer in ${FUZZ_SANITIZERS//,/ }; do flags+=(--sanitize="$sanitizer"); done
ALEC_FUZZ=1 swift build "${flags[@]}" --scratch-path "$scratch" -c release \
    --product "fuzz-$target"

# The first folder takes what the fuzzer finds; the seeds are only read.
mkdir -p "$files/corpus" "$files/seeds"
ALEC_FUZZ_SEEDS="$files/seeds" "$program"
"$program" -runs="$FUZZ_RUNS" -max_total_time="$FUZZ_SECONDS" \
    -max_len=4096 -rss_limit_mb=1024 -timeout=60 -print_final_stats=1 \
    -artifact_prefix="$files/finding-" "$files/corpus" "$files/seeds" </dev/null
