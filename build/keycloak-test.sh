#!/usr/bin/env bash
# Single sign-on with a real Keycloak: fetches it once (175 MB), starts it and a platform on free ports in folders of their
# own, and signs people in through Chromium. Needs MARSAD (the launcher), MARSAD_DATA (an empty folder's name), CHROMIUM,
# JAVA_HOME and mvn.
set -euo pipefail
cd "$(dirname "$0")/.."
version=26.7.2
home="$PWD/target/keycloak/keycloak-$version"
if [ ! -d "$home" ]; then
  echo "Fetching Keycloak $version (175 MB, once)."
  mkdir -p target/keycloak
  # Outside of the project: it is no part of the build.
  (cd target/keycloak && mvn -q -ntp org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy \
    -Dartifact="org.keycloak:keycloak-quarkus-dist:$version:zip" -DoutputDirectory=.)
  rm -rf target/keycloak/unpacked
  mkdir target/keycloak/unpacked
  (cd target/keycloak/unpacked && "$JAVA_HOME/bin/jar" xf "../keycloak-quarkus-dist-$version.zip")
  chmod +x "target/keycloak/unpacked/keycloak-$version/bin/kc.sh"
  mv "target/keycloak/unpacked/keycloak-$version" "$home"
  rm -rf target/keycloak/unpacked "target/keycloak/keycloak-quarkus-dist-$version.zip"
fi
mkdir -p "$MARSAD_DATA"
free_port() { node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
keycloak_port="$(free_port)"
marsad_port="$(free_port)"
secret() { node -e 'console.log(require("node:crypto").randomBytes(18).toString("base64url"))'; }
export KEYCLOAK_ADMIN_PASSWORD="$(secret)" KEYCLOAK_CLIENT_SECRET="$(secret)" KEYCLOAK_PERSON_PASSWORD="$(secret)"
export KEYCLOAK_URL="http://localhost:$keycloak_port"

# A copy: it writes beside its own files, and tests begin with none.
cp -r "$home" "$MARSAD_DATA/keycloak"
mkdir -p "$MARSAD_DATA/keycloak/data/import"
sed -e "s|@ORIGIN@|http://localhost:$marsad_port|g" -e "s|@CLIENT_SECRET@|$KEYCLOAK_CLIENT_SECRET|" \
  -e "s|@PERSON_PASSWORD@|$KEYCLOAK_PERSON_PASSWORD|g" console/e2e/keycloak-realm.json > "$MARSAD_DATA/keycloak/data/import/soc.json"
keycloak="" platform=""
stop() {
  [ -z "$platform" ] || { kill "$platform" 2>/dev/null || true; wait "$platform" 2>/dev/null || true; }
  [ -z "$keycloak" ] || { kill "$keycloak" 2>/dev/null || true; wait "$keycloak" 2>/dev/null || true; }
}
trap stop EXIT
KC_BOOTSTRAP_ADMIN_USERNAME=admin KC_BOOTSTRAP_ADMIN_PASSWORD="$KEYCLOAK_ADMIN_PASSWORD" JAVA_OPTS_KC_HEAP="-Xms64m -Xmx512m" \
  "$MARSAD_DATA/keycloak/bin/kc.sh" start-dev --import-realm --http-host=127.0.0.1 --http-port="$keycloak_port" \
  --hostname="$KEYCLOAK_URL" > "$MARSAD_DATA/keycloak.log" 2>&1 &
keycloak=$!
"$MARSAD" up --data "$MARSAD_DATA/marsad" --port "$marsad_port" --set watch=false --set "outbound.allow=$KEYCLOAK_URL" > "$MARSAD_DATA/marsad.log" 2>&1 &
platform=$!
give_up() { echo "$1" >&2; tail -40 "$MARSAD_DATA/keycloak.log" "$MARSAD_DATA/marsad.log" >&2; exit 1; }
answers() { node -e 'fetch(process.argv[1]).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))' "$1"; }
for _ in $(seq 1 600); do
  kill -0 "$keycloak" 2>/dev/null || give_up "Keycloak ended before it was ready"
  kill -0 "$platform" 2>/dev/null || give_up "the platform ended before it was ready"
  if grep -q '^  Login ' "$MARSAD_DATA/marsad.log" && answers "$KEYCLOAK_URL/realms/soc/.well-known/openid-configuration"; then ready=1; break; fi
  sleep 0.3
done
[ "${ready:-}" = 1 ] || give_up "Keycloak and the platform were not ready within three minutes"
MARSAD_URL="http://localhost:$marsad_port"
MARSAD_USER="$(sed -n 's|^  Login *\([^ ]*\) / .*|\1|p' "$MARSAD_DATA/marsad.log" | head -1)"
MARSAD_PASSWORD="$(sed -n 's|^  Login *[^ ]* / \([^ ]*\).*|\1|p' "$MARSAD_DATA/marsad.log" | head -1)"
export MARSAD_URL MARSAD_USER MARSAD_PASSWORD
node --test --test-reporter=spec console/e2e/keycloak.e2e.mjs || give_up "single sign-on with Keycloak failed"
