#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz target of everything that reads bytes from outside, makes seeds, runs it.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=.build-fuzz-${FUZZ_SANITIZERS//,/-}

read -ra flags <<<"$SWIFT_FLAGS"
for sanitizer in ${FUZZ_SANITIZERS//,/ }; do flags+=(--sanitize="$sanitizer"); done
ALEC_FUZZ=1 swift build "${flags[@]}" --scratch-path "$scratch" -c release --product fuzz-decoder

# The first folder takes what the fuzzer finds; the seeds are only read.
mkdir -p "$scratch/corpus" "$scratch/seeds"
ALEC_FUZZ_SEEDS="$scratch/seeds" "$scratch/release/fuzz-decoder"
"$scratch/release/fuzz-decoder" -runs="$FUZZ_RUNS" -max_total_time="$FUZZ_SECONDS" \
    -max_len=4096 -rss_limit_mb=1024 -timeout=10 -print_final_stats=1 \
    -artifact_prefix="$scratch/finding-" "$scratch/corpus" "$scratch/seeds" </dev/null
