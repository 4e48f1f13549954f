#!/usr/bin/env bash
# Starts the demo on free ports in a folder of its own, drives its console in Chromium, stops it. Needs MARSAD (the
# launcher), MARSAD_DATA (an empty folder's name) and CHROMIUM (the browser). MARSAD_SHOTS=1 renews docs/images.
set -euo pipefail
cd "$(dirname "$0")/.."
# The story is told slowly, so that alerts still come when a slow machine has opened the browser; pictures want its end.
length="${MARSAD_DEMO_LENGTH:-$([ "${MARSAD_SHOTS:-}" = 1 ] && echo 45 || echo 120)}"
out="$(mktemp)"
# A product of this machine that the platform may talk to; the tests have something answer there.
MARSAD_PRODUCT="http://127.0.0.1:$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')"
export MARSAD_PRODUCT
"$MARSAD" build
"$MARSAD" demo --data "$MARSAD_DATA" --port 0 --length "$length" --set watch=false --set "outbound.allow=$MARSAD_PRODUCT" > "$out" 2>&1 &
demo=$!
stop() { kill "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; rm -f "$out"; }
trap stop EXIT
for _ in $(seq 1 1200); do
  grep -q '^  Login ' "$out" && break
  kill -0 "$demo" 2>/dev/null || { cat "$out"; echo "the demo ended before it was ready" >&2; exit 1; }
  sleep 0.1
done
MARSAD_URL="$(sed -n 's/^  Console *//p' "$out" | head -1)"
MARSAD_USER="$(sed -n 's|^  Login *\([^ ]*\) / .*|\1|p' "$out" | head -1)"
MARSAD_PASSWORD="$(sed -n 's|^  Login *[^ ]* / \([^ ]*\).*|\1|p' "$out" | head -1)"
[ -n "$MARSAD_PASSWORD" ] || { cat "$out"; echo "no login was printed" >&2; exit 1; }
export MARSAD_URL MARSAD_USER MARSAD_PASSWORD
node --test --test-reporter=spec console/e2e/console.e2e.mjs || { echo "--- the demo printed:"; cat "$out"; exit 1; }
