# Every command that a person needs; `make help` lists them. Nothing but Python 3.11+ is assumed.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed

# Compiled modules halve the start of every process.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo up down clean console client test check format lock bench gate gameday e2e screenshots

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(STAMP): deploy/lock/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Installing into .venv (about a minute, once) ..."
	@$(PYTHON) -m venv .venv || \
		{ echo "The venv module is missing: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r deploy/lock/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation -e .
	@touch $(STAMP)

console: ## Build the console (needs Node)
	@ui/build.sh

client: $(STAMP) ## Write the console's typed client from the API's OpenAPI document
	@mkdir -p build && $(BIN)/python -m api.document > build/openapi.json
	@cd ui && npm run --silent client

demo: $(STAMP) ## Start everything, load a sample, decommission one occupier, watch it
	@ui/build.sh --optional
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/occupier demo

up: $(STAMP) ## Start everything and keep it until Ctrl-C
	@ui/build.sh --optional
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/occupier up

down: $(STAMP) ## Stop what `make up` started in another terminal
	@$(BIN)/occupier down

clean: $(STAMP) ## Stop everything and remove its data
	@$(BIN)/occupier clean

test: $(STAMP) ## Run the whole test suite
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest -n 2 --dist worksteal $(ARGS)

check: $(STAMP) ## Format, lint, types and import layers
	@$(BIN)/ruff format --check --quiet . || { echo "run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(STAMP) ## Format the code
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .

lock: $(STAMP) ## Rewrite the lock files from pyproject.toml
	@./deploy/lock/compile.sh

e2e: $(STAMP) ## Use the console in a real browser as people do, and write what was measured
	@CONSOLE_FIGURES=bench/results/console.json PATH="$(CURDIR)/$(BIN):$$PATH" \
		$(BIN)/pytest tests/console $(ARGS)

screenshots: $(STAMP) ## Take a picture of every page in light and dark
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.console.screenshots

bench: $(STAMP) ## Measure throughput, fan-out, scale, recovery, lists (about half an hour)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m bench

gameday: $(STAMP) ## Break every outside system in every way, and finish each decommission
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m bench.gameday

gate: $(STAMP) ## Race, permissions, fuzzing and audit at length (about a quarter of an hour)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m bench.gate
