# Every target sets up what it needs on a machine with Python 3.11 or later and make: see tools/bootstrap.py.
#   make demo    certify a sound service and a broken one
#   make test    everything a change must pass; .ci/run and the workflow call this
#   make lint    the same without the tests
#   make docs    write the generated reference
#   make bench   measure speed; make soak: repeat every drill and publish its flake rate

PYTHON ?= python3
UV := .cache/tools/uv
RUN := $(UV) run --no-sync python

unexport VIRTUAL_ENV
export UV_PYTHON_DOWNLOADS ?= never
ifndef SSL_CERT_FILE
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem /etc/pki/tls/certs/ca-bundle.crt),)
export UV_SYSTEM_CERTS ?= true
endif
endif

.PHONY: help setup services demo test lint docs bench soak
.NOTPARALLEL:

help:
	@sed -n 's/^# *make/make/p' Makefile

setup:
	@$(PYTHON) tools/system_programs.py
	@$(PYTHON) tools/bootstrap.py
	@$(UV) sync --quiet --locked --all-packages --all-extras

# The reference services and lemons/base are subjects: each has its own environment, never the workspace's.
services: setup
	@for project in services/* lemons/base; do \
	  if [ -f $$project/uv.lock ]; then $(UV) sync --quiet --locked --project $$project || exit 1; fi; \
	done

demo: services
	@$(RUN) -m tools.demo

test: services
	@$(RUN) tools/quality.py test

lint: services
	@$(RUN) tools/quality.py lint

docs: setup
	@$(RUN) tools/gen_docs.py

bench: services
	@$(RUN) -m bench

soak: services
	@$(RUN) -m tools.soak
