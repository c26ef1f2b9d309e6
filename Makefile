# Every target sets up what it needs. ARGS passes options on: make demo ARGS=--once
PYTHON ?= python3
ARGS ?=
WHAT ?= judge
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint bench peers fuzz train evaluate lock clean help

help:
	@echo "make demo   a real group on a real homeserver, judged live (ARGS=--once to stop after the scene)"
	@echo "make test   lint and every test"
	@echo "make lint   ruff, mypy, import-linter"
	@echo "make bench  measure, and write docs/benchmarks.md and docs/evasion.md (make peers installs what it compares with)"
	@echo "make fuzz   look for messages that break the judge; WHAT=events for what reads events and pictures"
	@echo "            (ARGS=-max_total_time=600 for ten minutes)"
	@echo "make train  learn the small models anew from ../shared/data and lab/rows (ARGS=\"--data FOLDER\")"
	@echo "make evaluate  measure the small models, and write their card"

$(READY): requirements/dev.txt pyproject.toml scripts/hatch_build.py $(wildcard src/folkmoot/*/*.[ch])
	@PYTHON="$(PYTHON)" sh scripts/setup.sh $(VENV)

demo: $(READY)
	$(BIN)/folkmoot demo $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	@sh scripts/chromium.sh
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

bench: $(READY)
	$(BIN)/python -m bench $(ARGS)

LAB := $(VENV)-lab
$(LAB)/.ready: $(READY) requirements/lab.txt
	$(PYTHON) -m venv $(LAB)
	$(BIN)/uv pip install --quiet --python $(LAB)/bin/python --require-hashes -r requirements/lab.txt
	@touch $@

train evaluate: $(LAB)/.ready
	PYTHONPATH=src $(LAB)/bin/python -W ignore -m lab.$@ $(ARGS)

fuzz: $(READY)
	@$(BIN)/python -c "import atheris" 2>/dev/null || $(BIN)/uv pip install -q --python $(BIN)/python "atheris>=3.0,<4"
	$(BIN)/python -m tests.fuzz.fuzz_$(WHAT) $(ARGS)

peers:
	@PYTHON="$(PYTHON)" sh scripts/bench_peers.sh

lock: $(READY)
	sh scripts/lock.sh

clean:
	rm -rf $(VENV) $(VENV)-lab .demo .cache .mypy_cache .ruff_cache
