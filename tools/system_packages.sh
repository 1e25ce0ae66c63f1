#!/bin/sh
# What the tests need of the system beside Python and Node.js: for tests/browser Chromium, Firefox with a virtual screen, and the proxies nginx
# and Caddy; Tesseract with Thai for documents; and fonts, so that pictures of every language show letters. Installs what is missing on Debian
# and Ubuntu as root; elsewhere it says what is missing. Quick when all is there.
set -e

have() { command -v "$1" >/dev/null 2>&1; }
writes() { have fc-list && [ -n "$(fc-list ":lang=$1" family)" ]; }

missing=""
have chromium || have chromium-browser || have google-chrome || missing="$missing chromium"
have firefox-esr || have firefox || missing="$missing firefox-esr"
have Xvfb || missing="$missing xvfb"
proxies=""
have nginx || [ -x /usr/sbin/nginx ] || proxies="$proxies nginx"
have caddy || proxies="$proxies caddy"
missing="$missing$proxies"
{ have tesseract && tesseract --list-langs 2>/dev/null | grep -qx tha; } || missing="$missing tesseract-ocr tesseract-ocr-tha"
have fc-list || missing="$missing fontconfig"
{ writes ja && writes ko && writes zh-tw; } || missing="$missing fonts-noto-cjk"
{ writes th && writes ar; } || missing="$missing fonts-noto-core"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && have apt-get; then
    echo "installing$missing"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    # The tests start proxies of their own; the packages' services would only take ports 80 and 443 of this machine.
    [ -z "$proxies" ] || ! [ -d /run/systemd/system ] || systemctl disable --quiet --now $proxies || true
    exit 0
fi
echo "The tests need packages that are not installed:$missing" >&2
echo "On Debian or Ubuntu: sudo apt-get install$missing" >&2
[ -z "$CI" ] || exit 1
echo "Tests that need them are skipped." >&2
