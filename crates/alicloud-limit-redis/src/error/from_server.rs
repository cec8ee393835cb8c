//! Errors that the server responds with.

use redis::{RedisError as ClientError, ServerErrorKind};

use crate::login::Login;

use super::{RedisError, RedisErrorKind, one_line};

/// Rights of an ACL user that suffice for limits and jobs.
const ACL_RIGHTS: &str = "~alicloud:* +@read +@write -@dangerous +eval +evalsha +time +ping";

impl RedisError {
    /// Creates the error of a command. `user` is the ACL user of the connection.
    pub(crate) fn from_client(server: &str, user: &str, error: &ClientError) -> Self {
        if error.is_io_error() {
            return RedisError::connection_lost(server);
        }
        let detail = one_line(error.detail().unwrap_or_default());
        let code = error.code().unwrap_or_default();
        let (kind, cause, remedy) = match describe(code, &detail, user) {
            Some(description) => description,
            None => {
                let text = match code {
                    "" => one_line(&error.to_string()),
                    code => format!("{code} {detail}"),
                };
                (RedisErrorKind::Other, text, "check the log of the server".to_owned())
            }
        };
        RedisError::new(kind, server, cause, remedy)
    }

    /// Creates the error of the command that sends the password. A server that does not know the command quotes it
    /// with the password, so only texts without a quotation are shown.
    pub(crate) fn from_login(server: &str, login: &Login, error: &ClientError) -> Self {
        use RedisErrorKind as Kind;

        let user = login.user();
        let mut report = RedisError::from_client(server, user, error);
        match report.kind {
            Kind::Authentication if login.has_trailing_space() => {
                report.remedy.push_str("; the password ends with a line break or a space");
                report
            }
            Kind::Authentication | Kind::Unavailable | Kind::ConnectionLost => report,
            Kind::PermissionDenied if error.code() == Some("NOPERM") => report,
            _ => RedisError::new(
                Kind::Authentication,
                server,
                format!("the server rejected the command AUTH of user {user}"),
                "enable AUTH on the server; ACL users need Redis 6 or newer",
            ),
        }
    }
}

/// Errors of the commands in our scripts.
const SCRIPT_ERRORS: [&str; 5] = ["WRONGTYPE", "READONLY", "OOM", "MISCONF", "NOREPLICAS"];

type Description = (RedisErrorKind, String, String);

/// Returns the cause and the remedy of an error code of the server.
fn describe(code: &str, detail: &str, user: &str) -> Option<Description> {
    use RedisErrorKind as Kind;

    let contains = |text: &str| detail.contains(text);
    // Before Redis 7, the error of a command in a script is quoted in an `ERR`.
    let quoted = match contains("Error running script") {
        true => SCRIPT_ERRORS.iter().find(|code| contains(code)),
        false => None,
    };
    let code = quoted.copied().unwrap_or(code);
    let (kind, cause, remedy) = match code {
        "WRONGPASS" => (
            Kind::Authentication,
            format!("the server rejected the password of user {user}"),
            "set the right ALICLOUD_REDIS_USERNAME and ALICLOUD_REDIS_PASSWORD",
        ),
        "NOAUTH" => (
            Kind::Authentication,
            "the server requires a password".to_owned(),
            "set ALICLOUD_REDIS_PASSWORD, and ALICLOUD_REDIS_USERNAME for an ACL user",
        ),
        "ERR" if contains("AUTH") && contains("password") => (
            Kind::Authentication,
            "the server has no password, but one is set".to_owned(),
            "remove it from the URL and ALICLOUD_REDIS_PASSWORD, or set requirepass on the server",
        ),
        "DENIED" => (
            Kind::Authentication,
            "the server accepts only connections of its own machine (protected mode)".to_owned(),
            "set a password on the server, and ALICLOUD_REDIS_PASSWORD",
        ),
        "NOPERM" => return Some(permission_denied(detail, user)),
        "ERR" if contains("can't run this command") || contains("can't access") => {
            return Some(permission_denied(detail, user));
        }
        "ERR" if contains("DB index") || contains("SELECT is not allowed") => (
            Kind::WrongDatabase,
            detail.to_owned(),
            "use a database from 0 to the server's setting `databases` minus 1; a Cluster has only 0",
        ),
        "READONLY" => (
            Kind::ReadOnly,
            "the server is a read-only replica".to_owned(),
            "use the URL of the master, or redis+sentinel:// to follow failovers",
        ),
        "WRONGTYPE" => (
            Kind::WrongType,
            "a key of ours has the type of another program".to_owned(),
            "delete the keys alicloud:*, or use another database",
        ),
        "ALICLOUDVERSION" => (
            Kind::WrongType,
            format!("another version wrote {detail}"),
            "update all programs to one version, delete the key, or use another database",
        ),
        "OOM" => (
            Kind::OutOfMemory,
            "the server's memory is full (maxmemory)".to_owned(),
            "raise maxmemory, or delete keys of other programs; keep maxmemory-policy noeviction",
        ),
        "MISCONF" => (
            Kind::Unavailable,
            "the server rejects writes because it cannot save its data".to_owned(),
            "free its disk, or see its log",
        ),
        "LOADING" => (
            Kind::Unavailable,
            "the server loads its data after a start".to_owned(),
            "wait until it has started",
        ),
        "BUSY" => (
            Kind::Unavailable,
            "the server runs a long script".to_owned(),
            "wait, or run SCRIPT KILL",
        ),
        "MASTERDOWN" | "NOREPLICAS" => (
            Kind::Unavailable,
            "the server lost its master or its replicas".to_owned(),
            "wait for the failover, or repair the replication",
        ),
        "CLUSTERDOWN" | "TRYAGAIN" => (
            Kind::Unavailable,
            "the Cluster does not serve the key now".to_owned(),
            "wait for the failover, or check CLUSTER INFO",
        ),
        "MOVED" | "ASK" | "CROSSSLOT" => (
            Kind::Cluster,
            "the server belongs to a Cluster".to_owned(),
            "write redis+cluster:// (rediss+cluster:// with TLS) instead of redis://",
        ),
        "ERR" if contains("max number of clients") => (
            Kind::Unavailable,
            "the server has no connections left".to_owned(),
            "raise its setting `maxclients`",
        ),
        _ => return None,
    };
    Some((kind, cause, remedy.to_owned()))
}

fn permission_denied(detail: &str, user: &str) -> Description {
    let remedy = format!("grant the rights: ACL SETUSER {user} {ACL_RIGHTS}");
    (RedisErrorKind::PermissionDenied, format!("not permitted for user {user}: {detail}"), remedy)
}

/// Returns whether the server does not have a script.
pub(crate) fn is_unknown_script(error: &ClientError) -> bool {
    matches!(error.kind(), redis::ErrorKind::Server(ServerErrorKind::NoScript))
}

/// Returns the node that has a key, if this one does not: host, port, and whether only for one command.
pub(crate) fn moved_to(error: &ClientError) -> Option<(&str, u16, bool)> {
    let (address, _) = error.redirect_node()?;
    let (host, port) = address.rsplit_once(':')?;
    let is_ask = error.code() == Some("ASK");
    Some((host.trim_start_matches('[').trim_end_matches(']'), port.parse().ok()?, is_ask))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_scripts_before_redis_7() {
        let detail = "Error running script (call to f_1): @user_script:26: WRONGTYPE Operation against a key";
        let (kind, _, remedy) = describe("ERR", detail, "default").unwrap();
        assert_eq!(kind, RedisErrorKind::WrongType);
        assert!(remedy.contains("another database"));
    }
}
