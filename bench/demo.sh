#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make demo`: a day of 20 sensors, encoded, compared in size, restored and compared bit by bit.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=.build/demo
alec=.build/release/alec
mkdir -p "$folder"

echo "Building alec (the first time takes some minutes) ..."
swift build -c release --product alec --quiet ${SWIFT_FLAGS:-}

echo "Making a day of 20 sensors, read every ten seconds: $folder/day.csv"
bench/generate-day.sh > "$folder/day.csv"

echo "Encoding, decoding, and compressing with gzip and zstd for comparison ..."
"$alec" encode --stats "$folder/day.csv" > "$folder/day.alec" 2> "$folder/stats.json"
"$alec" decode --format csv-wide "$folder/day.alec" > "$folder/restored.csv"
"$alec" decode --format jsonl "$folder/day.alec" > "$folder/day.jsonl"
for form in csv jsonl; do
    gzip -9 -c "$folder/day.$form" > "$folder/day.$form.gz"
    zstd -19 -q -f "$folder/day.$form" -o "$folder/day.$form.zst"
done

size() { stat -c %s "$folder/$1"; }
# A number of the JSON object that `alec encode --stats` left.
stat_of() { sed "s/.*\"$1\":\([0-9.]*\).*/\1/" "$folder/stats.json"; }
readings=$(stat_of readings)
encoded=$(size day.alec)

row() {
    awk -v name="$1" -v bytes="$2" -v readings="$readings" -v encoded="$encoded" 'BEGIN {
        printf "  %-22s %12d %14.3f %13.1f\n", name, bytes, bytes / readings, bytes / encoded
    }'
}

echo
echo "  $readings readings            bytes    per reading    times .alec"
echo "  --------------------------------------------------------------"
row "JSON lines" "$(size day.jsonl)"
row "JSON lines, gzip -9" "$(size day.jsonl.gz)"
row "JSON lines, zstd -19" "$(size day.jsonl.zst)"
row "CSV" "$(size day.csv)"
row "CSV, gzip -9" "$(size day.csv.gz)"
row "CSV, zstd -19" "$(size day.csv.zst)"
row ".alec" "$encoded"
echo
echo "  The .alec is $(stat_of frames) frames that travel one by one, as they come; gzip and zstd had the"
echo "  whole day at once. Encoding took $(stat_of ns_per_reading) ns per reading."
echo

if cmp -s "$folder/day.csv" "$folder/restored.csv"; then
    echo "  Restored: every time and every value, to the last bit (cmp finds no difference)."
else
    echo "  NOT restored: $folder/restored.csv differs from $folder/day.csv." >&2
    exit 1
fi

cat <<TEXT

Try next:
  $alec inspect $folder/day.alec | less
  head -100 $folder/day.csv | $alec encode --frame 1 --stats > /dev/null
  $alec classify --explain --limit cold1.temp=2..5 $folder/day.csv | grep ,P1,
TEXT
