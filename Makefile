# `make demo` and `make test` are the whole quick start: they need Python 3.11+, pip and make, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
SAMPLE := indexes/sample-*
# Processes that run the tests; what uses a whole cluster stays together in one of them.
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench prove clean

help: ## What can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/.base: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "factcheck needs Python 3.11 or newer; say which with: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing factcheck (no torch) ..."
	@$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.base
	@echo "installing the extras and the development tools ..."
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(VENV)/.base ## Install the base, build the embedded sample, check and correct six drafts
	@$(BIN)/factcheck demo

test: $(VENV)/.dev ## Install everything and run the tests
	@$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadgroup

lint: $(VENV)/.dev ## Style, docstrings and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/.dev ## Speed, as ratios against what a user would otherwise run
	@for script in scripts/bench_*.py; do echo "== $$script"; $(BIN)/python $$script --small || exit 1; done

prove: $(VENV)/.dev ## What the tests prove in small, in full; goes on where it stopped, and writes docs/proofs.md
	@$(BIN)/python scripts/prove.py

clean: ## Remove what was built, keep the environment
	@rm -rf $(SAMPLE) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
