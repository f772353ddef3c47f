#!/bin/sh
# The unit as configured is one that systemd takes without a complaint. The
# program is not installed at test time, so another one stands in for it.
set -eu
analyze=$1
unit=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$unit" >"$folder/tocsind.service"
said=$("$analyze" verify --man=no "$folder/tocsind.service" 2>&1) || {
  echo "$said"
  exit 1
}
if echo "$said" | grep tocsind; then
  exit 1
fi
