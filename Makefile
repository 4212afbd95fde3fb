# make demo: set up and show the main job. make test: set up and run all tests. make lint: ruff and mypy.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo languagetool test lint format schema docs train score trust bench lock clean

# make demo GRAMMAR=languagetool shows it with the real LanguageTool, which it installs if need be.
GRAMMAR ?= harper
demo: $(READY) $(filter languagetool,$(GRAMMAR))
	@$(BIN)/cleaner diff --grammar $(GRAMMAR) --unsafe-fixes seeds/embassy.txt; test $$? -le 1
	@echo
	@$(BIN)/cleaner check --grammar $(GRAMMAR) seeds/embassy.txt; test $$? -le 1

# LanguageTool stands in the user's cache folder and is fetched there once.
languagetool: $(READY)
	@$(BIN)/cleaner grammar install --quiet

# Bytecode first: the tests start the command a thousand times, and where Python is told to write none, it would
# compile the modules each time.
test: $(READY) languagetool docs
	@$(BIN)/python -m compileall -q cleaner
	$(BIN)/python -m pytest -n auto

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The JSON Schema of rule files, for editors; a test holds it to the types.
schema: $(READY)
	$(BIN)/python -m cleaner.rules.schema > rules/rule.schema.json

# The pages on the rules, from the rules and what was measured of them. The tests hold them to it, and make them first:
# who changes a rule commits its page with it.
docs: $(READY)
	$(BIN)/python tools/rule_pages.py

DATA ?= ../shared/bench

# The weights of the arbiter of spelling, from the development data (DATA=folder); then make trust.
train: $(READY)
	$(BIN)/python bench/train.py $(DATA)

# The weights of cleaner score, from the development data (DATA=folder).
score: $(READY)
	$(BIN)/python bench/score.py $(DATA)

# What every rule has earned on the development data (DATA=folder), written to rules/trust.csv. The rows of grammar
# engines stay as they are without ENGINES="harper languagetool", which takes an hour when asked for the first time.
ENGINES ?=
trust: $(READY) $(filter languagetool,$(ENGINES))
	$(BIN)/python bench/trust.py $(DATA) $(ENGINES)
	$(BIN)/python tools/rule_pages.py

# Quality and speed beside the peers, on any text and pairs: make bench DATA=folder.
bench: $(READY)
	$(BIN)/python bench/compare.py $(DATA)

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[archive,extract,languagetool,ray]" --group dev
	$(BIN)/python -m compileall -q cleaner
	touch $@

# Pin what a fresh resolution of pyproject.toml installs.
lock:
	rm -rf $(VENV) && $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[archive,extract,languagetool,ray]" --group dev
	$(BIN)/python -m pip freeze --exclude-editable --all --exclude setuptools > constraints.txt

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
