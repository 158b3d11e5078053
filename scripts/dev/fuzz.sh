#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Fuzzes one parser or all in turn, from the seeds in tests/fuzz/corpus.
# usage: scripts/dev/fuzz.sh [TARGET|all] [SECONDS]   e.g. scripts/dev/fuzz.sh profile 600
set -eu

cd "$(dirname "$0")/../.."
scripts/setup.sh --test
cmake --preset fuzz >/dev/null

target=${1:-all}
seconds=${2:-60}
[ "$target" != all ] || target=$(for f in tests/fuzz/fuzz_*.c; do basename "$f" .c | sed s/fuzz_//; done)
work=build/fuzz/work
for parser in $target; do
    cmake --build --preset fuzz --target "fuzz_$parser" >/dev/null
    program=build/fuzz/tests/fuzz_$parser
    [ -x "$program" ] || {
        echo "fuzz: there is no target $parser; see tests/fuzz" >&2
        exit 2
    }
    # what is found stays in the build folder; a crash is worth a seed and a unit test
    mkdir -p "$work/$parser"
    cp -n tests/fuzz/corpus/"$parser"/* "$work/$parser"/
    echo "== $parser"
    setarch -R "$program" -max_total_time="$seconds" -max_len=4096 -timeout=10 -print_final_stats=1 \
        -artifact_prefix="$work/$parser-" "$work/$parser" 2>&1 | grep -E 'SUMMARY|ERROR|stat::number|Done' || true
    ! ls "$work/$parser"-* >/dev/null 2>&1 || {
        echo "fuzz: $parser fell over: $(ls "$work/$parser"-*)" >&2
        exit 1
    }
done
