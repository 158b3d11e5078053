#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Installs what building and running need; with --test also what the tests need, peers included.
# The one list of Debian packages (12 and 13). Does nothing when everything is there.
set -eu

build="gcc libc6-dev cmake ninja-build pkg-config libre-dev libuv1-dev libcurl4-openssl-dev
    libxml2-dev libssl-dev libjansson-dev liblua5.4-dev libwebsockets-dev zlib1g-dev
    libspandsp-dev libfreetype-dev libpng-dev libjpeg62-turbo-dev libsdl2-dev xfonts-base
    fonts-dejavu-core ca-certificates"
test="clang llvm libcmocka-dev kamailio kamailio-tls-modules kamailio-json-modules
    kamailio-extra-modules sip-tester nginx-light tftpd-hpa dnsmasq-base tshark curl openssl python3 libxml2-utils
    coturn baresip-core xvfb xauth xdotool iproute2 chromium chromium-driver python3-selenium wrk"

case "${1-}" in
"") wanted=$build ;;
--test) wanted="$build $test" ;;
*)
    echo "usage: scripts/setup.sh [--test]" >&2
    exit 2
    ;;
esac

missing=""
for package in $wanted; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
# clang needs its sanitizer runtime, whose package carries the version in its name
case " $wanted " in *" clang "*)
    ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a /usr/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a \
        >/dev/null 2>&1 || missing="$missing clang-runtime" ;;
esac
[ -n "$missing" ] || exit 0

echo "installing:$missing" >&2
sudo=""
[ "$(id -u)" = 0 ] || sudo=sudo
# Servers installed for the tests must not start by themselves: the tests start their own.
policy=/usr/sbin/policy-rc.d
if [ "$wanted" != "$build" ] && [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
    $sudo chmod 755 $policy
    trap '$sudo rm -f $policy' EXIT
fi
$sudo apt-get update -qq
case "$missing" in *clang-runtime*)
    missing=$(echo "$missing" | sed 's/clang-runtime//')
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends clang >&2
    version=$(clang -dumpversion | cut -d. -f1)
    missing="$missing libclang-rt-$version-dev" ;;
esac
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
