# Every command a person types. Each makes what it needs first: needs Python 3.11+, make, and
# for the web node 20.19+ with npm.

comma := ,
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What `make test` installs: everything that installs on a CPU in minutes.
EXTRAS ?= tunix,tune,postgres,observe,curate,track,math,tasks,games,dev
# Whole files to each of several processes, in the order that tests/conftest.py gives them.
SPREAD := --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder
STAMP := $(VENV)/.installed-$(subst $(comma),-,$(EXTRAS))

.PHONY: demo test check serve setup web openapi migration bench clean

demo: setup web  ## the main job: the whole loop on this machine, then the web at a printed address
	$(BIN)/tunix-rt demo $(ARGS)

test: setup web  ## everything that passes on a fresh machine
	$(BIN)/python -m pytest $(SPREAD) $(ARGS)
	$(MAKE) --no-print-directory web-test

check: setup  ## lint, types, spelling: what CI runs before the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/typos
	@if [ -d web/node_modules ]; then cd web && npm run --silent lint && npm run --silent types; fi

serve: setup web  ## the server with its worker
	$(BIN)/tunix-rt serve $(ARGS)

setup: $(STAMP)  ## .venv with Tunix RT and what its tests need

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]'
	@touch $@

web: setup  ## build the web, if a source of it has changed
	@$(BIN)/python -m tunix_rt.api.building

web-test: setup
	@if command -v npm >/dev/null; then cd web && npm run --silent test && npm run --silent budget; \
		else echo "web tests: left out, npm is not installed"; test -z "$$CI"; fi

openapi: setup  ## openapi.json, and the web's types from it
	$(BIN)/python -m tunix_rt.api.openapi openapi.json
	cd web && npm run --silent generate

migration: setup  ## a new Alembic revision: make migration why="..."
	$(BIN)/python -m tunix_rt.store.migrations.write "$(why)"

bench: setup  ## benchmarks; results are written to benchmarks/results/
	for one in benchmarks/[a-z]*.py; do $(BIN)/python $$one || exit 1; done

clean:  ## everything that was made here, and nothing else
	rm -rf $(VENV) web/node_modules web/dist tunix_rt/api/static
