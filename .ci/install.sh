#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what `make install` has built, or takes it away again: install.sh install|uninstall.
# PREFIX is where the program goes, DESTDIR a root to put in front, for packages.
set -euo pipefail
cd "$(dirname "$0")/.."

action=$1
destdir=${DESTDIR:-}
prefix=${PREFIX:-/usr/local}
unit_dir=${UNIT_DIR:-/etc/systemd/system}
units=(alec-gateway.service alec-receiver.service)

# Tells systemd of changed units; in a staged root or a container there is none.
reload() {
    if [ -z "$destdir" ] && [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
}

case $action in
install)
    install -D -m 755 "$2" "$destdir$prefix/bin/alec"
    strip -s "$destdir$prefix/bin/alec"
    for unit in "${units[@]}"; do
        install -d "$destdir$unit_dir"
        sed "s|/usr/local/bin/alec|$prefix/bin/alec|" "systemd/$unit" >"$destdir$unit_dir/$unit"
        chmod 644 "$destdir$unit_dir/$unit"
    done
    for file in gateway.toml receiver.toml; do
        install -D -m 644 "config/$file" "$destdir/etc/alec/$file.new"
        if [ -e "$destdir/etc/alec/$file" ]; then
            # Someone's settings; the new sample lies beside them if it differs.
            cmp -s "$destdir/etc/alec/$file" "$destdir/etc/alec/$file.new" &&
                rm "$destdir/etc/alec/$file.new"
            echo "kept $destdir/etc/alec/$file"
        else
            mv "$destdir/etc/alec/$file.new" "$destdir/etc/alec/$file"
        fi
    done
    reload
    echo "installed $destdir$prefix/bin/alec, its units and settings"
    echo "next: edit /etc/alec/gateway.toml, alec check, systemctl enable --now alec-gateway"
    ;;
uninstall)
    if [ -z "$destdir" ] && [ -d /run/systemd/system ]; then
        systemctl disable --now "${units[@]}" || true
    fi
    rm -f "$destdir$prefix/bin/alec"
    for unit in "${units[@]}"; do rm -f "$destdir$unit_dir/$unit"; done
    reload
    echo "kept $destdir/etc/alec and $destdir/var/lib/alec*: settings, and readings not delivered"
    ;;
*)
    echo "install.sh: install or uninstall, not $action" >&2
    exit 64
    ;;
esac
