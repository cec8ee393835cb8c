#!/bin/sh
# Refreshes or preloads URLs on Alibaba Cloud CDN, waits until they are live everywhere, and ends with
# the exit code of cdn-refresh. The action beside it calls it; any other pipeline can.
#
# CDN_COMMAND   refresh or preload; refresh when absent
# CDN_URLS      the URLs, one a line
# CDN_TIMEOUT   how long to wait at most, such as 20m; the command's own limit when absent
# CDN_ARGUMENTS further arguments of the command, separated by blanks
#
# CDN_ROLE_ARN, CDN_OIDC_PROVIDER_ARN
#               the role to take with the token that GitHub gives the job, so that no secret is stored
# CDN_AUDIENCE  the audience of that token; sts.aliyuncs.com when absent
#
# Without a role, credentials are those of the environment.

# No file names are made of the words of CDN_ARGUMENTS.
set -euf

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 3
}

if [ -n "${CDN_ROLE_ARN:-}" ]; then
    [ -n "${CDN_OIDC_PROVIDER_ARN:-}" ] ||
        fail "a role needs the OIDC provider that trusts GitHub: name oidc-provider-arn, too"
    [ -n "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ] && [ -n "${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-}" ] ||
        fail "GitHub gives this job no token: add 'permissions: id-token: write' to it"
    umask 077
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    # The command ends by itself, with an exit code that says how far it came.
    trap : INT TERM
    # Through a pipe, for arguments can be seen by other processes.
    printf 'Authorization: bearer %s\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
        curl --silent --show-error --fail --max-time 30 --header @- --output "$folder/response" \
            --get --data-urlencode "audience=${CDN_AUDIENCE:-sts.aliyuncs.com}" \
            "$ACTIONS_ID_TOKEN_REQUEST_URL" ||
        fail "GitHub's token service did not answer: run the job again"
    sed -n 's/.*"value" *: *"\([^"]*\)".*/\1/p' "$folder/response" >"$folder/token"
    [ -s "$folder/token" ] || fail "GitHub's token service answered without a token: run the job again"
    export ALIBABA_CLOUD_ROLE_ARN="$CDN_ROLE_ARN"
    export ALIBABA_CLOUD_OIDC_PROVIDER_ARN="$CDN_OIDC_PROVIDER_ARN"
    export ALIBABA_CLOUD_OIDC_TOKEN_FILE="$folder/token"
fi

# Without `exec`, so that the token is removed at the end. CDN_ARGUMENTS is several words on purpose.
# shellcheck disable=SC2086
printf '%s\n' "${CDN_URLS:-}" |
    cdn-refresh "${CDN_COMMAND:-refresh}" --wait ${CDN_TIMEOUT:+--timeout "$CDN_TIMEOUT"} \
        ${CDN_ARGUMENTS:-} -
