#!/usr/bin/env bash
# Mutation testing: changes one expression at a time and runs the tests of its subject, which must fail.
#
#   tests/mutants/run.sh                        every module below
#   tests/mutants/run.sh limit sign             these modules
#   tests/mutants/run.sh error -- --shard 0/4   a quarter of them; options of `cargo mutants`
#
# Needs cargo-mutants (`cargo install --locked cargo-mutants`). Prints the missed mutants of each module and a
# table; fails if a mutant was missed that is not in equivalent.txt.
set -euo pipefail
cd "$(dirname "$0")/../.."
export CARGO_TERM_COLOR=never CARGO_PROFILE_DEV_DEBUG=0 ALIBABA_CLOUD_ECS_METADATA_DISABLED=true
export RUST_BACKTRACE=0
output=$PWD/target/mutants
export CARGO_TARGET_DIR=$output/build # kept between runs; the tests build other configurations

# Name, files, and the test targets of the subject: to link all of them for each mutant takes over a minute. Only
# the mutants that the targets before a bar miss get those after it.
modules='
limit        core  policy/limit  lib limit generic_call
retry        core  policy/retry  lib attempts
skew         core  policy/skew   lib attempts
endpoint     core  product/endpoint lib call endpoint
sign         core  sign          lib signed_copies signing | call headers
flatten      wire  flatten       flatten finite
request      wire  request       request request_secrets | decoding finite
decode       wire  decode        decoding | growth memory xml
error        core  error         errors | lib attempts leaks paging
credentials  core  credentials   credentials | lib config
'

names=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do names+=("$1"); shift; done
[ $# -eq 0 ] || shift
options=("$@")
if [ ${#names[@]} -eq 0 ]; then mapfile -t names < <(awk 'NF { print $1 }' <<<"$modules"); fi

# Prints the lines of a result file without positions, which change with every edit.
mutants_in() { sed -E 's/^([^:]+):[0-9]+:[0-9]+: /\1: /' "$1" | sort; }

known=$(sed -E '/^(#|$)/d' tests/mutants/equivalent.txt | sort)
table=$(printf '%-12s %8s %8s %8s %8s %8s %10s' module mutants caught missed timeout unviable equivalent)
failed=0
for name in "${names[@]}"; do
    read -r _ crate file targets < <(grep -E "^$name " <<<"$modules") || {
        echo "unknown module $name; the modules are in $0" >&2
        exit 2
    }
    source=crates/alicloud-$crate/src/$file
    results=$output/$name/mutants.out
    mkdir -p "$output/$name"
    # Runs the mutants with these targets.
    mutate() {
        local status=0 tests=() # not after `--`: those arguments do not limit what is built
        for target in $1; do
            [ "$target" = lib ] && tests+=(--cargo-arg=--lib) || tests+=("--cargo-arg=--test=$target")
        done
        shift
        cargo mutants --package "alicloud-$crate" --file "$source.rs" --file "$source/**" --output "$output/$name" \
            --colors never "${tests[@]}" "${options[@]}" "$@" || status=$?
        case $status in
            0 | 2 | 3) ;; # all caught, some missed, some timed out
            *) exit "$status" ;;
        esac
    }
    mutate "${targets%%|*}"
    if [[ $targets == *"|"* && -s $results/missed.txt ]]; then
        for list in caught unviable; do cp "$results/$list.txt" "$output/$name/first_$list.txt"; done
        [[ " ${options[*]} " == *" --iterate "* ]] && again=() || again=(--iterate)
        mutate "${targets//|/}" "${again[@]}"
        for list in caught unviable; do cat "$output/$name/first_$list.txt" >>"$results/$list.txt"; done
    fi
    count() { wc -l <"$results/$1.txt"; }
    missed=$(comm -23 <(mutants_in "$results/missed.txt") <(echo "$known") | grep -c . || true)
    equivalent=$(comm -12 <(mutants_in "$results/missed.txt") <(echo "$known") | grep -c . || true)
    total=$(($(count caught) + $(count missed) + $(count timeout) + $(count unviable)))
    table+=$(printf '\n%-12s %8s %8s %8s %8s %8s %10s' "$name" "$total" "$(count caught)" "$missed" \
        "$(count timeout)" "$(count unviable)" "$equivalent")
    [ "$missed" -eq 0 ] || failed=1
    comm -13 <(mutants_in "$results/missed.txt") <(echo "$known") | comm -12 - <(mutants_in "$results/caught.txt") |
        sed 's/^/caught although listed as equivalent: /'
done
echo "$table"
exit $failed
