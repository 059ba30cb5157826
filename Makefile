# `make run` and `make test` set up whatever is missing; nothing else needs to be installed than
# Python 3.11 or later and make.

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3 python3.14,$(shell command -v $(name) 2>/dev/null)))
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
READY := $(VENV)/ready-to-run
READY_DEV := $(VENV)/ready-to-develop
LOCK := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.PHONY: run install test test-postgres test-slow test-tools check bench dist lock

run: $(READY)  ## serve the map on 127.0.0.1:5000; ARGS="--port 8000" adds options
	$(BIN)/geoapp serve $(ARGS)

install: $(READY_DEV)  ## everything that running, testing and building need, from the lock files

test: $(READY_DEV)  ## the whole suite but what is slow or needs outside tools
	$(BIN)/python -m pytest $(ARGS)

# What asks the store, without browsers and without what runs other programs on a SQLite file.
POSTGRES_SUITES := tests/postgres tests/unit/store tests/unit/users tests/unit/drafts tests/unit/links \
	tests/unit/by_hand tests/unit/ingest tests/unit/export tests/unit/cli tests/unit/test_cql.py tests/web

test-postgres: $(READY_DEV)  ## the same suites against PostgreSQL with PostGIS; starts Debian's server itself
	$(BIN)/python -m tests.postgres.server $(BIN)/python -m pytest \
		-m "not slow and not tools and not browser" $(if $(ARGS),$(ARGS),$(POSTGRES_SUITES))

test-slow: $(READY_DEV)  ## kills, faults and a million incidents
	$(BIN)/python -m pytest -m slow $(ARGS)

test-tools: $(READY_DEV)  ## what needs GDAL, QGIS or other outside validators
	$(BIN)/python -m pytest -m tools $(ARGS)

check: $(READY_DEV)  ## lint, format, types, import contract, generated pages up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/geoapp docs --check
	$(BIN)/geoapp catalogs --check

bench: $(READY_DEV)  ## measure everything beside its peers in the same run; writes docs/benchmarks.md
	$(BIN)/python -m benchmarks.run $(ARGS)
	@if command -v wrk >/dev/null && PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null; \
		then $(BIN)/python -m benchmarks.load; else echo "Load is left out: it needs wrk and nginx"; fi
	@if command -v npx >/dev/null && PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null; \
		then $(BIN)/python -m benchmarks.published; else echo "The published site is left out: it needs npx and nginx"; fi

dist: $(READY_DEV)  ## a wheel that works alone, in dist/
	$(BIN)/python -m build --wheel --no-isolation

lock:  ## pin the newest versions that pyproject.toml allows; needs uv
	$(LOCK) --upgrade --group build --output-file requirements.lock
	$(LOCK) --upgrade --group dev --constraint requirements.lock --output-file requirements-dev.lock

$(BIN)/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; name it: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

# Again only when a lock file or the project's own description changed.
$(READY): requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(READY_DEV): requirements-dev.lock $(READY)
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@
