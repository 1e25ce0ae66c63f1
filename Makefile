# Thin on purpose: every target is what a person would type. Setting up is quick the second time.
#   make run PYTHON=/path/to/python3.12 ARGS="--port 9000"
PYTHON ?=
ARGS ?=
BIN := .venv/bin
SETUP := python="$$(tools/python.sh "$(PYTHON)")" && "$$python" tools/setup.py

.PHONY: setup setup-dev web docs run test test-setup lint audit bench clean

setup:
	@$(SETUP)

# What tests and linters need, on top of what running needs.
setup-dev:
	@$(SETUP) --dev

web: setup

# The documentation that the server shows under /docs. Running a server does not need it.
docs: setup
	@$(BIN)/python -c "import mkdocs, pymdownx" 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[docs]"
	$(BIN)/python tools/build_docs.py

run: setup
	@exec $(BIN)/openekyc serve $(ARGS)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive src
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

# A clone, without Node.js on PATH, from nothing to a first simulated pass. It needs the package registries, so it is no part of `test`.
test-setup:
	@python="$$(tools/python.sh "$(PYTHON)")" && "$$python" tools/setup_check.py

# Known vulnerabilities of every pinned package. It asks the registries, so it is no part of `test`. A package that they know nothing of fails
# it too, since nothing was then checked.
audit: setup
	$(BIN)/python -m venv build/audit
	build/audit/bin/python -m pip install --quiet --disable-pip-version-check "pip-audit>=2.9"
	build/audit/bin/pip-audit --strict --no-deps --disable-pip --progress-spinner off --requirement constraints.txt
	$(BIN)/python tools/build_web.py --audit

bench: setup
	$(BIN)/python benchmarks/tokens.py
	$(BIN)/python benchmarks/memory.py

clean:
	rm -rf web/node_modules web/build src/openekyc/web src/openekyc/site .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	rm -rf build/node build/cache build/setup.*
