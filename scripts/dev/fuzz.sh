#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Fuzzes one parser or all in turn, from the seeds in tests/fuzz/corpus; with --coverage it tells
# instead which lines of which files the seeds, and what earlier runs added to them, reach.
# usage: scripts/dev/fuzz.sh [--coverage] [TARGET|all] [SECONDS]   e.g. scripts/dev/fuzz.sh profile 600
set -eu

cd "$(dirname "$0")/../.."
scripts/setup.sh --test
coverage=
[ "${1-}" != --coverage ] || { coverage=yes && shift; }
build=build/fuzz${coverage:+-coverage}
cmake --preset fuzz -B "$build" ${coverage:+"-DCMAKE_C_FLAGS=-fprofile-instr-generate -fcoverage-mapping"} >/dev/null

target=${1:-all}
seconds=${2:-60}
[ "$target" != all ] || target=$(for f in tests/fuzz/fuzz_*.c; do basename "$f" .c | sed s/fuzz_//; done)
work=build/fuzz/work

# Lines of each file that the corpus reaches at all, with how many of them and their share.
show_coverage() {
    LLVM_PROFILE_FILE="$build/$1.raw" setarch -R "$2" -runs=0 "$work/$1" >"$build/$1.log" 2>&1 || {
        tail -20 "$build/$1.log" >&2
        exit 1
    }
    llvm-profdata merge "$build/$1.raw" -o "$build/$1.prof"
    llvm-cov report "$2" "-instr-profile=$build/$1.prof" sim devices |
        awk '$8 ~ /^[0-9]+$/ && $9 < $8 && $1 != "TOTAL" { printf "%7s %5d of %5d  %s\n", $10, $8 - $9, $8, $1 }'
}

for parser in $target; do
    cmake --build "$build" --target "fuzz_$parser" >/dev/null
    program=$build/tests/fuzz_$parser
    [ -x "$program" ] || {
        echo "fuzz: there is no target $parser; see tests/fuzz" >&2
        exit 2
    }
    # what is found stays in the build folder; a crash is worth a seed and a unit test
    mkdir -p "$work/$parser"
    cp -n tests/fuzz/corpus/"$parser"/* "$work/$parser"/
    echo "== $parser"
    [ -z "$coverage" ] || {
        show_coverage "$parser" "$program"
        continue
    }
    setarch -R "$program" -max_total_time="$seconds" -max_len=4096 -timeout=10 -print_final_stats=1 \
        -artifact_prefix="$work/$parser-" "$work/$parser" 2>&1 | grep -E 'SUMMARY|ERROR|stat::number|Done' || true
    ! ls "$work/$parser"-* >/dev/null 2>&1 || {
        echo "fuzz: $parser fell over: $(ls "$work/$parser"-*)" >&2
        exit 1
    }
done
