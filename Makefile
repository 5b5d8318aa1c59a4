# Each target does all its own set-up; the work is in tasks.py, which also runs where there is no make.
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help site serve demo check test bench audit format lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

site: ## Build the site into site/
	@$(PYTHON) tasks.py site

serve: ## Preview the site at http://127.0.0.1:8000/; edits show by themselves
	@$(PYTHON) tasks.py serve

demo: ## Build an invented county into site-demo/, to see everything at work
	@$(PYTHON) tasks.py demo

check: ## Check the data in targets/
	@$(PYTHON) tasks.py check

test: ## Lint, types and every test, the browser ones included
	@$(PYTHON) tasks.py test

bench: ## Measure builds, check, diff and search beside Hugo, MkDocs and Pagefind
	@$(PYTHON) tasks.py bench

audit: ## Measure the site: weight, Lighthouse, HTML, accessibility, links, servers
	@$(PYTHON) tasks.py audit

format: ## Lay out the Python code
	@$(PYTHON) tasks.py format

lock: ## Write the lock files anew from pyproject.toml
	@$(PYTHON) tasks.py lock

clean: ## Remove what was built
	@$(PYTHON) tasks.py clean
