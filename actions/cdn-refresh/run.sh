#!/bin/sh
# Refresh or preload URLs on Alibaba Cloud CDN, and wait until they are live everywhere. Exits with
# the exit code of cdn-refresh. Called by action.yml; other pipelines can call it as well.
#
# CDN_COMMAND    refresh or preload; defaults to refresh
# CDN_URLS       URLs, one per line
# CDN_TIMEOUT    maximum time to wait, such as 20m; defaults to 15m, or 60m for a preload
# CDN_ARGUMENTS  additional arguments of the command, separated by spaces
#
# CDN_ROLE_ARN, CDN_OIDC_PROVIDER_ARN
#                RAM role to assume with the OIDC token of the GitHub job, and the OIDC provider
# CDN_AUDIENCE   audience of that token; defaults to sts.aliyuncs.com
#
# Without a role, the credentials of the environment are used.

# -f: words of CDN_ARGUMENTS must not expand to file names.
set -euf

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 3
}

if [ -n "${CDN_ROLE_ARN:-}" ]; then
    [ -n "${CDN_OIDC_PROVIDER_ARN:-}" ] ||
        fail "role-arn requires an OIDC provider that trusts GitHub; set oidc-provider-arn"
    [ -n "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ] && [ -n "${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-}" ] ||
        fail "this job has no OIDC token; add 'permissions: id-token: write' to it"
    umask 077
    temp_dir=$(mktemp -d)
    trap 'rm -rf "$temp_dir"' EXIT
    # cdn-refresh handles the signals; this shell waits for its exit code and deletes the token.
    trap : INT TERM
    # The header goes through a pipe because other processes can read arguments.
    printf 'Authorization: bearer %s\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
        curl --silent --show-error --fail --max-time 30 --header @- --output "$temp_dir/response" \
            --get --data-urlencode "audience=${CDN_AUDIENCE:-sts.aliyuncs.com}" \
            "$ACTIONS_ID_TOKEN_REQUEST_URL" ||
        fail "cannot fetch the OIDC token from GitHub; run the job again"
    sed -n 's/.*"value" *: *"\([^"]*\)".*/\1/p' "$temp_dir/response" >"$temp_dir/token"
    [ -s "$temp_dir/token" ] || fail "the response of GitHub's token service has no token; run the job again"
    export ALIBABA_CLOUD_ROLE_ARN="$CDN_ROLE_ARN"
    export ALIBABA_CLOUD_OIDC_PROVIDER_ARN="$CDN_OIDC_PROVIDER_ARN"
    export ALIBABA_CLOUD_OIDC_TOKEN_FILE="$temp_dir/token"
fi

# Not `exec`: the trap has to delete the token. CDN_ARGUMENTS is unquoted because it is split into words.
# shellcheck disable=SC2086
printf '%s\n' "${CDN_URLS:-}" |
    cdn-refresh "${CDN_COMMAND:-refresh}" --wait ${CDN_TIMEOUT:+--timeout "$CDN_TIMEOUT"} \
        ${CDN_ARGUMENTS:-} -
