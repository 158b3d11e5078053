#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Mutable state at file scope in the library; must print nothing. usage: check-globals.sh LIB.a
set -eu

# the loop's thread-local pointer is the one exception: libre's callbacks carry no argument
allowed='current_loop'
found=$(objdump -t "$1" | awk '/ O \.(data|bss|tdata|tbss)/ && !/\.data\.rel\.ro/ {print $NF}' |
    grep -v -E "^($allowed|__odr_asan.*|\.L.*|__asan.*|\*\.L.*|\.?[A-Za-z_]*_loc[A-Za-z_]*|.*ubsan.*)$" || true)
if [ -n "$found" ]; then
    echo "mutable state at file scope:" >&2
    echo "$found" >&2
    exit 1
fi
