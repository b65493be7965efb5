# `make sample` sets up and builds the sample into out/; `make test` sets up and passes the tests.

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

# A file of tests stays in one process, which makes what its tests share once.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder

.PHONY: sample test coverage check lint generated pictures bench clean

sample: $(VENV)/ready
	$(BIN)/budgetgen build samples/xinjiang-2026-unit.xlsx -o out

test: $(VENV)/ready-dev
	$(BIN)/python $(COUNTED) -m pytest $(PARALLEL)

# As test, with its branches counted; fails where fewer than these per cent of lines and branches are taken. They are
# summed up by a second call: the first tells only its own process's once it is to fail under a number.
coverage: COUNTED := -m slipcover --json --out coverage.json
coverage: test
	$(BIN)/python -m slipcover --merge coverage.json coverage.json --out coverage.json --fail-under 95

check: lint test

lint: $(VENV)/ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# What is generated and committed: templates, samples, lists in docs/.
generated: $(VENV)/ready-dev
	$(BIN)/python tools/generate.py

# The pictures of docs/, of today's pages. Needs LibreOffice, poppler and Chromium.
pictures: $(VENV)/ready-dev
	$(BIN)/python tools/pictures.py
	$(BIN)/python -m pytest --screenshots -m browser tests/serve/test_browser.py tests/board/test_browser.py

# Ours beside the usual libraries, as ratios of one run: docs/benchmarks.md. A quarter of an hour, on a machine at rest.
bench: $(VENV)/ready-dev
	$(BIN)/python -m benchmarks.ratios --write docs/benchmarks.md

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	$(BIN)/python -c "open('$@', 'w').close()"

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -c "open('$@', 'w').close()"

clean:
	rm -rf $(VENV) out
