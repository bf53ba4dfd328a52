PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help run test lint sample bench

help: ## List these commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(STAMP): requirements.txt requirements-onnx.txt requirements-duckdb.txt requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -e .
	$(BIN)/python -m cxaudit.ui.shipped
	@touch $(STAMP)

run: $(STAMP) ## Create the environment if needed and open the app
	$(BIN)/streamlit run app.py

test: $(STAMP) ## Run the tests (those with a browser, LibreOffice or Spark run where one is found)
	$(BIN)/python -m pytest -rs

lint: $(STAMP) ## Check format, style and types
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy

sample: $(STAMP) ## Write the sample exports again into sample_data/, and the figures that ship with them
	$(BIN)/python -m cxaudit sample sample_data
	$(BIN)/python -m cxaudit.ui.shipped

bench: $(STAMP) ## Measure speed and memory against reading the files and against pandas
	$(BIN)/python -m bench
