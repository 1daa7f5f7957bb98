# `make` lists the commands. Needs Python 3.11 or newer with venv; the rest is fetched.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help

# Recipes that share .venv and node_modules run one after the other, also under `make -j`.
.NOTPARALLEL:
.PHONY: help run test test-fast soak bench lint format deps deps-run pins clean

help: ## list the commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1 - \2/p' $(MAKEFILE_LIST)

run: deps-run ## serve on http://127.0.0.1:8000 (PORT, HOST), everything made from nothing
	@exec $(BIN)/python -m tools.run

test: deps ## everything: lint, types, layers, Python on SQLite and PostgreSQL, JavaScript, browser
	@exec $(BIN)/python -m tools.test full

test-fast: deps ## the same without browser and PostgreSQL
	@exec $(BIN)/python -m tools.test fast

soak: deps ## the long forms of soaks and kills
	@exec $(BIN)/python -m tools.test soak

bench: deps ## the benchmarks, one JSON object a line; CHECK=1 fails where a target does not hold
	@exec $(BIN)/python -m bench $(if $(filter-out 0,$(CHECK)),--check)

lint: deps ## style, types, layers
	@exec $(BIN)/python -m tools.test lint

format: deps ## rewrite the Python files in the house style
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

deps: ## packages and front-end files, for development
	@$(PYTHON) -m tools.environment development

deps-run: ## packages and front-end files, for serving only
	@$(PYTHON) -m tools.environment serving

pins: ## take the newest packages that pyproject.toml allows, and write constraints.txt
	@$(PYTHON) -m tools.environment pins

clean: ## remove all that was made, except the data in instance/
	@rm -rf $(VENV) node_modules *.egg-info build dist test-results
	@rm -rf eventhub/static/vendor eventhub/static/css/site.css eventhub/exports/pdf/fonts
	@find eventhub/static \( -name '*.br' -o -name '*.gz' \) -type f -delete
	@rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
