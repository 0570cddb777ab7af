# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

.PHONY: help setup build run lint format test peers torture soak fuzz bench bench-live bench-mcp \
	bench-models bench-halt exit-study gate-study order-fuzz reply-fuzz venue-study clean
.NOTPARALLEL:
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# The folder of the desk that `make run` starts.
DESK ?= .desk

SWIFT ?= swift
PYTHON ?= python3

# What `make torture` is to do, such as ARGS="kill --scene cycle"; everything when empty.
ARGS ?=
LOOPDESK := .build/release/loopdesk

# A Python that has mcp for `make bench-mcp`, anthropic and openai for `make bench-models`; without
# one only Loopdesk is measured.
PEER_PYTHON ?=

# The Swift runtime is linked in, so an agent in a sandbox needs only the system's C library.
RELEASE := -c release --static-swift-stdlib

# What git tracks or would add; outside a checkout, what lies in the folders of code.
SWIFT_FILES = { git ls-files -z --cached --others --exclude-standard --deduplicate '*.swift' \
	2>/dev/null || find Package.swift Sources Tests -name '*.swift' -print0; }

help: ## show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12
	@echo "variables: DESK=$(DESK) (the folder of the desk), SWIFT=$(SWIFT)"

setup: ## install the system packages that are missing
	@.ci/setup "$(SWIFT)"

build: setup ## build the executables for release
	$(SWIFT) build $(RELEASE) --product loopdesk
	$(SWIFT) build $(RELEASE) --product loopdesk-agent
	$(SWIFT) build $(RELEASE) --product loopdesk-launcher

run: build ## start a desk in DESK if there is none, and replay it from the beginning
	@test -d "$(DESK)" || $(LOOPDESK) init "$(DESK)"
	@$(LOOPDESK) replay --fresh --desk "$(DESK)"

lint: ## check the layout of all Swift files
	@$(SWIFT_FILES) | xargs -0 $(SWIFT) format lint --strict --parallel \
		--configuration .swift-format

format: ## lay out all Swift files anew
	@$(SWIFT_FILES) | xargs -0 $(SWIFT) format --in-place --parallel --configuration .swift-format

test: setup lint ## check the layout, build everything, run all tests
	$(SWIFT) build --build-tests
	# One at a time: many of the tests start processes and wait for them against a clock.
	$(SWIFT) test --skip-build --no-parallel

peers: build ## talk to other programs of the Model Context Protocol, in both directions
	$(PYTHON) Tests/Peers/peers.py $(LOOPDESK)
	$(PYTHON) Tests/Peers/model_peers.py $(LOOPDESK) --environments .build/environments
	$(PYTHON) Tests/Peers/agents.py $(LOOPDESK) --environments .build/environments

torture: build ## kill, starve and cut off a desk at every point; ARGS=... for a part of it
	$(PYTHON) Tests/Torture/torture.py $(ARGS) --loopdesk $(LOOPDESK)

soak: build ## break something beside a live desk each second, for ten minutes; ARGS=...
	$(PYTHON) Tests/Torture/torture.py soak $(ARGS) --loopdesk $(LOOPDESK)

fuzz: build ## send a million made-up expressions through the program
	Tests/Fuzz/fuzz.py $(LOOPDESK)

bench: build ## measure turns, backtests and files, beside git and other engines
	LOOPDESK_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product turn-benchmark
	LOOPDESK_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product quant-benchmark
	LOOPDESK_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product start-benchmark
	.build/release/turn-benchmark
	.build/release/start-benchmark
	.build/release/quant-benchmark
	@if command -v $(PYTHON) >/dev/null; then $(PYTHON) Benchmarks/Peers/peers.py; \
		else echo "bench: there is no $(PYTHON); other engines are left out"; fi

bench-live: build ## measure a live desk and its growth, beside git, SQLite and supervisors
	LOOPDESK_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product growth-benchmark
	$(PYTHON) Benchmarks/Live/live.py $(LOOPDESK)
	.build/release/growth-benchmark

bench-mcp: setup ## measure a call of a tool, beside the official SDK of PEER_PYTHON
	LOOPDESK_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product mcp-benchmark
	.build/release/mcp-benchmark $(PEER_PYTHON)

bench-models: setup ## measure a turn of a model, beside the official clients of PEER_PYTHON
	LOOPDESK_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product model-benchmark
	.build/release/model-benchmark $(PEER_PYTHON)

gate-study: setup ## simulate what the gate lets through; writes docs/gate-study.*, takes minutes
	LOOPDESK_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product gate-study
	.build/release/gate-study docs

order-fuzz: setup ## send ten million hostile orders through the limits; minutes
	LOOPDESK_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product order-fuzz
	.build/release/order-fuzz

reply-fuzz: setup ## send a million spoiled answers of models through what reads them
	LOOPDESK_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product reply-fuzz
	.build/release/reply-fuzz

venue-study: setup ## send orders to a hostile venue in twenty thousand stories; minutes
	LOOPDESK_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product venue-study
	.build/release/venue-study

exit-study: build ## kill all agents and count the ticks until exit plans act
	$(PYTHON) Benchmarks/Exits/exits.py $(LOOPDESK)

bench-halt: build ## measure the kill switch with a full disk and busy cores
	$(PYTHON) Benchmarks/Halt/halt.py $(LOOPDESK)

clean: ## remove what was built; the desk stays
	rm -rf .build
