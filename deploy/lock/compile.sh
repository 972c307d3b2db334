#!/bin/sh
# Rewrites both lock files from pyproject.toml: hashes, no download addresses.
set -eu
cd "$(dirname "$0")/../.."
compile() {
    .venv/bin/uv pip compile pyproject.toml "$@" --universal --python-version 3.11 \
        --generate-hashes --no-header --no-emit-index-url --no-annotate --quiet
}
compile -o deploy/lock/runtime.txt
compile --group local --group dev -c deploy/lock/runtime.txt -o deploy/lock/dev.txt
