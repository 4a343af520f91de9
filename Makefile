# `make run` starts Hubbub and `make test` proves it; each installs what it needs first, into this folder.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
JS_TESTS = $(sort $(wildcard tests/js/*.test.js tests/js/*/*.test.js tests/contract/*.test.js))
# Tests wait for much of their time, so there is one worker more than processors. With two more they are no faster.
WORKERS = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
PYTEST = pytest --quiet --numprocesses $(WORKERS) --dist worksteal
PYTHON_TESTS = $(PYTEST) tests --ignore=tests/e2e
ARGS ?=

export VENV
# Python keeps what it has compiled, also where the surroundings say otherwise: the tests start it hundreds of times.
export PYTHONDONTWRITEBYTECODE =

# One thing after another, but for what `together` names; with an old make, that too.
ifndef TOGETHER
.NOTPARALLEL:
endif
together = @$(MAKE) --no-print-directory TOGETHER=yes -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

headline = @printf '\n\033[1m== %s ==\033[0m\n' "$(1)"

.DEFAULT_GOAL := help
.PHONY: help run build test check sources format generate translations update screenshots wheel clean programs \
	lint-format lint types contracts generated python javascript browser bench coverage faults

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## start the server; what is missing is installed first
	@exec $(BIN)/hubbub run $(ARGS)

build: $(VENV)/.ready static/vendor/icons.svg ## install everything that the server needs

# The system's packages are installed meanwhile; what is proved without them does not wait.
test: ## prove everything
	$(together) programs sources
	@$(MAKE) --no-print-directory python browser
	@printf '\nEverything passed.\n'

check: sources python ## prove all but the pages in a browser

# What takes one processor each, and starts no server. First what all of it needs, one after the other.
sources:
	@$(MAKE) --no-print-directory TOGETHER= $(VENV)/.ready-dev node_modules/.ready-dev build
	$(together) types lint-format lint contracts generated javascript

# What is installed. Each stamp is newer than what it was made from, so a second run does nothing.

$(BIN)/python:
	@tools/venv $(VENV)

$(VENV)/.ready: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Python packages"
	@$(PIP) hatchling editables
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@echo "Installing Python packages for the tests"
	@$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@

node_modules/.ready: package.json package-lock.json | $(VENV)/.ready
	@echo "Installing npm packages"
	@tools/node npm ci --silent --omit=dev
	@touch $@

# `npm ci` empties the folder, so the first stamp is renewed with the second.
node_modules/.ready-dev: package.json package-lock.json | $(VENV)/.ready-dev
	@echo "Installing npm packages for the tests"
	@tools/node npm ci --silent
	@touch node_modules/.ready $@

static/vendor/icons.svg: node_modules/.ready static/icons.txt tools/vendor.mjs
	@tools/node node tools/vendor.mjs

programs:
	$(call headline,Programs for the tests)
	@tools/provision

# The steps of the tests.

lint-format:
	$(call headline,Format)
	@$(BIN)/ruff format --check .

lint:
	$(call headline,Lint)
	@$(BIN)/ruff check .

types:
	$(call headline,Types)
	@$(BIN)/mypy --no-error-summary && echo "No errors"

contracts:
	$(call headline,Who imports whom)
	@$(BIN)/lint-imports --no-logo

generated:
	$(call headline,Generated files)
	@$(BIN)/python -m tools.generate --check && echo "Current"

python:
	$(call headline,Python tests)
	@$(BIN)/python -m tools.services $(BIN)/python -m $(PYTHON_TESTS)

javascript:
	$(call headline,JavaScript tests)
	@tools/node node --test --test-reporter=spec $(JS_TESTS)

browser:
	$(call headline,Browser tests)
	@$(BIN)/$(PYTEST) tests/e2e

# Chores.

format: $(VENV)/.ready-dev ## format the Python files and mend what ruff can mend
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

bench: node_modules/.ready-dev build ## measure this server beside others, for an hour; bench/README.md says how to measure less
	@$(BIN)/python -m bench $(ARGS)

coverage: $(VENV)/.ready-dev node_modules/.ready-dev programs build ## say which lines of the service no Python test reaches
	@$(BIN)/coverage erase
	@$(BIN)/python -m tools.services $(BIN)/coverage run -m $(PYTHON_TESTS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

faults: $(VENV)/.ready-dev node_modules/.ready-dev programs build ## break things on purpose, for longer than the tests do
	@HUBBUB_FAULTS=long $(BIN)/python -m tools.services $(BIN)/pytest tests/faults --verbose --capture=no $(ARGS)

generate: $(VENV)/.ready ## write the files made from the settings and the events
	@$(BIN)/python -m tools.generate

translations: $(VENV)/.ready ## bring new texts of the pages into the catalogues
	@$(BIN)/python -m tools.translations

update: $(VENV)/.ready-dev ## move to the newest packages that pyproject.toml and package.json allow
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --upgrade-strategy eager \
		--no-build-isolation --editable '.[dev]'
	@$(BIN)/python -m tools.pin
	@tools/node npm update --silent

screenshots: $(VENV)/.ready-dev node_modules/.ready-dev build ## take the pictures of the README
	@$(BIN)/python -m tools.screenshots

wheel: $(VENV)/.ready-dev build ## build the package that `pip install` takes
	@$(BIN)/hatchling build

clean: ## remove what was installed and built, but no data
	rm -rf $(VENV) node_modules static/vendor build dist coverage .coverage .coverage.* test-results
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find chat tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
