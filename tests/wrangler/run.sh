#!/bin/sh
# Runs the official command line, unchanged, against a Mnemon server of its own.
#
#   tests/wrangler/run.sh [path of the mnemon binary]
#
# Needs npm, and the network the first time: wrangler and a Node that is new enough for it are installed into
# target/wrangler. Without npm it says so and passes.
set -eu
cd "$(dirname "$0")/../.."
mnemon=${1:-target/release/mnemon}
home=$PWD/target/wrangler

skip() {
    echo "wrangler check skipped: $1"
    exit 0
}
command -v npm >/dev/null || skip "npm is not installed"
[ -x "$mnemon" ] || { echo "there is no $mnemon: build it first, or name another" >&2; exit 1; }

mkdir -p "$home/home"
if ! cmp -s tests/wrangler/package.json "$home/installed.json"; then
    cp tests/wrangler/package.json "$home/package.json"
    (cd "$home" && npm install --no-audit --no-fund --no-package-lock --loglevel=error) || skip "npm could not install wrangler"
    cp tests/wrangler/package.json "$home/installed.json"
fi

data=$(mktemp -d)
MNEMON_API_TOKEN=wrangler-check "$mnemon" serve --data "$data" --listen 127.0.0.1:0 --json >"$data/started" 2>"$data/log" &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$data"' EXIT
until grep -q '"url"' "$data/started"; do
    kill -0 $server 2>/dev/null || { cat "$data/log" >&2; exit 1; }
    sleep 0.1
done
url=$(sed -n 's/.*"url": "\([^"]*\)".*/\1/p' "$data/started")

# A home folder of its own, and nothing is reported to anyone.
HOME=$home/home XDG_CONFIG_HOME=$home/home/.config NO_COLOR=1 CI=1 \
    WRANGLER_SEND_METRICS=false WRANGLER_WRITE_LOGS=false WRANGLER_HIDE_BANNER=true \
    CLOUDFLARE_API_BASE_URL=$url/client/v4 CLOUDFLARE_API_TOKEN=wrangler-check CLOUDFLARE_ACCOUNT_ID=local \
    "$home/node_modules/node/bin/node" tests/wrangler/check.mjs "$home/node_modules/wrangler/bin/wrangler.js"

kill -TERM $server
wait $server || { echo "the server did not stop well" >&2; cat "$data/log" >&2; exit 1; }
echo "wrangler check passed"
