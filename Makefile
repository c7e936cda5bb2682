# Two commands do everything: `make demo` shows what the program does, `make test` runs every test and check.
# Both make the environment in .venv first, from requirements.lock.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
DEMO := reports/example/recording.flow
# The vendors' libraries for Node and browsers, with which the end-to-end tests send, and what looks at the HTML report in a browser: only where there
# is an npm to fetch them.
NODE := tests/e2e tests/browser
LIBRARIES := $(if $(shell command -v npm),$(NODE:=/node_modules/.package-lock.json))

.PHONY: demo test lint types imports tests bench lock example docs clean

demo: $(READY)
	@$(BIN)/python scripts/demo.py $(DEMO)

test: lint types imports tests

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

tests: $(READY) $(LIBRARIES)
	$(BIN)/pytest -n auto --dist loadgroup

bench: $(READY)
	$(BIN)/python benchmarks/ratios.py
	$(BIN)/python benchmarks/fold.py

# The golden files in reports/example/, made anew from the code.
example: $(READY)
	$(BIN)/python scripts/make_example.py

# What the program prints into the documentation: the tables between markers, and a page for each rule.
docs: $(READY)
	$(BIN)/python scripts/make_docs.py

lock: $(READY)
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --extra dev --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) $(NODE:=/node_modules) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(READY): requirements.lock pyproject.toml scripts/make_environment
	@sh scripts/make_environment $(VENV)
	@touch $@

%/node_modules/.package-lock.json: %/package-lock.json %/package.json
	@echo "Fetching the libraries for Node in $* …"
	@npm ci --prefix $* --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@
