# make demo   set up, then the whole pipeline on the embedded recording
# make quick  set up, then the static checks and the quick tests: before every commit
# make test   set up, then the static checks and all tests but the renderer's; TESTS=... names other ones
# make check  set up, then the static checks alone
# make clean  remove what the pipeline made (the DVC cache and the MLflow store stay)

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PYTEST := OMP_NUM_THREADS=1 pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder
TESTS ?=
export PATH := $(CURDIR)/$(BIN):$(PATH)
export DVC_NO_ANALYTICS := 1
export MLFLOW_DISABLE_TELEMETRY := true

.PHONY: install demo quick test check clean

install: $(READY)

$(READY): Makefile pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info < (3, 13); sys.exit(None if ok else "emotts needs Python 3.11 or 3.12, found %d.%d: set PYTHON=..." % sys.version_info[:2])'
	@echo "Setting up $(VENV) (some minutes the first time) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) pip setuptools wheel
	@$(PIP) torch
	@$(PIP) --editable '.[asr,bert,dask,dev,espeak,onnx,postgresql,quality,serve,vad,web]'
	@$(PIP) --no-deps resemblyzer
	@touch $(READY)

demo: $(READY)
	emotts run emotts/demo/recording --language KR --speaker nezumi

check: $(READY)
	ruff check .
	ruff format --check .
	mypy
	lint-imports

quick: check
	$(PYTEST) -m "not slow" tests/unit

test: check
	$(PYTEST) $(TESTS)

clean:
	rm -rf data models/emotion_classifier models/voice models/export reports
