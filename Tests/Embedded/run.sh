#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The codec's sources, unchanged, as Embedded Swift: compiled for three processors, run on two,
# and compared with ordinary debug and release builds. Every build encodes, decodes and damages
# the same readings; all must write the same frames.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=.build-embedded
mkdir -p "$out"

tools=$(dirname "$(readlink -f "$(command -v swiftc)")")
mapfile -t codec < <(find Sources/AlecCodec -name '*.swift' | LC_ALL=C sort)
rehearsal=(Tests/Embedded/*.swift)

# What Package.swift asks for.
strict=(-swift-version 6 -parse-as-library -package-name alec_gateway -warnings-as-errors)
for feature in ExistentialAny InternalImportsByDefault MemberImportVisibility \
    InferIsolatedConformances NonisolatedNonsendingByDefault ImmutableWeakCaptures; do
    strict+=(-enable-upcoming-feature "$feature")
done
embedded=(-enable-experimental-feature Embedded -wmo -Osize -Xfrontend -function-sections)
arm=(-target armv7em-none-none-eabi -Xcc -mfloat-abi=soft)

# build NAME FLAGS...: the codec and the rehearsal as two modules, in $out/NAME.
build() {
    local to="$out/$1"
    shift
    mkdir -p "$to"
    swiftc "${strict[@]}" "$@" -wmo -strict-memory-safety -module-name AlecCodec "${codec[@]}" \
        -c -o "$to/codec.o" -emit-module -emit-module-path "$to/AlecCodec.swiftmodule"
    swiftc "${strict[@]}" "$@" -wmo -module-name Rehearsal -I "$to" "${rehearsal[@]}" \
        -c -o "$to/rehearsal.o"
}

hosted() { "$tools/clang" -O2 -Wall -Wextra -Werror "$@"; }
freestanding() {
    "$tools/clang" --target=armv7em-none-none-eabi -mcpu=cortex-m4 -mfloat-abi=soft \
        -ffreestanding -O2 -ffunction-sections -Wall -Wextra -Werror "$@"
}
own_heap=(malloc posix_memalign free)

echo "embedded: compiling for x86-64 (debug, release, embedded), Cortex-M4 and riscv32"
# The slow ones first, two at a time.
(build x86-64 "${embedded[@]}" -target x86_64-unknown-linux-gnu && build release -O) &
first=$!
(build cortex-m4 "${embedded[@]}" "${arm[@]}" && build debug -Onone) &
second=$!
wait "$first"
wait "$second"
# No simulator of the size of a sensor node runs this one here; it has to compile.
build riscv32 "${embedded[@]}" -target riscv32-none-none-eabi

hosted -c Tests/Embedded/hosted.c -o "$out/hosted.o"
for name in debug release; do
    swiftc "$out/$name/codec.o" "$out/$name/rehearsal.o" "$out/hosted.o" -o "$out/$name/run"
done
hosted -DOWN_HEAP "${own_heap[@]/#/-Wl,--wrap=}" Tests/Embedded/{hosted,heap}.c \
    "$out/x86-64/codec.o" "$out/x86-64/rehearsal.o" -Wl,--gc-sections -o "$out/x86-64/run"
for source in cortex-m4 heap; do
    freestanding -c "Tests/Embedded/$source.c" -o "$out/cortex-m4/$source.o"
done
# Doubles and 64-bit division are calls on this processor; gcc's library answers them.
runtime=$(arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -mfloat-abi=soft -print-libgcc-file-name)
"$tools/ld.lld" --gc-sections --entry=0 "${own_heap[@]/#/--wrap=}" \
    -T Tests/Embedded/cortex-m4.ld \
    "$out/cortex-m4/"{cortex-m4,heap,codec,rehearsal}.o "$runtime" -o "$out/cortex-m4/run.elf"

# play NAME COMMAND...: runs a build; its own account of memory does not count.
play() {
    local name=$1
    shift
    local status=0
    "$@" </dev/null >"$out/$name.txt" 2>&1 || status=$?
    grep '^memory: ' "$out/$name.txt" >"$out/$name.memory.txt" || true
    grep -v '^memory: ' "$out/$name.txt" >"$out/$name.frames.txt" || true
    printf 'embedded: %-10s %s\n' "$name" "$(tail -n 1 "$out/$name.frames.txt")"
    if ! cmp -s "$out/debug.frames.txt" "$out/$name.frames.txt"; then
        echo "embedded: $name differs from the debug build:" >&2
        diff "$out/debug.frames.txt" "$out/$name.frames.txt" | head -n 10 >&2 || true
        exit 1
    fi
    [ "$status" -eq 0 ] || {
        echo "embedded: $name ended with $status" >&2
        cat "$out/$name.memory.txt" >&2
        exit 1
    }
}

play debug "$out/debug/run"
play release "$out/release/run"
play x86-64 "$out/x86-64/run"
play cortex-m4 timeout 300 qemu-system-arm -M mps2-an386 -cpu cortex-m4 -nographic \
    -semihosting-config enable=on,target=native -kernel "$out/cortex-m4/run.elf"

echo "embedded: all four wrote the same frames; bytes on the Cortex-M4:"
cat "$out/cortex-m4.memory.txt"
arm-none-eabi-size "$out/cortex-m4/run.elf" |
    awk 'NR == 2 { print "memory: whole program, with soft floating point: code", $1, "data", $2 }'
