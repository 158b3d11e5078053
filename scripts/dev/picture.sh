#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Draws the README's pictures anew: the program itself draws its phones, the golden scenes make the
# sheet of screens, and a window on a virtual display shows a call. Look at them before you commit.
set -eu

cd "$(dirname "$0")/../.."
scripts/farm models SPA303 SPA504G SPA525G2 6851 7960 --png devices/faces/phones.png
cmake --preset debug >/dev/null
cmake --build build/debug --target sheet >/dev/null
build/debug/tests/sheet tests/golden devices/faces/screens.png
cmake --build build/debug --target spafarm >/dev/null
SPAFARM=build/debug/spafarm PYTHONPATH=tests/proto python3 tests/proto/sdl/picture.py ui/sdl/window.png
