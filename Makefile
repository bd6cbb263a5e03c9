# dubwatch: `make demo` shows it live, `make test` checks all of it. Both work from a clean clone with Swift, git, make and apt.
.DEFAULT_GOAL := help
SHELL := /bin/bash
SUPPORT := Tests/Support
RELEASE := .build/release/dubwatch
PREFIX ?= /usr/local
# Swift's libraries inside the program: less memory, and it runs where no Swift is installed.
RELEASE_FLAGS := -c release $(if $(filter Linux,$(shell uname)),--static-swift-stdlib -Xlinker -s)
# Our own targets treat warnings as errors; without it a newer compiler's warnings stop nobody from building.
export DUBWATCH_STRICT := 1
export DUBWATCH_TEST_PYTHON := $(CURDIR)/.venv/bin/python

.PHONY: help setup setup-program setup-tests build demo install dist test check goldens docs soak lint format bench screenshots clean

help: ## lists what can be made
	@awk -F ':.*## ' '/^[a-z%-]+:.*## /{sub("%", "TARGET", $$1); printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: setup-program setup-tests ## installs what is missing to build, run and test

setup-program:
	@$(SUPPORT)/setup.sh program

setup-tests:
	@$(SUPPORT)/setup.sh tests

build: setup-program ## builds the program (release)
	@swift build $(RELEASE_FLAGS) --product dubwatch

demo: build ## shows the embedded pipeline live
	@exec $(RELEASE) demo

install: build ## installs program, completions and man page: `make install PREFIX=$HOME/.local`, by default below /usr/local
	@$(SUPPORT)/install.sh $(RELEASE) $(DESTDIR)$(PREFIX)

dist: build ## makes dist/dubwatch-VERSION-SYSTEM-MACHINE.tar.gz, and checks it where no checkout is near
	@$(SUPPORT)/dist.sh $(RELEASE) dist

test: setup ## format lint, warnings as errors, import rules, all tests, the real binary on a pty
	@$(SUPPORT)/test.sh

check: setup-program ## the quick part of it in two minutes: format, warnings, import rules, tests that need nothing beside them
	@$(SUPPORT)/test.sh check

test-%: setup-tests ## the tests of one target, such as `make test-MonitorUITests`
	@$(SUPPORT)/test.sh $*

goldens: ## draws the stored screens anew, shows each change and takes it over on yes
	@$(SUPPORT)/goldens.sh

docs: ## prints the lists of the manual anew from the tables that the program reads; `make check` fails where they are not current
	@swift run manualprinter Sources/dubwatch/Manual.docc

soak: setup build ## the long checks: equal verdicts on a busy machine, then an hour of watching with flat memory
	@$(SUPPORT)/soak.sh

lint: ## checks the format and the rules of .swift-format
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests

format: ## formats all sources
	@swift format --in-place --recursive --parallel Package.swift Sources Tests

bench: setup build ## measures parser, history, logs, screen and cost beside the things to beat
	@swift build $(RELEASE_FLAGS) --product ParserBench
	@swift build $(RELEASE_FLAGS) --product FoldBench
	@swift build $(RELEASE_FLAGS) --product RecordingBench
	@$(SUPPORT)/bench.sh

screenshots: build ## renders the pictures of the README from what is live
	@$(SUPPORT)/screenshots.sh

clean: ## removes what was built
	@rm -rf .build
