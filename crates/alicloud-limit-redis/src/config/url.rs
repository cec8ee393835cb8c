//! The URL of a Redis server.

use alicloud_core::Secret;
use alicloud_core::wire::percent_decode;

use super::address::{Address, Topology};
use crate::error::RedisError;

/// What a URL says.
#[derive(Debug)]
pub(super) struct ParsedUrl {
    pub(super) topology: Topology,
    pub(super) uses_tls: bool,
    pub(super) username: Option<String>,
    pub(super) password: Option<Secret>,
    pub(super) database: u32,
}

const FORMS: &str = "write redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]";
const SENTINEL_FORMS: &str = "write redis+sentinel://HOST[:PORT],HOST[:PORT]/MASTER[/DATABASE]";
const SOCKET_FORMS: &str = "write unix:///PATH or unix:///PATH?db=DATABASE";

/// Parses a URL.
///
/// Errors quote no part of the URL: with a forgotten `@` or a character that is not percent-encoded, a host, a port or
/// a path is a part of the password.
pub(super) fn parse(url: &str) -> Result<ParsedUrl, RedisError> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err(RedisError::invalid_url("it has no scheme such as redis://", FORMS));
    };
    let scheme = scheme.to_ascii_lowercase();
    if scheme == "unix" || scheme == "redis+unix" {
        return parse_socket(rest);
    }
    let (base, kind) = scheme.split_once('+').unwrap_or((&scheme, ""));
    let uses_tls = match base {
        "redis" => false,
        "rediss" => true,
        _ => return Err(unknown_scheme()),
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (credentials, hosts) = match authority.rsplit_once('@') {
        Some((credentials, hosts)) => (Some(credentials), hosts),
        None => (None, authority),
    };
    if hosts.is_empty() || (hosts.starts_with(':') && !hosts.starts_with("::")) {
        return Err(RedisError::invalid_url("the host is missing", FORMS));
    }
    if hosts.contains(['?', '#', '@']) || path.contains(['?', '#', '@']) {
        return Err(RedisError::invalid_url(
            "one of the characters @ ? # follows the host",
            "remove options, and percent-encode these characters and / in a password, or set \
             ALICLOUD_REDIS_PASSWORD",
        ));
    }
    let (topology, database) = match kind {
        "" => (Topology::Single(parse_host(hosts, 6379)?), path),
        "cluster" => {
            if !matches!(path, "" | "0") {
                return Err(RedisError::invalid_url(
                    "a Cluster has only the database 0",
                    "remove the path",
                ));
            }
            (Topology::Cluster(parse_hosts(hosts, 6379)?), "")
        }
        "sentinel" => {
            let (master, database) = path.split_once('/').unwrap_or((path, ""));
            if master.is_empty() {
                return Err(RedisError::invalid_url(
                    "the name of the master is missing",
                    SENTINEL_FORMS,
                ));
            }
            let sentinels = parse_hosts(hosts, 26379)?;
            (Topology::Sentinel(sentinels, percent_decode(master).into_owned()), database)
        }
        _ => return Err(unknown_scheme()),
    };
    let database = parse_database(database)?;
    let (username, password) =
        match credentials.map(|text| text.split_once(':').unwrap_or((text, ""))) {
            Some((username, password)) => (decode(username)?, decode(password)?),
            None => (None, None),
        };
    Ok(ParsedUrl { topology, uses_tls, username, password: password.map(Secret::new), database })
}

fn parse_socket(rest: &str) -> Result<ParsedUrl, RedisError> {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if !path.starts_with('/') || cfg!(not(unix)) {
        return Err(RedisError::invalid_url("it has no absolute path of a socket", SOCKET_FORMS));
    }
    let database = match query {
        "" => "",
        query => query.strip_prefix("db=").ok_or_else(|| {
            RedisError::invalid_url("it has an option other than db", SOCKET_FORMS)
        })?,
    };
    Ok(ParsedUrl {
        topology: Topology::Single(Address::Unix(percent_decode(path).into_owned().into())),
        uses_tls: false,
        username: None,
        password: None,
        database: parse_database(database)?,
    })
}

fn unknown_scheme() -> RedisError {
    RedisError::invalid_url(
        "its scheme is unknown",
        "write redis://, rediss:// for TLS, redis+sentinel://, rediss+sentinel://, redis+cluster://, \
         rediss+cluster:// or unix://",
    )
}

fn parse_hosts(hosts: &str, default_port: u16) -> Result<Vec<Address>, RedisError> {
    hosts.split(',').map(|host| parse_host(host, default_port)).collect()
}

fn parse_host(text: &str, default_port: u16) -> Result<Address, RedisError> {
    let no_host = |cause| {
        let remedy = format!("{FORMS}, with brackets around an IPv6 address");
        RedisError::invalid_url(cause, remedy)
    };
    let (host, port) = match text.strip_prefix('[').map(|text| text.split_once(']')) {
        Some(Some((host, ""))) => (host, None),
        Some(Some((host, port))) => {
            let port = port.strip_prefix(':');
            (host, Some(port.ok_or_else(|| no_host("a text follows the bracket of a host"))?))
        }
        Some(None) => return Err(no_host("the bracket ] of a host is missing")),
        None => match text.rsplit_once(':') {
            Some((host, _)) if host.contains(':') => {
                return Err(no_host("a host contains more than one colon"));
            }
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let is_host = |character: char| !character.is_whitespace() && !character.is_control();
    if host.is_empty() || !host.chars().all(is_host) {
        return Err(no_host("a host is empty or contains a space"));
    }
    let port = match port {
        None => default_port,
        Some(port) => port.parse().ok().filter(|port| *port > 0).ok_or_else(|| {
            let remedy = format!("{FORMS}, and put @ after a password");
            RedisError::invalid_url("the port is no number from 1 to 65535", remedy)
        })?,
    };
    Ok(Address::Tcp { host: percent_decode(host).into_owned(), port })
}

fn parse_database(text: &str) -> Result<u32, RedisError> {
    match text {
        "" => Ok(0),
        text => text.parse().map_err(|_| {
            RedisError::invalid_url("the database after the host is no number", FORMS)
        }),
    }
}

/// Decodes a user name or a password; an empty one is not set.
fn decode(text: &str) -> Result<Option<String>, RedisError> {
    let decoded = percent_decode(text);
    if decoded.contains('\u{fffd}') {
        return Err(RedisError::invalid_url(
            "the user name or the password is no UTF-8 text after percent-decoding",
            "set ALICLOUD_REDIS_USERNAME and ALICLOUD_REDIS_PASSWORD instead",
        ));
    }
    Ok(Some(decoded.into_owned()).filter(|text| !text.is_empty()))
}
