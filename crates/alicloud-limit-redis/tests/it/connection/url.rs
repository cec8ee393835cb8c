//! URLs and credentials.

use alicloud_core::credentials::Variables;
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
        ("redis://h/db", "database \"db\" is no number"),
        ("redis://h/-1", "is no number"),
        ("redis://a b", "is no host"),
        ("redis://fe80::1", "brackets"),
        ("redis://h?db=1", "remove options"),
        ("redis+sentinel://a,b", "name of the master is missing"),
        ("redis+sentinel://a,,b/m", "is no host"),
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
    for url in
        ["redis://:s3cr3t", "redis://u:s3cr3t/x@h", "redis://u:x/s3cr3t@h", "redis://u:s3cr3t@h:x"]
    {
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
