#!/bin/sh
# Installs the peers that `make bench` compares with into .cache/bench; one that can't be had is left out.
set -u
cd "$(dirname "$0")/.."
home=.cache/bench
mkdir -p "$home"
[ -x "$home/venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$home/venv"
for package in better-profanity==0.7.0 alt-profanity-check==1.9.1; do
  "$home/venv/bin/python" -m pip install -q --disable-pip-version-check "$package" || echo "left out: $package"
done
if command -v npm >/dev/null; then
  # Together: each npm install removes what the one before it brought.
  npm install --silent --no-audit --no-fund --no-save --ignore-scripts --prefix "$home" \
    obscenity@0.4.6 bad-words@4.1.5 || echo "left out: obscenity, bad-words"
fi
# rspamd is unpacked, not installed: nothing starts by itself, and nothing is left in the system.
if command -v apt-get >/dev/null && [ ! -x "$home/rspamd/usr/bin/rspamd" ]; then
  mkdir -p "$home/debs" "$home/rspamd"
  (cd "$home/debs" && apt-get -q download rspamd libhyperscan5 libluajit-5.1-2 libglib2.0-0 >/dev/null 2>&1)
  for file in "$home"/debs/*.deb; do dpkg-deb -x "$file" "$home/rspamd"; done
fi
[ -x "$home/rspamd/usr/bin/rspamd" ] || echo "left out: rspamd"
