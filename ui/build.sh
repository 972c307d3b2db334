#!/bin/sh
# Builds the console into ui/dist, if anything changed. `--optional`: without Node, say so and go on.
set -eu
cd "$(dirname "$0")"

missing() {
    echo "The console is not built: $1" >&2
    echo "Install Node 20.19 or newer with npm (Debian: apt-get install nodejs npm, if new enough)," >&2
    echo "then run \`make console\`. The API and the command line work without it." >&2
    [ "$optional" = yes ] && exit 0
    exit 1
}

optional=no
[ "${1:-}" = --optional ] && optional=yes
command -v node >/dev/null && command -v npm >/dev/null || missing "there is no Node here."
node -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    missing "Node is $(node --version), too old."

# Newer than what it was made from?
current() { [ -e "$1" ] && [ -z "$(find $2 -newer "$1" -print -quit)" ]; }

if ! current node_modules/.installed "package.json package-lock.json .npmrc"; then
    echo "Installing what the console is built with (about 20 seconds, once) ..."
    npm ci --no-fund --no-audit --loglevel=error && touch node_modules/.installed
fi
if ! current dist/index.html "src index.html vite.config.ts tsconfig.json node_modules/.installed"; then
    echo "Building the console ..."
    npm run --silent build -- --logLevel warn
fi
