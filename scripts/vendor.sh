#!/bin/sh
# Fetches the vendored files of the console anew and compares them with the hashes that are written down.
# Usage: vendor.sh            compare only
#        vendor.sh --replace  put the fetched files in place (then update the VENDORED.md beside them)
set -eu
cd "$(dirname "$0")/.."
mode=${1:-compare}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

take() { # package version file-in-package destination
  folder="$work/$1-$2"
  if [ ! -d "$folder" ]; then
    mkdir -p "$folder"
    (cd "$folder" && npm pack --silent "$1@$2" >/dev/null && tar xzf ./*.tgz --strip-components=1)
  fi
  if [ "$mode" = "--replace" ]; then
    cp "$folder/$3" "$4"
  elif ! cmp -s "$folder/$3" "$4"; then
    echo "$4 differs from $3 of $1 $2. To put the published file in place: sh scripts/vendor.sh --replace" >&2
    exit 1
  fi
  (cd "$(dirname "$4")" && sha256sum "$(basename "$4")")
}

web=src/folkmoot/web/static/vendored
take htmx.org 4.0.1 dist/htmx.min.js $web/htmx.min.js
take htmx.org 4.0.1 dist/ext/hx-sse.min.js $web/hx-sse.min.js
take htmx.org 4.0.1 dist/ext/hx-csp.min.js $web/hx-csp.min.js
take htmx.org 4.0.1 LICENSE $web/LICENSE.htmx
tests=tests/console/vendored
take axe-core 4.14.1 axe.min.js $tests/axe.min.js
take axe-core 4.14.1 LICENSE $tests/LICENSE.axe-core
take axe-core 4.14.1 LICENSE-3RD-PARTY.txt $tests/LICENSE-3RD-PARTY.axe-core.txt
