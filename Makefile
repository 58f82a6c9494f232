# Everything a person types here. `make help` lists it; scripts/setup.sh says how set-up decides what is left to do.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help chat test check format clean

help: ## List the targets and the variables
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile
	@awk '/^#:/ { sub(/^#: ?/, ""); print }' Makefile

chat: ## Install what is missing, build the index if needed, open the page on 127.0.0.1:7860
	@scripts/setup.sh
	@.venv/bin/alliances ui

test: ## Install what the tests need, a browser too, and run them
	@scripts/setup.sh dev
	@scripts/browser.sh
	@.venv/bin/python -m pytest

check: ## Format, lint and types, changing nothing
	@scripts/setup.sh dev
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m ruff check .
	.venv/bin/python -m mypy
	MYPYPATH=bench .venv/bin/python -m mypy bench/*.py

format: ## Format the code and mend what the linter can mend
	@scripts/setup.sh dev
	.venv/bin/python -m ruff format .
	.venv/bin/python -m ruff check --fix .

clean: ## Remove the virtual environment and caches; your articles, index and models stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

#:
#: Variables, as in `make chat ALLIANCES_PORT=7861`:
#:   ALLIANCES_PORT  port of the page (7860)
#:   CMAKE_ARGS      how llama-cpp-python is compiled; "-DGGML_CUDA=on" for NVIDIA, "-DGGML_VULKAN=on" for most
#:                   others; remembered until you give another, and CMAKE_ARGS= goes back to the plain build
#:   TORCH_INDEX     package index to take PyTorch from; on Linux, PyTorch's own CPU index saves gigabytes
#:   PYTHON          the Python to make .venv with (3.11 or newer; found by itself)
