#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs `swift format` with the given arguments over all Swift files of the project.
set -euo pipefail
cd "$(dirname "$0")/.."

find . -name '.?*' -prune -o -name '*.swift' -print0 |
    xargs -0 swift format "$@" --parallel
