# Thin on purpose: every target is what a person would type. Setting up is quick the second time.
#   make run PYTHON=/path/to/python3.12 ARGS="--port 9000"
PYTHON ?=
ARGS ?=
BIN := .venv/bin
SETUP := python="$$(tools/python.sh "$(PYTHON)")" && "$$python" tools/setup.py

.PHONY: setup setup-dev web run test test-setup lint bench clean

setup:
	@$(SETUP)

# What tests and linters need, on top of what running needs.
setup-dev:
	@$(SETUP) --dev

web: setup

run: setup
	@exec $(BIN)/openekyc serve $(ARGS)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	tools/system_packages.sh
	$(BIN)/openekyc simulate-cards --fetch --kinds HK --out build/cards
	$(BIN)/python tools/build_web.py --test
	$(BIN)/python -m pip check
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report --skip-covered --sort=cover

# A clone, without Node.js on PATH, from nothing to a first simulated pass. It needs the package registries, so it is no part of `test`.
test-setup:
	@python="$$(tools/python.sh "$(PYTHON)")" && "$$python" tools/setup_check.py

bench: setup
	$(BIN)/python benchmarks/tokens.py
	$(BIN)/python benchmarks/memory.py

clean:
	rm -rf web/node_modules web/build src/openekyc/web .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	rm -rf build/node build/cache build/setup.*
