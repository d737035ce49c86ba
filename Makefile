# make demo    load the samples once and serve http://127.0.0.1:8000 (PORT=… for another)
# make test    all tests; make check: format, types, layers, templates, words, bundles, docs
# make bench   speed beside the floor and beside peers, into bench/results.md
# make soak    long runs; WUXING_SOAK_NETS=… for fewer random diagrams than a million
# Needs Python 3.11 or later and nothing else; uv is used when it is there.

PYTHON ?= python3
PORT ?= 8000
# An inherited PYTHONDONTWRITEBYTECODE would make every start compile every module anew.
export PYTHONDONTWRITEBYTECODE :=
VENV := .venv
BIN := $(VENV)/bin
FOLDER ?= var/demo

.PHONY: demo test check soak bench format docs revision clean-demo

demo: $(VENV)/base.stamp
	@PORT=$(PORT) $(BIN)/python -m webui demo --folder $(FOLDER)

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n 2 -m "not soak"

soak: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n auto -m soak --timeout=3600 -v

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint webui
	$(BIN)/codespell --quiet-level=2 engine forms processes webui docs tests *.md
	sh webui/assets/check.sh
	$(BIN)/python -m pytest tests/docs

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/dev.stamp
	$(BIN)/python -m tests.docs

revision: $(VENV)/dev.stamp
	$(BIN)/python -m migrations "$(m)"
	$(BIN)/ruff check --fix --quiet --exit-zero --select I migrations
	$(BIN)/ruff format --quiet migrations

clean-demo:
	rm -rf $(FOLDER)

# The development set contains the base set, so either stamp serves `make demo`.
$(VENV)/base.stamp: requirements/base.txt
	@test -f $(VENV)/dev.stamp -a $(VENV)/dev.stamp -nt requirements/base.txt || sh requirements/install.sh $(PYTHON) $(VENV) requirements/base.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt
	@sh requirements/install.sh $(PYTHON) $(VENV) requirements/dev.txt
	@touch $@
