#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz target of the frame decoder and runs it from the golden vectors on.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=.build-fuzz

read -ra flags <<<"$SWIFT_FLAGS"
ALEC_FUZZ=1 swift build "${flags[@]}" --scratch-path "$scratch" --sanitize=fuzzer -c release \
    --product fuzz-decoder

# The first folder takes what the fuzzer finds; the vectors are only read.
mkdir -p "$scratch/corpus"
folders=("$scratch/corpus")
[ ! -d Tests/AlecCodecTests/Vectors ] || folders+=(Tests/AlecCodecTests/Vectors)
"$scratch/release/fuzz-decoder" -runs="$FUZZ_RUNS" -max_total_time="$FUZZ_SECONDS" \
    -max_len=4096 -rss_limit_mb=1024 -timeout=10 -print_final_stats=1 \
    -artifact_prefix="$scratch/finding-" "${folders[@]}" </dev/null
