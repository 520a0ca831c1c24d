#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the pages of one target's DocC catalog and public interface in .build/docs.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1
catalog=Sources/$target/$target.docc
graphs=.build/docs-graphs

if [ ! -d "$catalog" ]; then
    echo "docs: $catalog is not there yet" >&2
    exit 1
fi

rm -rf "$graphs" .build/docs
mkdir -p "$graphs"
swift package dump-symbol-graph --minimum-access-level public >/dev/null
find .build/ -path '*/symbolgraph/*' -name "$target*.symbols.json" -exec cp {} "$graphs/" \;

docc=$(dirname "$(readlink -f "$(command -v swift)")")/docc
"$docc" convert "$catalog" --additional-symbol-graph-dir "$graphs" --output-path .build/docs \
    --transform-for-static-hosting --hosting-base-path / --warnings-as-errors \
    --fallback-display-name "$target" --fallback-bundle-identifier "alec-gateway.$target"
echo "docs: serve .build/docs, for example with python3 -m http.server -d .build/docs," \
    "and open /documentation/${target,,}"
