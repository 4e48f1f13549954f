#!/usr/bin/env bash
# Packs the Linux agent: a Java runtime of its own with nothing but what it needs, its jars, a launcher, a systemd unit and an
# installer. Needs JAVA_HOME, LIBRARIES (its jars), VERSION and OUT (an empty folder's name). Prints the path of the package.
set -euo pipefail
name="marsad-agent-$VERSION-linux-$(uname -m)"
folder="$OUT/$name"
mkdir -p "$folder/bin" "$folder/lib"
cp "$LIBRARIES"/*.jar "$folder/lib/"
# Of Bouncy Castle the agent needs Ed25519 and ASN.1. TLS would look for its provider, and load seven hundred classes for it (8 MB
# of memory): it is left out, and with it the signatures that only a provider needs.
trimmed="$(mktemp -d)"
trap 'rm -rf "$trimmed"' EXIT
for jar in "$folder"/lib/bcprov-*.jar; do
  (cd "$trimmed" && "$JAVA_HOME/bin/jar" xf "$jar")
  (cd "$trimmed" && rm -rf META-INF/*.SF META-INF/*.DSA META-INF/*.RSA META-INF/*.EC META-INF/versions \
    org/bouncycastle/jce/provider/BouncyCastleProvider*.class org/bouncycastle/jcajce/provider org/bouncycastle/pqc/jcajce)
  "$JAVA_HOME/bin/jar" cf "$jar" -C "$trimmed" .
done
"$JAVA_HOME/bin/jlink" --add-modules java.base,java.logging,java.management,java.naming,java.xml,jdk.unsupported \
  --strip-debug --no-header-files --no-man-pages --compress zip-9 --output "$folder/runtime"
echo "$VERSION" > "$folder/version"
cat > "$folder/bin/marsad-agent" <<'EOF'
#!/bin/sh
here="$(dirname "$(readlink -f "$0")")/.."
exec "$here/runtime/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx24m -Xmn3m -Xss256k -XX:+UseCompactObjectHeaders -XX:MaxDirectMemorySize=16m \
  -XX:ReservedCodeCacheSize=24m -XX:TrimNativeHeapInterval=30000 -XX:+PerfDisableSharedMem --sun-misc-unsafe-memory-access=allow \
  --enable-native-access=ALL-UNNAMED -Dmarsad.agent.version="$(cat "$here/version")" -Dio.grpc.netty.shaded.io.netty.allocator.type=unpooled \
  -cp "$here/lib/*" io.marsad.agent.Main "$@"
EOF
cp "$(dirname "$0")/agent-guard.sh" "$folder/guard.sh"
cat > "$folder/marsad-agent.service" <<'EOF'
[Unit]
Description=Marsad endpoint agent
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=/opt/marsad-agent/bin/marsad-agent run --data /var/lib/marsad-agent
Restart=always
RestartSec=5
SuccessExitStatus=75
StateDirectory=marsad-agent
StateDirectoryMode=0700
MemoryMax=256M
CPUQuota=20%
NoNewPrivileges=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
EOF
cat > "$folder/install.sh" <<'EOF'
#!/bin/sh
# Puts the agent into /opt, lets the host in, starts it. On a host that is in already it needs no arguments, and replaces the agent.
set -eu
data="${MARSAD_AGENT_DATA:-/var/lib/marsad-agent}"
home="${MARSAD_AGENT_HOME:-/opt/marsad-agent}"
[ "$(id -u)" = 0 ] || { echo "install.sh: this has to be done by root" >&2; exit 1; }
if [ $# = 0 ] && [ ! -e "$data/identity.json" ] || [ "${1:-}" = --help ]; then
  echo "usage: $0 --server HOST:PORT --secret SECRET --authority SHA256" >&2
  exit 2
fi
here="$(dirname "$(readlink -f "$0")")"
version="$(cat "$here/version")"
mkdir -p "$home/bin" "$home/versions" "$data"
chmod 700 "$data"
rm -rf "$home/lib" "$home/runtime" "$home/versions/$version.next" "$home/trial" "$home/tried" "$home/failed"
cp -R "$here" "$home/versions/$version.next"
rm -rf "$home/versions/$version"
mv "$home/versions/$version.next" "$home/versions/$version"
[ ! -L "$home/current" ] || ln -sfn "$(readlink "$home/current")" "$home/previous"
ln -sfn "versions/$version" "$home/current"
cp "$here/guard.sh" "$home/bin/marsad-agent.next"
mv "$home/bin/marsad-agent.next" "$home/bin/marsad-agent"
[ $# = 0 ] || "$home/bin/marsad-agent" enroll --data "$data" "$@"
if [ -z "${MARSAD_AGENT_HOME:-}" ] && [ -d /run/systemd/system ]; then
  cp "$here/marsad-agent.service" /etc/systemd/system/
  systemctl daemon-reload
  systemctl enable marsad-agent
  systemctl restart marsad-agent
else
  echo "Nothing starts it here by itself. Start it with: $home/bin/marsad-agent run --data $data"
fi
EOF
chmod 755 "$folder/bin/marsad-agent" "$folder/install.sh" "$folder/guard.sh"
tar -C "$OUT" --owner=0 --group=0 -czf "$OUT/$name.tar.gz" "$name"
echo "$OUT/$name.tar.gz"
