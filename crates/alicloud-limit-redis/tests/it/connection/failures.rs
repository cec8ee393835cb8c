//! Each failure of a server is one line with the cause and the remedy, without the password.

use std::time::Duration;

use alicloud_limit_redis::testing::RedisProcess;
use alicloud_limit_redis::{RedisConfig, RedisConnection, RedisError, RedisErrorKind, redis};

fn set(key: &str) -> redis::Cmd {
    let mut command = redis::cmd("SET");
    command.arg(key).arg("x".repeat(100)).arg("PX").arg(60_000);
    command
}

async fn write(connection: &RedisConnection) -> Result<(), RedisError> {
    connection.command("alicloud:test", set("alicloud:test")).await
}

/// Returns the text of an error after checking its kind.
#[track_caller]
fn text(error: &RedisError, kind: RedisErrorKind) -> String {
    let text = error.to_string();
    assert_eq!(error.kind(), kind, "{text}");
    assert!(!text.contains("s3cr3t") && !text.contains('\n') && text.contains("; "), "{text}");
    text
}

#[tokio::test]
async fn no_server() {
    let Some(mut server) = RedisProcess::start() else { return };
    server.kill();
    let error = server.config().connect().await.unwrap_err();
    let text = text(&error, RedisErrorKind::Unreachable);
    assert_eq!(
        text,
        format!("{}: connection refused; start the server, or correct host and port", server.url())
    );
}

#[tokio::test]
async fn unknown_host() {
    let error = RedisConfig::from_url("redis://no-such-host.invalid").unwrap();
    let error = error.connect().await.unwrap_err();
    assert!(text(&error, RedisErrorKind::Unreachable).contains("check the host name"));
}

#[tokio::test]
async fn passwords() {
    let Some(server) = RedisProcess::builder().setting("requirepass", "s3cr3t-1").start() else {
        return;
    };
    let error = server.config().connect().await.unwrap_err();
    assert!(text(&error, RedisErrorKind::Authentication).contains("set ALICLOUD_REDIS_PASSWORD"));
    let error = server.config().credentials("", "s3cr3t-2").connect().await.unwrap_err();
    assert!(
        text(&error, RedisErrorKind::Authentication)
            .contains("rejected the password of user default")
    );
    let error = server.config().credentials("nobody", "s3cr3t-1").connect().await.unwrap_err();
    assert!(text(&error, RedisErrorKind::Authentication).contains("user nobody"));
    server.config().credentials("", "s3cr3t-1").connect().await.unwrap();
    server.config().credentials("default", "s3cr3t-1").connect().await.unwrap();

    let Some(open) = RedisProcess::start() else { return };
    let error = open.config().credentials("", "s3cr3t").connect().await.unwrap_err();
    assert!(text(&error, RedisErrorKind::Authentication).contains("has no password"));
}

#[tokio::test]
async fn a_server_that_quotes_the_password() {
    // It responds: unknown command 'AUTH', with args beginning with: 's3cr3t'.
    let Some(server) = RedisProcess::builder().setting("rename-command", "AUTH ").start() else {
        return;
    };
    for username in ["", "worker"] {
        let config = server.config().credentials(username, "s3cr3t");
        let error = config.connect().await.unwrap_err();
        assert!(text(&error, RedisErrorKind::Authentication).contains("enable AUTH on the server"));
        assert!(!format!("{error:?}").contains("s3cr3t"));
    }
}

#[tokio::test]
async fn a_user_without_rights() {
    let user = "worker on >s3cr3t ~alicloud:* +get";
    let Some(server) = RedisProcess::builder().setting("user", user).start() else { return };
    // Even PING is forbidden; that is no failure of the connection.
    let connection = server.config().credentials("worker", "s3cr3t").connect().await.unwrap();
    connection.ping().await.unwrap();
    let error = write(&connection).await.unwrap_err();
    let text = text(&error, RedisErrorKind::PermissionDenied);
    assert!(text.contains("'set'") && text.contains("ACL SETUSER worker ~alicloud:* "), "{text}");
}

#[tokio::test]
async fn databases() {
    let Some(server) = RedisProcess::builder().setting("databases", "2").start() else { return };
    let connect = |database: u32| {
        RedisConfig::from_url(&format!("{}/{database}", server.url())).unwrap().connect()
    };
    connect(1).await.unwrap();
    let error = connect(2).await.unwrap_err();
    assert!(text(&error, RedisErrorKind::WrongDatabase).contains("DB index is out of range"));
}

#[tokio::test]
async fn a_read_only_replica() {
    let Some(master) = RedisProcess::start() else { return };
    let of = format!("127.0.0.1 {}", master.port());
    let Some(replica) = RedisProcess::builder().setting("replicaof", &of).start() else { return };
    let connection = replica.config().connect_lazily();
    let error = write(&connection).await.unwrap_err();
    assert!(text(&error, RedisErrorKind::ReadOnly).contains("use the URL of the master"));
}

#[tokio::test]
async fn full_memory() {
    let Some(server) = RedisProcess::builder().setting("maxmemory", "1").start() else { return };
    let error = write(&server.config().connect_lazily()).await.unwrap_err();
    assert!(text(&error, RedisErrorKind::OutOfMemory).contains("raise maxmemory"));
}

#[tokio::test]
async fn a_key_of_another_type() {
    let Some(server) = RedisProcess::start() else { return };
    let connection = server.config().connect().await.unwrap();
    write(&connection).await.unwrap();
    let mut push = redis::cmd("LPUSH");
    push.arg("alicloud:test").arg(1);
    let error = connection.command::<()>("alicloud:test", push).await.unwrap_err();
    assert!(text(&error, RedisErrorKind::WrongType).contains("another database"));
}

#[tokio::test]
async fn a_server_that_does_not_respond() {
    let Some(server) = RedisProcess::start() else { return };
    let limit = Duration::from_millis(50);
    let connection = server.config().response_timeout(limit).connect().await.unwrap();
    server.pause();
    let error = write(&connection).await.unwrap_err();
    assert!(
        text(&error, RedisErrorKind::Timeout).contains("within 50 ms") && error.may_be_executed()
    );
    let error = server.config().connect_timeout(limit).connect().await.unwrap_err();
    text(&error, RedisErrorKind::Timeout);
    server.resume();
    write(&connection).await.unwrap();
}

#[tokio::test]
async fn a_lost_connection_is_opened_again() {
    let Some(mut server) = RedisProcess::start() else { return };
    let connection = server.config().connect().await.unwrap();
    write(&connection).await.unwrap();
    server.kill();
    let error = write(&connection).await.unwrap_err();
    assert!(matches!(error.kind(), RedisErrorKind::Unreachable | RedisErrorKind::ConnectionLost));
    server.restart();
    write(&connection).await.unwrap();
}

#[test]
fn connections_outlive_the_runtime_that_opened_them() {
    let Some(server) = RedisProcess::start() else { return };
    let run = |future: &mut dyn FnMut() -> Result<RedisConnection, RedisError>| future();
    let connection = run(&mut || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(server.config().connect())
    })
    .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(write(&connection)).unwrap();
}
