#!/usr/bin/env bash
# Measures a fleet on loopback: shared limits, fairness, costs, and a job that moves between machines.
#
# Needs the program redis-server (Debian package redis-server), and about 15 minutes on two idle cores. Every number is
# printed; fails if a call was lost, an object was submitted twice, or more calls started in a second than promised.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v redis-server >/dev/null || {
    echo 'redis-server is not installed; on Debian: apt-get install redis-server' >&2
    exit 1
}
# No test may be skipped, and nothing asks the metadata service for credentials.
export ALICLOUD_REQUIRE_REDIS=1 ALIBABA_CLOUD_ECS_METADATA_DISABLED=true

cargo build --quiet --release --package alicloud-examples --example fleet
cargo test --quiet --release --package alicloud-limit-redis --package alicloud-cdn-refresh --no-run

printf '\n== fairness of simulated processes, in virtual time; commands per start\n'
cargo test --quiet --release --package alicloud-limit-redis --test it -- --nocapture fairness commands |
    grep --extended-regexp 'per (second|start)'

printf '\n== costs of a start\n'
cargo bench --quiet --package alicloud-limit-redis --bench starts

printf '\n== twenty processes'
target/release/examples/fleet

printf '\n== a job of 5,000 URLs on three machines, killed 30 times\n'
MACHINES_KILLS=30 MACHINES_URLS=5000 cargo test --quiet --release --package alicloud-cdn-refresh --test it -- --nocapture machines
