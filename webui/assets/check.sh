#!/bin/sh
# Rebuild the committed bundles and compare: the same sources must give the same bytes.
# Without npm this is skipped with a loud line; in CI (CI=true) that is a failure.
set -eu
here=$(cd "${0%/*}" && pwd)
static=$here/../static

if ! command -v npm >/dev/null 2>&1; then
    echo "=== SKIPPED: npm is not installed, the bundles in webui/static were NOT rebuilt and compared ===" >&2
    [ "${CI:-}" = "true" ] && exit 1
    exit 0
fi

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
cd "$here/studio"
[ -d node_modules ] && [ package-lock.json -ot node_modules/.package-lock.json ] || npm ci --silent
node --test test/*.test.mjs >/dev/null
node build.mjs "$built" >/dev/null

for part in bundles vendor/htmx.min.js assets.lock.json; do
    diff -r "$built/$part" "$static/$part" >/dev/null || {
        echo "webui/static/$part differs from what its sources give: run 'npm run build' in webui/assets/studio" >&2
        exit 1
    }
done
echo "bundles: rebuilt, identical"
