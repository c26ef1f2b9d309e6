#!/bin/sh
# Writes the lock files anew: exact versions with hashes, for every platform, naming no index.
set -eu
uv=.venv/bin/uv
opts="--quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate"
$uv pip compile $opts pyproject.toml -o requirements/run.txt
$uv pip compile $opts pyproject.toml --group dev -o requirements/dev.txt
$uv pip compile $opts pyproject.toml --group lab -o requirements/lab.txt
$uv pip compile $opts pyproject.toml --extra media -c requirements/run.txt -o requirements/media.txt
$uv pip compile $opts pyproject.toml --extra encoder -c requirements/run.txt -o requirements/encoder.txt
echo uv | $uv pip compile $opts - -c requirements/dev.txt -o requirements/uv.txt
