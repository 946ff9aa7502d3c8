#!/bin/sh
# The page assets: vendor.sh SOURCE BUILD
# From SOURCE/vendor (a tarball has it), else from npm by the lock file, to BUILD/vendor.
set -eu

mkdir -p "$2/vendor"
source=$(cd "$1" && pwd -P)
build=$(cd "$2" && pwd -P)

if cmp -s "$source/package-lock.json" "$source/vendor/package-lock.json"; then
    [ "$source" = "$build" ] || cp -f "$source"/vendor/* "$build/vendor/"
    exit 0
fi

command -v "${NPM:-npm}" >/dev/null || {
    echo "npm is missing: apt-get install npm (a release tarball needs none)" >&2
    exit 1
}
[ "$source" = "$build" ] || cp -f "$source/package.json" "$source/package-lock.json" "$build/"
(
    cd "$build"
    "${NPM:-npm}" ci --ignore-scripts --no-audit --no-fund --engine-strict=false --loglevel=error
)
from=$build/node_modules
cp -f "$from/@tabler/core/dist/css/tabler.min.css" "$from/htmx.org/dist/htmx.min.js" \
    "$build/package-lock.json" "$build/vendor/"
cp -f "$source/licences/tabler.LICENSE" "$build/vendor/"
cp -f "$from/bootstrap/LICENSE" "$build/vendor/bootstrap.LICENSE"
cp -f "$from/htmx.org/LICENSE" "$build/vendor/htmx.LICENSE"
