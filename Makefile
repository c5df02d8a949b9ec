# The same few commands for a person, a hook and continuous integration. `make help` lists them.
# They need Python 3.11 or newer and make; everything else is installed into .venv.

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$name; exit; fi; \
	done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
HOST ?= 127.0.0.1
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore

# What a production machine would set; `manage.py check --deploy` judges the settings with it.
PRODUCTION := DEBUG=0 SECRET_KEY=only-for-this-check-jq9Zt2mVw4xB7nC1kL5sD8fG3hP6rY0aTeUoWi \
	ALLOWED_HOSTS=shop.example BEHIND_TLS_PROXY=1 SECURE_COOKIES=1 SECURE_SSL_REDIRECT=1 SECURE_HSTS_SECONDS=31536000 \
	DATABASE_URL=postgres://netup:secret@database.example/netup CELERY_BROKER_URL=redis://broker.example:6379/0 \
	CACHE_URL=rediscache://broker.example:6379/1

.DEFAULT_GOAL := help
.PHONY: help demo test check bench docs clean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1   \2/p' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime ## start everything with the synthetic demo store (PORT=8000); Ctrl-C stops it
	@exec $(BIN)/python manage.py demo --host $(HOST) --port $(PORT)

test: $(VENV)/.development ## run the whole test suite
	$(BIN)/python -m pytest -n auto $(PYTEST)

check: $(VENV)/.development ## lint, types, architecture, security lint, migrations, settings, translations, generated docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml .
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	find . -name '*.html' -path '*/templates/*' -not -path './$(VENV)/*' -exec $(BIN)/djade --target-version 5.2 --check {} +
	$(BIN)/python manage.py translations --check
	$(BIN)/python manage.py generate_docs --check

bench: $(VENV)/.development ## measure speed, or what BENCH="quality --set retailrocket" names; figures are printed and kept in var/benchmarks
	$(BIN)/python -m benchmarks $(BENCH)

docs: $(VENV)/.runtime ## write the generated pages of docs/ anew (the marker register, the OpenAPI document)
	$(BIN)/python manage.py generate_docs

clean: ## remove the virtual environment and all caches; the data in var/ stays
	@if [ -x $(BIN)/django-admin ]; then $(BIN)/python manage.py embedded_postgres stop; fi
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks .coverage
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# --- The virtual environment: made when missing, completed when the requirements change ---------------------------

define usable_environment
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "Python 3.11 or newer is needed; $(PYTHON) is $$({ $(PYTHON) --version 2>&1 || echo missing; } | tail -n 1)." \
	"Name another one: make PYTHON=/path/to/python3" >&2; exit 1; }
@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	echo "Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	|| $(PYTHON) -m venv --clear $(VENV)
endef

$(BIN)/python:
	$(usable_environment)

$(VENV)/.runtime: requirements.txt $(BIN)/python
	$(usable_environment)
	@echo "Installing what the platform runs on into $(VENV) (once; about a minute)"
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt requirements.txt $(BIN)/python
	$(usable_environment)
	@echo "Installing what building and testing need into $(VENV) (once; about two minutes)"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime
