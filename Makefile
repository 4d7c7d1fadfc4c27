.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT

help: ## What there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: $(VENV)/ready ## Install, migrate, make the demo, serve with worker (PORT=8000)
	@$(BIN)/virtual-school run --demo-unless-real

demo: $(VENV)/ready ## Make the invented authority
	@$(BIN)/virtual-school demo

# Compiled modules are kept: three processes, and those they start, need not compile everything each time.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/ready-for-tests ## Every test, in a real browser too
	@$(BIN)/lint-imports --config pyproject.toml
	@$(BIN)/pytest -n 3

check: $(VENV)/ready-for-tests ## Style, types of the pure parts, layers, migrations, templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --config pyproject.toml
	@$(BIN)/virtual-school makemigrations --check --dry-run
	@$(BIN)/djlint --quiet --lint virtual_school

css: ## Compile the stylesheet again (needs node and npm)
	@sh virtual_school/design/build_css.sh

bench: $(VENV)/ready-for-tests ## Measure, and write docs/benchmarks.md
	@$(BIN)/python -m benchmarks

# Python comes with venv on Debian only as a package of its own; git and make are there already.
$(VENV)/bin/python:
	@python3 -m venv $(VENV) 2>/dev/null || { \
		echo "Installing python3-venv …"; rm -rf $(VENV); \
		$(if $(filter 0,$(shell id -u)),,sudo) apt-get install -y -q python3-venv >/dev/null && python3 -m venv $(VENV); }

$(VENV)/ready: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the service needs …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready-for-tests: $(VENV)/ready requirements-test.txt
	@echo "Installing what the tests need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi liberation || { \
		$(if $(filter 0,$(shell id -u)),,sudo) apt-get update -q >/dev/null; \
		$(if $(filter 0,$(shell id -u)),,sudo) apt-get install -y -q --no-install-recommends chromium fonts-liberation fontconfig >/dev/null; }
	@touch $@

.PHONY: help run demo test check css bench
