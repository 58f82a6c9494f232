#!/bin/sh
# Sees to it that the page's tests find a browser: Debian's chromium, where there is none and we may install it.
#
# Without one the tests of the page are skipped and say so; in CI that would hide them, so there it is an error.

set -eu

found() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

install_chromium() {
    command -v apt-get || return 1
    if [ "$(id -u)" = 0 ]; then sudo=; else sudo='sudo -n'; fi
    $sudo true || return 1
    echo "Installing Chromium for the tests of the page ..." >&3
    $sudo env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get update && apt-get install -y --no-install-recommends chromium fonts-liberation'
}

if found >/dev/null; then exit 0; fi
if install_chromium 3>&2 >/dev/null 2>&1 && found >/dev/null; then exit 0; fi
echo "setup: no browser, so the page's tests are skipped: install Chromium (Debian: sudo apt-get install chromium)." >&2
[ -z "${CI:-}" ]
