#!/bin/sh
# Refresh or preload URLs on Alibaba Cloud CDN, and wait until they are live everywhere. Exits with
# the exit code of cdn-refresh. Called by action.yml; other pipelines can call it as well.
#
# CDN_COMMAND    refresh or preload; defaults to refresh
# CDN_URLS       URLs, one per line
# CDN_TIMEOUT    maximum time of the run, such as 20m; by default only the wait is limited, to 15m, or 60m
#                for a preload
# CDN_ARGUMENTS  additional arguments of the command, separated by blanks or line breaks; quote an
#                argument with a blank: --header 'Accept-Encoding: br'
#
# CDN_ROLE_ARN, CDN_OIDC_PROVIDER_ARN
#                RAM role to assume with the OIDC token of the GitHub job, and the OIDC provider
# CDN_AUDIENCE   audience of that token; defaults to sts.aliyuncs.com
#
# Without a role, the credentials of the environment are used. With a role, an access key in the
# environment is ignored.

set -eu

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 3
}

if [ -n "${CDN_ROLE_ARN:-}" ]; then
    [ -n "${CDN_OIDC_PROVIDER_ARN:-}" ] ||
        fail "role-arn requires an OIDC provider that trusts GitHub; set oidc-provider-arn"
    [ -n "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ] && [ -n "${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-}" ] ||
        fail "this job has no OIDC token; add 'permissions: id-token: write' to it"
    # cdn-refresh prefers an access key to a role.
    if [ -n "${ALIBABA_CLOUD_ACCESS_KEY_ID:-}${ALIBABA_CLOUD_ACCESS_KEY_SECRET:-}" ]; then
        printf 'warning: using the role %s; the access key in the environment is ignored\n' \
            "$CDN_ROLE_ARN" >&2
    fi
    unset ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET ALIBABA_CLOUD_SECURITY_TOKEN
    umask 077
    temp_dir=$(mktemp -d)
    trap 'rm -rf "$temp_dir"' EXIT
    trap 'fail "interrupted before anything was sent; run the job again"' INT TERM
    # The header goes through a pipe because other processes can read arguments.
    printf 'Authorization: bearer %s\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
        curl --silent --show-error --fail --max-time 30 --header @- --output "$temp_dir/response" \
            --get --data-urlencode "audience=${CDN_AUDIENCE:-sts.aliyuncs.com}" \
            "$ACTIONS_ID_TOKEN_REQUEST_URL" ||
        fail "cannot fetch the OIDC token from GitHub; run the job again"
    sed -n 's/.*"value" *: *"\([^"]*\)".*/\1/p' "$temp_dir/response" >"$temp_dir/token"
    [ -s "$temp_dir/token" ] || fail "the response of GitHub's token service has no token; run the job again"
    # The open file stays readable after it is deleted, and ends with cdn-refresh.
    exec 3<"$temp_dir/token"
    rm -rf "$temp_dir"
    trap - EXIT INT TERM
    export ALIBABA_CLOUD_ROLE_ARN="$CDN_ROLE_ARN"
    export ALIBABA_CLOUD_OIDC_PROVIDER_ARN="$CDN_OIDC_PROVIDER_ARN"
    export ALIBABA_CLOUD_OIDC_TOKEN_FILE=/dev/fd/3
fi

set -- "${CDN_COMMAND:-refresh}" --wait
[ -z "${CDN_TIMEOUT:-}" ] || set -- "$@" --timeout "$CDN_TIMEOUT"
# xargs splits at blanks and removes quotes, but unlike eval it expands nothing. The dot before each
# argument keeps an empty one at the end.
arguments=$(printf '%s\n' "${CDN_ARGUMENTS:-}" |
    xargs sh -c 'for argument; do printf ".%s\n" "$argument"; done' sh) ||
    fail "cannot split the arguments; close every quote on its line, and write a backslash as \\\\"
if [ -n "$arguments" ]; then
    while IFS= read -r argument; do
        set -- "$@" "${argument#.}"
    done <<EOF
$arguments
EOF
fi

# `exec`, so that signals to this script reach cdn-refresh, which then reports what it has sent.
exec cdn-refresh "$@" - <<EOF
${CDN_URLS:-}
EOF
