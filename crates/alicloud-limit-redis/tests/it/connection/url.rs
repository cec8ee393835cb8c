//! URLs and credentials.

use alicloud_core::credentials::Variables;
use alicloud_limit_redis::testing::RedisProcess;
use alicloud_limit_redis::{RedisConfig, RedisErrorKind};

fn parse(url: &str) -> Result<RedisConfig, String> {
    RedisConfig::from_url_and_variables(url, &Variables::from_pairs::<&str, &str>([])).map_err(
        |error| {
            assert_eq!(error.kind(), RedisErrorKind::InvalidUrl);
            error.to_string()
        },
    )
}

#[test]
fn forms() {
    for (url, shown) in [
        ("redis://h", "redis://h:6379/0"),
        ("redis://h:1/", "redis://h:1/0"),
        ("rediss://u:p@[::1]:7/15", "rediss://[::1]:7/15"),
        ("redis://:a@b?c#d@h", "redis://h:6379/0"),
        ("redis://u@h", "redis://h:6379/0"),
        ("redis+sentinel://u:p@a,b:2/m/3", "redis+sentinel://a:26379,b:2/m/3"),
        ("rediss+sentinel://a/m", "rediss+sentinel://a:26379/m/0"),
        ("redis+cluster://a,[::2]:3", "redis+cluster://a:6379,[::2]:3"),
        ("REDISS+Cluster://a", "rediss+cluster://a:6379"),
        ("UNIX:///run/Redis.sock", "unix:///run/Redis.sock?db=0"),
        ("unix:///run/redis.sock?db=4", "unix:///run/redis.sock?db=4"),
        ("redis+unix:///run/my%20redis.sock", "unix:///run/my redis.sock?db=0"),
    ] {
        let config = parse(url).unwrap();
        assert_eq!(config.to_string(), shown);
        assert_eq!(
            config.has_password(),
            url.contains(':') && url.contains('@') && url != "redis://u@h"
        );
    }
}

#[test]
fn invalid_urls() {
    for (url, part) in [
        ("", "no scheme"),
        ("cache:6379", "no scheme"),
        ("http://h", "scheme is unknown"),
        ("redis+proxy://h", "scheme is unknown"),
        ("redis://", "host is missing"),
        ("redis://:6379", "host is missing"),
        ("redis://h:0", "number from 1 to 65535"),
        ("redis://h:65536", "number from 1 to 65535"),
        ("redis://h/db", "the database after the host is no number"),
        ("redis://h/-1", "is no number"),
        ("redis://a b", "contains a space"),
        ("redis://::1/0", "brackets around an IPv6 address"),
        ("redis://[::1/0", "bracket ] of a host is missing"),
        ("redis://[::1]6379", "follows the bracket"),
        ("redis://u:p:x", "more than one colon"),
        ("redis://fe80::1", "brackets"),
        ("redis://h?db=1", "remove options"),
        ("redis+sentinel://a,b", "name of the master is missing"),
        ("redis+sentinel://a,,b/m", "a host is empty"),
        ("redis+cluster://a/1", "only the database 0"),
        ("unix://run/redis.sock", "absolute path"),
        ("unix:///run/redis.sock?timeout=1", "other than db"),
        ("redis://u:%ff@h", "UTF-8"),
    ] {
        let error = parse(url).expect_err(url);
        assert!(error.starts_with("invalid Redis URL: ") && error.contains(part), "{url}: {error}");
    }
}

#[test]
fn errors_do_not_quote_passwords() {
    for url in [
        "redis://:s3cr3t",
        "redis://u:s3cr3t/x@h",
        "redis://u:x/s3cr3t@h",
        "redis://u:s3cr3t@h:x",
        // Without the @ or with characters that are not percent-encoded.
        "redis://u:s3cr3t/x",
        "redis://u:s3cr3t:x",
        "redis://u:x:s3cr3t",
        "redis://s3cr3t:x",
        "redis://s3cr3t /0",
        "redis://[s3cr3t",
        "redis://[a]s3cr3t",
        "redis://u:p@h/s3cr3t",
        "redis://u:p@h:s3cr3t",
        "redis://u:1/s3cr3t",
        "rediss+sentinel://h1,u:s3cr3t/m",
        "redis+sentinel://h/m/s3cr3t",
        "redis+cluster://u:s3cr3t,h",
        "redis+cluster://u:1,s3cr3t:x",
        "redis+cluster://u:1/s3cr3t",
        "unix:///run/redis.sock?db=s3cr3t",
        "unix:///run/redis.sock?password=s3cr3t",
        "unix://u:s3cr3t",
        "s3cr3t",
        "s3cr3t://h",
    ] {
        let error = parse(url).unwrap_err();
        assert!(!error.contains("s3cr3t"), "{error}");
    }
}

#[test]
fn credentials_come_from_the_url_or_the_variables() {
    let variables = Variables::from_pairs([
        ("ALICLOUD_REDIS_USERNAME", "worker"),
        ("ALICLOUD_REDIS_PASSWORD", "s3cr3t-1"),
    ]);
    let config = RedisConfig::from_url_and_variables("redis://h", &variables).unwrap();
    let text = format!("{config:?}");
    assert!(text.contains("worker") && !text.contains("s3cr3t"), "{text}");
    let config = RedisConfig::from_url_and_variables("redis://o%74her:%73@h", &variables).unwrap();
    let text = format!("{config:?}");
    assert!(text.contains("\"other\"") && !text.contains("worker"), "{text}");
}

/// Returns the user and whether the password is set, which Debug does not show.
fn login(url: &str, variables: &[(&str, &str)]) -> (bool, bool, bool) {
    let variables = Variables::from_pairs(variables.iter().copied());
    let config = RedisConfig::from_url_and_variables(url, &variables).unwrap();
    let text = format!("{config:?}");
    (text.contains("\"url-user\""), text.contains("\"variable-user\""), config.has_password())
}

#[test]
fn the_missing_half_of_the_credentials_comes_from_the_variables() {
    const USER: (&str, &str) = ("ALICLOUD_REDIS_USERNAME", "variable-user");
    const PASSWORD: (&str, &str) = ("ALICLOUD_REDIS_PASSWORD", "s3cr3t");
    for (url, variables, expected) in [
        ("redis://url-user@h", &[PASSWORD][..], (true, false, true)),
        ("redis://url-user:@h", &[PASSWORD, USER], (true, false, true)),
        ("redis://url-user@h", &[], (true, false, false)),
        ("redis://:s3cr3t@h", &[USER], (false, true, true)),
        ("redis://url-user:s3cr3t@h", &[USER, PASSWORD], (true, false, true)),
    ] {
        assert_eq!(login(url, variables), expected, "{url} {variables:?}");
    }
}

#[tokio::test]
async fn a_rejected_password_with_a_line_break_says_so() {
    let Some(server) = RedisProcess::builder().setting("requirepass", "s3cr3t").start() else {
        return;
    };
    for (password, hint) in [("s3cr3t\n", true), ("s3cr3t ", true), ("other", false)] {
        let error = server.config().credentials("", password).connect().await.unwrap_err();
        let text = error.to_string();
        assert_eq!(text.contains("ends with a line break or a space"), hint, "{text}");
        assert!(!text.contains("s3cr3t") && !text.contains('\n'), "{text}");
    }
}
