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
command -v rspamd >/dev/null || echo "left out: rspamd (apt-get install rspamd)"
