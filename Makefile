# `make run` starts a local trial, `make test` runs all tests; `make help` lists the rest.
PORT ?= 8000
ARGS ?=
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py

# A production configuration that reaches nothing, for the checks that need one.
PRODUCTION = DEBUG=0 ALLOWED_HOSTS=example.org DATABASE_URL=postgres://localhost/check \
	SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))')

LOCK = $(PYTHON) -m uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header -q $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help run setup test check lint fmt types bench stress lock messages clean packages dev

help: ## List these commands
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: setup ## Start a local trial with demo data on PORT (8000)
	@$(MANAGE) load_demo
	@echo "Open http://127.0.0.1:$(PORT)/ in a browser; Ctrl-C ends the server."
	@$(MANAGE) runserver 127.0.0.1:$(PORT)

setup: packages ## Install everything and prepare the database
	@$(MANAGE) bootstrap

test: ## Run all tests on SQLite and PostgreSQL; ARGS="-k name" goes to pytest
	@scripts/test.sh $(ARGS)

check: lint types ## Run every check that needs no test
	$(MANAGE) makemigrations --check --dry-run
	@echo "manage.py check --deploy, as in production"
	@$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(MANAGE) check_questionnaire

lint: dev ## Check style, templates and the direction of imports
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m djlint templates --lint
	.venv/bin/lint-imports

fmt: dev ## Reformat and repair what can be repaired
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

types: dev ## Check types
	$(PYTHON) -m mypy assessment questionnaire reports

bench: packages ## Measure speed
	$(PYTHON) -m bench

stress: packages ## Let eight people write the same cells and account for every save
	$(PYTHON) -m bench.stress

lock: packages ## Write the lock files from pyproject.toml; ARGS=--upgrade takes newer releases
	@$(PYTHON) -m uv --version 2>/dev/null || $(PYTHON) -m pip install --quiet uv
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock

messages: packages ## Collect texts to translate and compile translations (needs gettext)
	$(MANAGE) makemessages --all --no-obsolete --add-location file --ignore .venv
	$(MANAGE) compilemessages --ignore .venv

clean: ## Remove what tests and tools leave behind; keeps .venv, .env and the database
	rm -rf .coverage .coverage.* htmlcov test-results out staticfiles
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

packages:
	@scripts/setup.sh

dev:
	@scripts/setup.sh --dev
