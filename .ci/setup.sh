#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages named as arguments that are not there yet. Silent when all are.
set -euo pipefail

# Some images fill a package's commands from elsewhere; only dpkg's own word counts.
missing=()
for package in "$@"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done

if ! command -v swift >/dev/null; then
    echo "setup: swift is not in PATH; install Swift 6.3 from swift.org, then run this again" >&2
    exit 69
fi
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "setup: no apt-get here; please install the like of: ${missing[*]}" >&2
    exit 69
fi

root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "setup: neither root nor sudo; please install: ${missing[*]}" >&2
        exit 69
    }
    root=(sudo)
fi

echo "setup: installing ${missing[*]}"
"${root[@]}" apt-get update -qq </dev/null
"${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
echo "setup: done"
