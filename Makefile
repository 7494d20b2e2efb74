# The commands of the portal; `make help` lists them. Needs nothing but Python 3.11 or newer and a package index.
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
PORT ?= 8000
PYTHON ?=
TESTS ?=
# As many test processes as processors, at most 8: each has a database and a Redis database of its own.
PROCESSES ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ $$n -gt 8 ] && n=8; echo $$n)
PY := .venv/bin/python
PYTEST := $(PY) -m pytest --durations=10 --durations-min=5
SERVICES_DATABASE_URL := $(or $(DATABASE_URL),postgres://postgres@127.0.0.1:5432/portal)
SERVICES_REDIS_URL := $(or $(REDIS_URL),redis://127.0.0.1:6379/0)

# Kept, whatever the machine says: a process that compiles all modules anew takes twice as long to start.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run install install-dev test test-services test-browser bench check format requirements

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

run: install ## the whole portal on http://127.0.0.1:8000 (PORT= another port)
	@PORT="$(PORT)" exec $(PY) -m portal.runner

install: .venv/runtime.txt

install-dev: .venv/development.txt

.venv/bin/python:
	@for python in $(PYTHON) python3.11 python3.12 python3.13 python3 python3.14; do \
	  command -v $$python >/dev/null 2>&1 && $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
	done; \
	if [ -z "$$python" ]; then echo "The portal needs Python 3.11 or newer, and none is on the PATH (PYTHON=/path/to/python names one)." >&2; exit 1; fi; \
	echo "Making .venv with $$($$python --version) ..."; \
	$$python -m venv .venv >.venv.log 2>&1 || { rm -rf .venv; tail -n 3 .venv.log; rm -f .venv.log; \
	  echo "Python could not make a virtual environment; on Debian and Ubuntu install the package python3-venv." >&2; exit 1; }; \
	rm -f .venv.log

# What is installed is kept as a copy of its list, so an unchanged list costs one comparison.
.venv/runtime.txt: .venv/bin/python FORCE
	@cmp -s requirements.txt $@ || { rm -f .venv/development.txt; $(call pip-install,requirements.txt) && cp requirements.txt $@; }

.venv/development.txt: .venv/runtime.txt FORCE
	@cmp -s requirements-dev.txt $@ || { $(call pip-install,requirements-dev.txt) && cp requirements-dev.txt $@; }

.PHONY: FORCE
FORCE:

# Python compiles what is imported; compiling all of it beforehand would take longer than pip's other work.
define pip-install
echo "Installing $(1) ..."; \
$(PY) -m pip install --disable-pip-version-check --no-input --no-compile -r $(1) || { \
  echo "The packages of $(1) could not be installed: see pip's lines above (wheels exist for Linux with glibc and for macOS)." >&2; exit 1; }
endef

test: install-dev ## the whole suite on embedded servers of its own (TESTS= some of it)
	@env -u DATABASE_URL -u REDIS_URL $(PYTEST) -n $(PROCESSES) --dist loadgroup -m "not browser" $(TESTS)

# Tests of whole processes bring embedded servers of their own, whatever the environment names: here they would say nothing new.
test-services: install-dev ## the same suite on served PostgreSQL and Redis (DATABASE_URL, REDIS_URL)
	@DATABASE_URL="$(SERVICES_DATABASE_URL)" REDIS_URL="$(SERVICES_REDIS_URL)" \
	  $(PYTEST) -n $(PROCESSES) --dist loadgroup -m "not browser and not process" $(TESTS)

test-browser: install-dev ## end-to-end and accessibility tests in Chromium
	@env -u DATABASE_URL -u REDIS_URL DJANGO_ALLOW_ASYNC_UNSAFE=true $(PYTEST) -n $(PROCESSES) --dist loadgroup -m browser $(or $(TESTS),tests/browser)

bench: install-dev ## the benchmarks, as ratios, in a table and under var/bench/
	@PORTAL_VAR="$(CURDIR)/var/bench/world" DJANGO_SETTINGS_MODULE=tests.bench.settings $(PY) manage.py bench $(PARTS)

check: install-dev ## format, lint, types, import layers, templates, migrations, deploy check
	@$(PY) -m tests.architecture.checks

format: install-dev ## put the code into shape
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

requirements: install-dev ## pin requirements*.in anew, with all they need, into requirements*.txt
	@$(PY) -m tests.architecture.pins
