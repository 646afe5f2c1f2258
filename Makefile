# The commands of a working day; `make` alone lists them. They need Python, make and git, no more:
# the first command makes .venv, and `make run` brings its own database.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
N ?= 100000

USE = @$(PYTHON) -I hub/bootstrap.py requirements.txt
USE_DEV = @$(PYTHON) -I hub/bootstrap.py requirements.txt requirements-dev.txt
HUB = .venv/bin/python -m hub.run
COMPILE = .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --upgrade --custom-compile-command "make lock"
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test shell manage format lock bench bench-imports screens atlas reset

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-10s %s\n' "$$name" "$$text"; done

run: ## Serve the hub with its own database on http://localhost:8000 (PORT=8001, DATABASE_URL=…)
	$(USE)
	@exec $(HUB)

test: ## Run every check and test, on a database of their own (ARGS="-k search")
	$(USE_DEV)
	@exec $(HUB) test $(ARGS)

shell: ## Open Django's shell on the hub's database
	$(USE)
	@exec $(HUB) manage shell

manage: ## Run one of Django's commands (ARGS="reindex --check")
	$(USE)
	@exec $(HUB) manage $(ARGS)

format: ## Bring code and templates into shape
	$(USE_DEV)
	@.venv/bin/python -m ruff check --fix
	@.venv/bin/python -m ruff format
	@.venv/bin/python -m djlint templates --reformat --quiet

lock: ## Choose the newest versions that fit requirements*.in, and pin them
	$(USE_DEV)
	@$(COMPILE) requirements.in --output-file requirements.txt
	@$(COMPILE) requirements-dev.in --output-file requirements-dev.txt

bench: ## Measure the pages with 100,000 synthetic records (N=10000, ARGS="--help")
	$(USE)
	@exec env DATABASE_URL=postgres:///of-its-own $(HUB) manage bench --records $(N) $(ARGS)

bench-imports: ## Measure imports of 5,000 works (ARGS="--works 1000")
	$(USE)
	@exec env DATABASE_URL=postgres:///of-its-own $(HUB) manage bench_imports $(ARGS)

screens: ## Photograph the site for docs/screens/ and the README
	$(USE_DEV)
	@exec $(HUB) screens

atlas: ## Draw the shapes of the maps anew (needs npm)
	$(USE_DEV)
	@.venv/bin/python -m uv run --quiet --no-project --python .venv/bin/python \
		--with shapely==2.1.2 python tools/atlas

reset: ## Delete the hub's own database and var/, after a question
	$(USE)
	@exec $(HUB) reset
