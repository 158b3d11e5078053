#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Draws the README's picture anew: the program itself draws its phones. Look at it before you commit.
set -eu

cd "$(dirname "$0")/../.."
scripts/farm models SPA303 SPA504G SPA525G2 6851 7960 --png devices/faces/phones.png
