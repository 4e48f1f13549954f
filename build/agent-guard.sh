#!/bin/sh
# Begins the agent that is current. One on trial that was begun three times and did not report makes way for the one before. It is
# put here by install.sh, and no update replaces it.
home="$(dirname "$(readlink -f "$0")")/.."
home="$(readlink -f "$home")"

look() {
  [ -f "$home/trial" ] || return 0
  printf x >> "$home/tried"
  if [ "$(wc -c < "$home/tried")" -gt 3 ] && [ -L "$home/previous" ]; then
    ln -sfn "$(readlink "$home/previous")" "$home/current.next"
    mv -T "$home/current.next" "$home/current"
    mv "$home/trial" "$home/failed"
    rm -f "$home/tried"
    echo "marsad agent: $(cut -d ' ' -f 1 "$home/failed") did not report; $(readlink "$home/current") is back" >&2
  fi
}

[ "${1:-}" = run ] || exec "$home/current/bin/marsad-agent" "$@"
export MARSAD_AGENT_HOME="$home"
look
# systemd begins it again by itself, and comes by here each time.
[ -z "${INVOCATION_ID:-}" ] || exec "$home/current/bin/marsad-agent" "$@"

stopped=no
child=
trap 'stopped=yes; [ -z "$child" ] || kill -TERM "$child"' TERM INT
while :; do
  "$home/current/bin/marsad-agent" "$@" &
  child=$!
  code=0
  wait "$child" || code=$?
  while kill -0 "$child" 2> /dev/null; do # a signal ends the waiting, not the child
    code=0
    wait "$child" || code=$?
  done
  child=
  [ $stopped = no ] || exit "$code"
  if [ "$code" != 75 ]; then
    [ -f "$home/trial" ] || exit "$code"
    sleep 5
  fi
  look
done
