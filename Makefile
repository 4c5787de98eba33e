# Every task of the project. `make help` lists them.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --constraint constraints.txt
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test test-postgresql quick check format serve bench openapi evaluate browser screenshots clean

help:  ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime  ## enrol invented brands, check listings, print decisions and reasons
	$(BIN)/mizugiwa demo

serve: $(VENV)/.runtime  ## serve the API on http://127.0.0.1:8000 (docs at /docs)
	$(BIN)/mizugiwa serve

bench: $(VENV)/.runtime  ## measure encoder, decoding, search and whole checks on this machine
	$(BIN)/mizugiwa bench all

test: $(VENV)/.dev  ## run every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
	$(BIN)/python -m pytest --nbmake notebooks --override-ini filterwarnings=default

test-postgresql: $(VENV)/.dev  ## run the tests of the service on a real PostgreSQL, which they start
	MIZUGIWA_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests/service

quick: $(VENV)/.dev  ## run the tests that take seconds
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not long"

check: $(VENV)/.dev  ## lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev  ## put the code into its standard form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

browser: tests/browser/node_modules/axe-core  ## fetch axe-core for the browser tests (needs npm)

tests/browser/node_modules/axe-core: tests/browser/package-lock.json
	npm --prefix tests/browser ci --no-audit --no-fund
	@touch $@

screenshots: $(VENV)/.dev  ## photograph every page with the demo's data behind it, into docs/pages (needs Chromium)
	$(BIN)/mizugiwa demo
	$(BIN)/python -m tests.browser.screenshots demo docs/pages

openapi: $(VENV)/.runtime  ## write the OpenAPI document anew
	$(BIN)/mizugiwa openapi --output service/openapi.json

clean:  ## remove the environment and what the demo left
	rm -rf $(VENV) .mizugiwa demo

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "installing into $(VENV) (a minute or a few, once)"
	$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(PIP) --editable '.[dev]'
	@touch $@
