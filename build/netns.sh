#!/usr/bin/env bash
# A customer's network on this machine: `up` makes it, `down` takes it away. Needs root, ip and nft.
#
#   marsad-core   control plane    10.90.1.1
#   marsad-relay  relay            10.90.1.2 towards the control plane, 10.90.2.1 towards the customer; it forwards nothing
#   marsad-site   the customer's network, and in it a neighbour (10.90.2.2) and two hosts:
#   marsad-web1   10.90.2.11
#   marsad-web2   10.90.2.12
set -euo pipefail
spaces="core relay site web1 web2"

inside() { ip netns exec "marsad-$1" "${@:2}"; }

# A wire between two of them: FROM INTERFACE TO INTERFACE
wire() { ip link add "$2" netns "marsad-$1" type veth peer name "$4" netns "marsad-$3"; }

address() { # SPACE INTERFACE ADDRESS
  inside "$1" ip address add "$3" dev "$2"
  inside "$1" ip link set "$2" up
}

down() {
  for name in $spaces; do
    for pid in $(ip netns pids "marsad-$name" 2>/dev/null); do kill -9 "$pid" 2>/dev/null || true; done
    ip netns del "marsad-$name" 2>/dev/null || true
    rm -rf "/etc/netns/marsad-$name"
  done
}

up() {
  for name in $spaces; do
    ip netns add "marsad-$name"
    inside "$name" ip link set lo up
    inside "$name" sysctl -qw net.ipv4.ip_forward=0 2>/dev/null || true
  done
  wire core eth0 relay up0
  address core eth0 10.90.1.1/24
  address relay up0 10.90.1.2/24
  inside site ip link add lan type bridge
  address site lan 10.90.2.2/24
  for one in "relay down0 10.90.2.1/24" "web1 eth0 10.90.2.11/24" "web2 eth0 10.90.2.12/24"; do
    set -- $one
    wire "$1" "$2" site "$1"
    inside site ip link set "$1" master lan up
    address "$1" "$2" "$3"
  done
  # Each host is a machine of its own: this is mounted over /etc for whatever is started in it.
  for name in web1 web2; do
    mkdir -p "/etc/netns/marsad-$name"
    head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n' > "/etc/netns/marsad-$name/machine-id"
    echo "$name" > "/etc/netns/marsad-$name/hostname"
  done
}

case "${1:-}" in
  up) down; up ;;
  down) down ;;
  *) echo "usage: $0 up | down" >&2; exit 2 ;;
esac
