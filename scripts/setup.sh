#!/bin/sh
# Makes the virtual environment from the lock file. Usage: setup.sh VENV
set -eu
venv=$1
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Folkmoot needs Python 3.11 or newer; '$python' is older. Try: make PYTHON=/path/to/python3.11 …" >&2
  exit 1
}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv" || {
  echo "Could not make a virtual environment. On Debian: apt install python3-venv" >&2
  exit 1
}
echo "Setting up $venv (once; about a minute)…"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
"$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r requirements/dev.txt
"$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e .
touch "$venv/.ready"
