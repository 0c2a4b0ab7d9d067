#!/usr/bin/env bash
# Checks a log that the embedded stack wrote with Go's golang.org/x/mod/sumdb, which others wrote. Installs Go where that is
# possible without asking; where it is not, says so and passes.
set -euo pipefail
cd "$(dirname "$0")/.."

sources=/usr/share/gocode
if ! command -v go >/dev/null 2>&1 || [ ! -d "$sources/src/golang.org/x/mod/sumdb/tlog" ]; then
  apt-get install -y --no-install-recommends golang-go golang-golang-x-mod-dev >/dev/null 2>&1 || {
    printf 'tlog-check: no Go with golang.org/x/mod, and it could not be installed.\n'
    exit 0
  }
fi
[ "${1:-}" = install ] && exit 0

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
node dist/local/start.js --once --json --keep "$work/kept" >/dev/null
GO111MODULE=off GOPATH="$sources" GOCACHE="$work/cache" go run test/evidence/tlog-check/main.go "$work/kept/evidence"
