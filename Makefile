# Everything that a fresh machine needs, step by step. A step leaves a stamp in the folder that it filled, so a second
# run does nothing, and a change of what it was made from runs it again.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOT_PARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
LOCK := requirements.lock
# More arguments for pytest or the benchmark: make test ARGS="tests/domain -x"
ARGS :=
# Processes of `make test`: one for each core, but not more than four. Browser and server have processes of their own.
WORKERS = $(shell cores=$$(getconf _NPROCESSORS_ONLN); echo $$((cores < 4 ? cores : 4)))
# How much data `make bench` makes: 1 is 12 million rows.
SCALE := 1
# Where `make install` puts the server.
PREFIX := /opt/depictio
# A language that `make strings` starts.
NEW :=

PACKAGES := $(VENV)/.packages
PROJECT := $(VENV)/.project
NODE_PACKAGES := node_modules/.installed
ASSETS := build/assets

.PHONY: help setup demo test screenshots strings bench check format npm assets install lock chromium clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s  %s\n", $$1, $$2 }' Makefile

setup: $(NODE_PACKAGES) $(PACKAGES) $(ASSETS) $(PROJECT) ## Prepare the environment: Python packages, browser assets, the command `depictio`

demo: setup ## Start a server with the example projects
	$(VENV)/bin/depictio demo

# The tests start hundreds of processes: where the environment forbids to keep bytecode, each would compile us anew.
test: export PYTHONDONTWRITEBYTECODE :=
test: setup chromium ## Run all tests, in up to four processes; ARGS="…" goes to pytest
	TEST_CHROMIUM=$(CHROMIUM) $(VENV)/bin/python -m pytest --numprocesses=$(WORKERS) --dist=loadfile $(ARGS)

screenshots: setup chromium ## Take the pictures of README and docs anew
	TEST_CHROMIUM=$(CHROMIUM) $(VENV)/bin/python -m pytest tests/browser/test_screenshots.py tests/browser/test_tour.py
	mkdir -p docs/images
	cp build/screenshots/*.png docs/images/

strings: setup ## Gather what people read for translators, and compile their catalogues; NEW=de starts a language
	$(VENV)/bin/python -m web.strings $(NEW)

bench: setup chromium ## Measure how long people wait; SCALE=0.01 is the quick one, ARGS="…" goes to the benchmark
	TEST_CHROMIUM=$(CHROMIUM) $(VENV)/bin/python -m benchmarks.bench --scale $(SCALE) $(ARGS)

check: setup ## Run the linters, the type checker and the import contracts
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint web/templates --lint --quiet

format: setup ## Format the Python code and mend what the linter can mend
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .

install: ## Install the server alone, without test tools, into PREFIX
	@$(MAKE) assets VENV=$(PREFIX) LOCK=requirements-server.lock
	$(PREFIX)/bin/pip install --quiet --no-deps --no-build-isolation --force-reinstall .

npm: $(NODE_PACKAGES) ## Fetch the browser packages that package.json names

assets: $(ASSETS) ## Put the browser assets where the server delivers them

lock: build/uv/bin/uv ## Resolve the Python packages anew and write both lock files
	@$(resolve) --group dev --output-file requirements.lock
	@$(resolve) --group build --constraint requirements.lock --output-file requirements-server.lock

chromium:
	@$(if $(CHROMIUM),:,$(install_chromium))

clean: ## Remove what was built; the data directory stays
	rm -rf build dist web/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -not -path './node_modules/*' -prune -exec rm -rf {} +

# --clear: a package that left the lock file leaves the environment too.
$(PACKAGES): $(LOCK)
	@echo 'Installing the Python packages of $(LOCK) into $(VENV)'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@touch $@

$(PROJECT): $(PACKAGES) pyproject.toml
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(NODE_PACKAGES): package.json .npmrc
	@echo 'Installing the browser packages of package.json into node_modules'
	@$(NPM) install --silent --ignore-scripts --no-audit --no-fund --legacy-peer-deps
	@touch $@

$(ASSETS): $(NODE_PACKAGES) web/vendor.py web/icons.py web/boundaries.py domain/countries.py domain/us_states.py | $(PACKAGES)
	@$(VENV)/bin/python -m web.vendor
	@mkdir -p $(@D) && touch $@

# The resolver stays out of the environment that it resolves.
build/uv/bin/uv:
	@$(PYTHON) -m venv --clear build/uv
	@build/uv/bin/pip install --quiet --disable-pip-version-check uv

# The tools of the machine, looked for only by the step that needs them.
PYTHONS := python3.13 python3.12 python3.11 python3
new_enough := import ensurepip, sys; sys.exit(sys.version_info < (3, 11))
PYTHON = $(or $(firstword $(shell for name in $(PYTHONS); do "$$name" -c '$(new_enough)' 2>/dev/null && echo "$$name"; done)),\
  $(error Depictio needs Python 3.11 or newer with venv (Debian, Ubuntu: apt-get install python3 python3-venv)))

NPM = $(or $(shell command -v npm),$(error Depictio needs npm for its browser assets (Debian, Ubuntu: apt-get install npm)))

BROWSERS := chromium chromium-browser google-chrome
CHROMIUM = $(firstword $(shell command -v $(BROWSERS)))
as_root := $(if $(filter-out 0,$(shell id -u)),sudo)
install_chromium = $(as_root) apt-get update && $(as_root) apt-get install --yes chromium || \
  { echo 'The tests need Chromium and apt-get could not install it: install chromium or google-chrome yourself.' >&2; exit 1; }

# --universal: one file for every system and every Python that is supported.
resolve = build/uv/bin/uv pip compile pyproject.toml --quiet --upgrade --extra embedded --extra dask --universal --python-version 3.11 \
  --prerelease if-necessary-or-explicit --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-annotate --no-header
