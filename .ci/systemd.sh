#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks the units of systemd/: systemd-analyze must have nothing to say about them.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v systemd-analyze >/dev/null || .ci/setup.sh systemd
# The exposure of a unit that may do everything is 96, of one that may do nothing 0.
limit=20

staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT
# The programs must be there; what they do is not looked at.
mkdir "$staged/bin"
cp /bin/true "$staged/bin/alec"

failed=0
for unit in systemd/*.service; do
    name=$(basename "$unit")
    sed "s|/usr/local/bin/alec|$staged/bin/alec|" "$unit" >"$staged/$name"
    # Its exit status is 0 even for values that it ignores: only silence counts.
    said=$(systemd-analyze verify --man=no "$staged/$name" 2>&1) || failed=1
    if [ -n "$said" ]; then
        echo "$unit: $said" >&2
        failed=1
    fi
    if ! systemd-analyze security --offline=true --threshold=$limit --no-pager "$staged/$name" \
        >"$staged/exposure" 2>&1; then
        tail -n 1 "$staged/exposure" >&2
        failed=1
    fi
    echo "$unit: $(grep -o 'Overall exposure.*' "$staged/exposure" || true)"
done
exit $failed
