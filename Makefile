# The two commands of the README: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do command -v $$p >/dev/null && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Depesche needs Python 3.11 or newer with venv (Debian: apt install python3-venv)."; exit 2; }
	@echo "Making the environment in .venv from requirements.lock …"
	@if command -v uv >/dev/null; then \
	  uv venv -q --allow-existing --python $(PYTHON) .venv && \
	  uv pip install -q --python $(BIN)/python --require-hashes --no-deps -r requirements.lock && \
	  uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  $(PYTHON) -m venv .venv && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements.lock && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

setup: $(READY)  ## make the environment in .venv

demo: $(READY)  ## a whole monitoring cycle on this machine, without internet
	@$(BIN)/depesche demo

test: $(READY)  ## run the tests
	@$(BIN)/ruff check -q . && $(BIN)/ruff format -q --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > .import-contracts.log || { cat .import-contracts.log; exit 1; }
	@rm -f .import-contracts.log
	@$(BIN)/pytest

run: $(READY)  ## monitor the live feeds on the schedule
	@$(BIN)/depesche run

lock: $(READY)  ## refresh requirements.lock (needs uv)
	@{ echo "# The locked environment: exact versions and hashes, no host. Made by 'make lock'; never edit by hand."; \
	  uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --group dev pyproject.toml; } > requirements.lock.new
	@mv requirements.lock.new requirements.lock

.PHONY: help setup demo test run lock
