#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs Python in the benchmark's own environment, which it makes when it is absent or outdated.
set -euo pipefail
cd "$(dirname "$0")/.."
environment=bench/.venv

if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
fi
if ! cmp -s bench/requirements.txt "$environment/installed.txt"; then
    echo "bench: installing what bench/requirements.txt names"
    "$environment/bin/pip" install --quiet --disable-pip-version-check -r bench/requirements.txt
    cp bench/requirements.txt "$environment/installed.txt"
fi
export PYTHONPATH=bench
exec "$environment/bin/python" "$@"
