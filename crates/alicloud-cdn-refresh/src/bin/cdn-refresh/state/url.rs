//! The URL of a job in Redis.

use std::time::Duration;

use alicloud_cdn_refresh::{RedisConfig, RedisStore};

const DEFAULT_LEASE: Duration = Duration::from_secs(15);

const URL_FORM: &str = "write redis://HOST[:PORT][/DATABASE]/NAME";

/// Returns the scheme of a URL, or `None` for a path. A scheme of Redis without `//` counts as a URL, because it would
/// be a local file by mistake.
pub(super) fn scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let is_valid = !scheme.is_empty() && scheme.bytes().all(is_scheme);
    Some(scheme).filter(|scheme| is_valid && (rest.starts_with("//") || is_redis(scheme)))
}

fn is_redis(scheme: &str) -> bool {
    let base = scheme.split('+').next().unwrap_or_default();
    base.eq_ignore_ascii_case("redis") || base.eq_ignore_ascii_case("rediss")
}

/// Returns the server and the name in the URL of a job.
pub(super) fn redis_job(
    scheme: &str,
    url: &str,
    lease: Option<Duration>,
) -> Result<(RedisStore, String), String> {
    let lower_case = scheme.to_ascii_lowercase();
    if matches!(lower_case.as_str(), "unix" | "redis+unix" | "rediss+unix") {
        return Err(format!(
            "a job cannot be reached through a socket, because it moves between machines; {URL_FORM}; \
             unix:// is for --shared-limits"
        ));
    }
    if !is_redis(scheme) {
        return Err(format!("unknown scheme {scheme}://; {URL_FORM}, or a path without ://"));
    }
    let Some((_, rest)) = url.split_once("://") else {
        return Err(format!(
            "// is missing after {scheme}:; {URL_FORM}, or begin the path of a file with ./"
        ));
    };
    let missing_name = || format!("the name of the job is missing; {URL_FORM}");
    let split = rest.rsplit_once('/').filter(|(server, _)| !server.is_empty());
    let (server, name) = split.ok_or_else(missing_name)?;
    // A database without a name. An @ is the rest of a password that is not percent-encoded.
    if name.is_empty() || name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(missing_name());
    }
    if name.contains('@') {
        return Err(format!(
            "the name of the job contains @; percent-encode / in a password, or set \
             ALICLOUD_REDIS_PASSWORD, and {URL_FORM}"
        ));
    }
    let config = RedisConfig::from_url(&format!("{lower_case}://{server}")).map_err(|error| {
        match error.to_string() {
            // The form of a server, which does not contain the name.
            text if text.contains("write redis") => {
                format!("{text}, and append /NAME, the name of the job")
            }
            text => text,
        }
    })?;
    let duration = lease.unwrap_or(DEFAULT_LEASE);
    // Some attempts to renew the lease fit into it. A long list of URLs takes seconds on a slow line.
    let limit = (duration / 3).clamp(Duration::from_millis(500), Duration::from_secs(5));
    let connection = config.response_timeout(limit).connect_lazily();
    Ok((RedisStore::new(connection).lease(duration), name.to_owned()))
}
