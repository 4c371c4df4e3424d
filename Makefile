# Two commands do everything on a machine with nothing but Python 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := $(VENV)/.installed
DEV    := $(VENV)/.installed-dev

.PHONY: demo test serve lint bench campaigns campaign-corpus campaign-kill campaign-bombs campaign-replies campaign-year campaign-clock campaign-identity train lock clean help

help:            ## Say what there is.
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

demo: $(RUN)     ## Play six days of an invented school, and show who got what and when.
	@$(BIN)/schoolgate demo

test: $(DEV) lint  ## Lint, check the types and run every test.
	@$(BIN)/python -m pytest -n 2 --dist worksteal

serve: $(RUN)    ## Run the gateway from ./schoolgate.toml.
	@$(BIN)/schoolgate serve

lint: $(DEV)     ## Style and strict types.
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: $(DEV)    ## Measure what PERFORMANCE promises; figures go to the screen.
	@$(BIN)/python -m benchmarks

campaigns: campaign-corpus campaign-kill campaign-bombs campaign-replies campaign-year campaign-clock campaign-identity  ## The long proofs that nothing is lost.

campaign-corpus: $(DEV)  ## Every mail of the shared corpus through a running gateway, and where it ended.
	@$(BIN)/python -m tests.campaigns.corpus

campaign-kill: $(DEV)    ## Twenty times `kill -9` under load: nothing lost, nothing twice.
	@$(BIN)/python -m tests.campaigns.kill

campaign-bombs: $(DEV)   ## Twenty-five hostile mails while ordinary mail flows.
	@$(BIN)/python -m tests.campaigns.bombs

campaign-replies: $(DEV) ## Five hundred answers of teachers: nobody else's words in any.
	@$(BIN)/python -m tests.campaigns.replies

campaign-year: $(DEV)    ## A school year of 20,000 messages on hosts in four time zones.
	@$(BIN)/python -m tests.campaigns.year

campaign-clock: $(DEV)   ## The clock steps, sleeps and stops: nothing outside, twice or asleep.
	@$(BIN)/python -m tests.campaigns.clock_steps

campaign-identity: $(DEV) ## Ten thousand forged senders: nobody is a guardian; five hundred honest: all are.
	@$(BIN)/python -m tests.campaigns.identity

train: $(DEV)    ## Make the second reader again from rules/examples, and say how well it reads.
	@$(BIN)/python -m pip install --quiet --requirement requirements-training.lock
	@$(BIN)/python -m benchmarks.train_second_reader

lock:            ## Refresh the lock files (needs the uv program).
	uv pip compile -q --generate-hashes --universal --no-emit-index-url --no-annotate --no-header \
	    --python-version 3.11 --extra build pyproject.toml -o requirements.lock
	uv pip compile -q --generate-hashes --universal --no-emit-index-url --no-annotate --no-header \
	    --python-version 3.11 --extra build --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile -q --generate-hashes --universal --no-emit-index-url --no-annotate --no-header \
	    --python-version 3.11 --extra training pyproject.toml -o requirements-training.lock

clean:           ## Remove what make installed.
	rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Schoolgate needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }

$(RUN): $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "Installing into $(VENV), about half a minute"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(RUN) requirements-dev.lock
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
