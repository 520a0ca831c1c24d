# SPDX-License-Identifier: Apache-2.0
# Every command of the project. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# A crashing Swift process otherwise starts a backtracer that can hang for minutes.
export SWIFT_BACKTRACE := enable=no

# What `make test` needs beside the Swift toolchain.
TEST_PACKAGES := gzip zstd libmosquitto-dev libtomlplusplus-dev mosquitto mosquitto-clients python3-venv
# What the other commands need on top of it: bench, embedded.
# gcc-arm-none-eabi is here for its libgcc: doubles and 64-bit division on a Cortex-M4.
PACKAGES := $(TEST_PACKAGES) qemu-system-arm gcc-arm-none-eabi

# An import that the manifest does not declare stops the build.
SWIFT_FLAGS := --explicit-target-dependency-import-check error
# All tests are Swift Testing; without XCTest its summary is the only one and the last line.
TEST_FLAGS := $(SWIFT_FLAGS) --disable-xctest
# Debug information takes long to make, and no test reads it. Who debugs builds with `swift build`.
LEAN_FLAGS := -Xswiftc -gnone

# A program for small boxes: relocations in their short form (glibc 2.36, which is Debian 12), equal
# functions once, nothing for others to link against, and of the C++ library only what is used.
SMALL_FLAGS = -Xswiftc -use-ld=lld -Xlinker -z -Xlinker pack-relative-relocs \
    -Xlinker --icf=safe -Xlinker --gc-sections -Xlinker --no-export-dynamic \
    -Xlinker -L$(CURDIR)/$(INSTALL_BUILD)/archives

# How much of `make test` runs, for example FILTER=ReadingTests.
FILTER :=
# How many simulations `make simulate` plays.
SEEDS := 2000
# What `make fuzz` runs one after another: the folders Tests/Fuzz/fuzz-NAME. FUZZ_TARGET=NAME runs
# one of them alone.
FUZZ_TARGETS := decoder lines configuration spool
FUZZ_TARGET :=
# Executions of each fuzzer, and its limit in seconds (0: none).
FUZZ_RUNS := 1000000
FUZZ_SECONDS := 0
# `fuzzer,address` watches memory as well.
FUZZ_SANITIZERS := fuzzer
# The C program to compare with, where it is at hand, and what else to tell bench/compare.
ORACLE := ../shared/codec/oracle
ORACLE_FLAGS = $(if $(wildcard $(ORACLE)),--oracle $(ORACLE))
BENCH_FLAGS :=
# What else to tell the demo, for example DEMO_FLAGS="--seconds 60".
DEMO_FLAGS :=
# `make coverage` fails below this share of the codec's lines.
COVERAGE_PERCENT := 95
# Where `make install` puts things: the program, and what packages put in front of everything.
PREFIX := /usr/local
DESTDIR :=
# Where the program for `make install` is built: it brings its Swift library along.
INSTALL_BUILD := .build-install

export TEST_PACKAGES PACKAGES SWIFT_FLAGS TEST_FLAGS COVERAGE_PERCENT
export PREFIX DESTDIR
export FUZZ_RUNS FUZZ_SECONDS FUZZ_SANITIZERS

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

.PHONY: setup
setup: ## Install the Debian packages that are missing, and say which
	@.ci/setup.sh $(PACKAGES)

.PHONY: setup-test
setup-test:
	@.ci/setup.sh $(TEST_PACKAGES)

.PHONY: build
build: setup-test ## Build everything for release
	swift build -c release $(SWIFT_FLAGS)

.PHONY: program
program: setup-test ## Build the program that runs where no Swift is
	@mkdir -p $(INSTALL_BUILD)/archives
	@$(foreach archive,$(lastword $(sort $(wildcard /usr/lib/gcc/*/*/libstdc++.a))),\
	    ln -sf $(archive) $(INSTALL_BUILD)/archives/)
	swift build -c release $(SWIFT_FLAGS) --static-swift-stdlib $(SMALL_FLAGS) --product alec \
		--scratch-path $(INSTALL_BUILD)

.PHONY: install
install: program ## Install program, units and settings (PREFIX, DESTDIR)
	@.ci/install.sh install $(INSTALL_BUILD)/release/alec

.PHONY: uninstall
uninstall: ## Take program and units away again; settings and readings stay
	@.ci/install.sh uninstall

.PHONY: systemd-check
systemd-check: ## Check the systemd units
	@.ci/systemd.sh

.PHONY: test
test: setup-test ## Run all tests (FILTER=name runs some)
	swift test $(TEST_FLAGS) $(LEAN_FLAGS) $(if $(FILTER),--filter '$(FILTER)')

.PHONY: test-release
test-release: setup-test ## Run all tests as optimised code
	swift test $(TEST_FLAGS) -c release -Xswiftc -enable-testing --scratch-path .build-release-tests

.PHONY: simulate
simulate: setup-test ## Play SEEDS simulations of agent, broker and receiver
	ALEC_SIMULATIONS=$(SEEDS) swift test $(TEST_FLAGS) $(LEAN_FLAGS) --filter SimulationTests

.PHONY: check
check: lint generated test ## What a change must pass: format, build, all tests, tidy

.PHONY: lint
lint: ## Say where the format differs from .swift-format
	@.ci/format.sh lint --strict

.PHONY: generated
generated: ## Check that generated files are what their tables say
	@.ci/setup.sh python3
	@.ci/make-start-values.py --check

.PHONY: format
format: ## Format all Swift files in place
	@.ci/format.sh format --in-place

.PHONY: tidy
tidy: ## Check the rules of CONTRIBUTING.md that a program can check
	swift test $(TEST_FLAGS) $(LEAN_FLAGS) --filter TidyTests

.PHONY: coverage
coverage: setup-test ## Measure the lines that tests reach; fail below COVERAGE_PERCENT
	@.ci/coverage.sh Sources/AlecCodec

.PHONY: embedded
embedded: setup ## Run the codec as Embedded Swift, here and on a simulated Cortex-M4
	@Tests/Embedded/run.sh

.PHONY: fuzz
fuzz: ## Fuzz all that reads foreign bytes (each FUZZ_RUNS times, at most FUZZ_SECONDS)
	@for target in $(or $(FUZZ_TARGET),$(FUZZ_TARGETS)); do FUZZ_TARGET=$$target .ci/fuzz.sh; done

.PHONY: bench
bench: setup build ## Measure sizes and speed beside other codecs, remake bench/README.md
	@.ci/python.sh bench -m compare --alec-bench .build/release/alec-bench \
	    --alec .build/release/alec $(ORACLE_FLAGS) $(BENCH_FLAGS)

.PHONY: bench-test
bench-test: setup ## Test the benchmark's own size calculators
	@.ci/python.sh bench -m pytest -q bench/tests

.PHONY: e2e
e2e: build ## Test agent, broker and receiver as programs, with kills (about a minute)
	@.ci/python.sh Tests/EndToEnd -m pytest -q -m 'not long' Tests/EndToEnd

.PHONY: e2e-long
e2e-long: build ## The long ones: ten kills each, bytes on the wire for two minutes
	@.ci/python.sh Tests/EndToEnd -m pytest -q -s -m long Tests/EndToEnd

.PHONY: footprint
footprint: program ## Measure program size, idle memory and time to the first alert
	strip -s -o $(INSTALL_BUILD)/alec $(INSTALL_BUILD)/release/alec
	@ALEC_STATIC=$(CURDIR)/$(INSTALL_BUILD)/alec \
	    ALEC_FIGURES=$(CURDIR)/bench/results/footprint.json \
	    .ci/python.sh Tests/EndToEnd -m pytest -q -s Tests/EndToEnd/tests/test_footprint.py

.PHONY: docs
docs: ## Make the documentation pages of the codec in .build/docs
	@.ci/docs.sh AlecCodec

.PHONY: demo
demo: setup-test ## Show the product at work: sensors, a broker that dies, decoded readings
	@echo "Building alec (the first time takes some minutes) ..."
	@swift build -c release --product alec --quiet $(SWIFT_FLAGS)
	@python3 bench/demo.py $(DEMO_FLAGS)

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf .build .build-* bench/.venv Tests/EndToEnd/.venv
