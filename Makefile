# Everything here needs only Python 3.11 or newer and make.
PYTHON ?= python3
VENV := .venv
# The year whose dates the pages of docs/templates show; a test makes the pages again with it.
YEAR := 2027
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SEEN := $(VENV)/.browser-ready

# Tests and demo start dozens of programs of ours; without bytecode each compiles all of kantoor first, which
# makes the tests take twice as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo browser-ready test lint types imports unit coverage properties bench profile chaos fuzz docs clean lock

# The lock names everything, so nothing is left to resolve: a resolver would ask what is newest,
# and an old pip refuses the lock as soon as an extra of a pinned package has a newer release.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kantoor needs Python 3.11 or newer (set PYTHON=...)" >&2; exit 1; }
	@echo "Setting up in $(VENV): the pinned packages are installed once, which takes one to ten minutes."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(SEEN): $(READY) requirements-browser.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-browser.lock
	@touch $@

# What steers a browser, for tests/browser; the browser itself is Debian's chromium-headless-shell.
browser-ready: $(SEEN)

demo: $(READY)
	$(BIN)/kantoor demo

# The types take half a minute of one core the first time, and the imports some seconds: both are read beside the
# tests.
test: lint
	@$(MAKE) --no-print-directory -j 3 imports types unit

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

# In a fresh clone one process compiles the tests first: each worker would compile all of them at the same time.
unit: $(READY)
	@test -f $(SEEN) || echo "The pages are not tried in a browser: make browser-ready, and a Chromium, are needed."
	@test -d tests/__pycache__ || $(BIN)/pytest --collect-only -q > /dev/null 2>&1 || true
	$(BIN)/pytest -n auto --dist loadgroup

# The same tests, and which lines and branches none of them reached; it takes about twice as long.
coverage: $(READY)
	$(BIN)/pytest -n auto --dist loadgroup --cov --cov-report=term

# What holds of whatever is drawn, on three times as many examples as the tests take.
properties: $(READY)
	EXAMPLES=all $(BIN)/pytest -n auto --dist loadgroup -m hypothesis

# Measures, and prints what it measured with ratios to the bare thing (docs/measured.md).
bench: $(READY)
	$(BIN)/python -m bench

# Where the worker's CPU for one filing goes, as a table.
profile: $(READY)
	$(BIN)/python -m bench.profile

# SEED=3 ROUNDS=5 FILINGS=12 KILLS=6 OPENING=300 BULK=5000 BUSY=2 SCENES=people,mail change the run; KEEP=1 keeps its folder.
chaos: $(READY)
	$(BIN)/python -m bench.chaos

# Checks 20,000 generated files: no traceback, none over two seconds or 500 MB. COUNT=500 SEED=1 change the run.
fuzz: $(READY)
	$(BIN)/python -m bench.fuzz $(or $(COUNT),20000) $(or $(SEED),1)

docs: $(READY)
	$(BIN)/python -m kantoor.settings_page > docs/settings.md
	$(BIN)/python -m kantoor.machine_page.page > docs/machine.md
	$(BIN)/python -m kantoor.portal.authorisation_page > docs/authorisation.md
	$(BIN)/python -m kantoor.compiler.pages docs
	$(BIN)/kantoor schema --out schemas
	$(BIN)/python -m kantoor.review.faces.json > schemas/diff.schema.json
	$(BIN)/python -m kantoor.service.reviewing.snapshots > schemas/snapshot.schema.json
	$(BIN)/python -m kantoor.review.kept > schemas/kept-review.schema.json
	$(BIN)/python -m kantoor.service.reviewing.closed_filings > schemas/closed-filings.schema.json
	$(BIN)/python -m kantoor.what_if.faces > schemas/what-if.schema.json
	$(BIN)/python -m kantoor.review.parts_page docs/reviewing.md
	$(BIN)/kantoor pages --out docs/templates --year $(YEAR)

clean:
	rm -rf $(VENV) .kantoor build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*

# Needs uv (pip install uv). The lock has hashes and no addresses.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:browser -c requirements.lock -o requirements-browser.lock
