# `make` shows the targets.

.DEFAULT_GOAL := help
.PHONY: help test test-all lint data site docs

help: ## show the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

test: ## run the fast tests, in less than 90 s on two cores
	uv run --group dev pytest -m "not slow"

test-all: ## run all tests, as CI does
	uv run --group dev pytest

lint: ## check format, lint and types
	uv run --group dev ruff format --check .
	uv run --group dev ruff check .
	uv run --group dev mypy

data: ## run the job on the shipped data
	uv run ogi run

site: ## write the site of the published data
	uv run ogi site

docs: ## write the generated pages of the documentation, and build its site in site/
	uv run python -m docs_build
	uv run --group docs mkdocs build --strict
