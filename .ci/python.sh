#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# python.sh FOLDER ARGUMENTS...: runs Python in the environment of FOLDER, which is made when it is
# absent or older than FOLDER/requirements.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
shift
environment=$folder/.venv

if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
fi
if ! cmp -s "$folder/requirements.txt" "$environment/installed.txt"; then
    echo "python: installing what $folder/requirements.txt names"
    "$environment/bin/pip" install --quiet --disable-pip-version-check \
        -r "$folder/requirements.txt"
    cp "$folder/requirements.txt" "$environment/installed.txt"
fi
export PYTHONPATH=$folder
exec "$environment/bin/python" "$@"
