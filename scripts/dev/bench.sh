#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# CPU per registration beside SIPp, a provisioning storm beside wrk and OpenSSL, memory per phone, what a
# screen costs to paint, and a wall of 200. usage: scripts/dev/bench.sh [COUNT…]
set -eu

cd "$(dirname "$0")/../.."
scripts/setup.sh --test
cmake --preset release -B build/bench -DBUILD_TESTING=ON >/dev/null
cmake --build build/bench --target spafarm bench_floor bench_handshakes bench_paint >/dev/null
python3 tests/bench/registrations.py build/bench "$@"
python3 tests/bench/memory.py build/bench
build/bench/tests/bench_paint
python3 tests/bench/wall.py build/bench
python3 tests/bench/provision.py build/bench
