#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Formats the C files that differ from main (or from the commit named), as .clang-format says.
# usage: scripts/dev/format.sh [COMMIT]
set -eu

cd "$(dirname "$0")/../.."
command -v clang-format >/dev/null || {
    echo "format: clang-format is missing (Debian package clang-format)" >&2
    exit 1
}
{
    git diff --name-only --diff-filter=d "${1:-main}" -- '*.c' '*.h'
    git ls-files --others --exclude-standard -- '*.c' '*.h'
} | sort -u | xargs -r clang-format -i
