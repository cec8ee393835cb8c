//! Servers that are not ours: they send more than they were asked for, or nothing.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use alicloud_limit_redis::testing::RedisProcess;
use alicloud_limit_redis::{RedisConfig, RedisErrorKind, redis};

/// Starts a server that runs a function for each connection.
fn serve(handle: impl Fn(TcpStream) + Send + Sync + 'static) -> RedisConfig {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let handle = Arc::new(handle);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let handle = handle.clone();
            thread::spawn(move || handle(stream));
        }
    });
    RedisConfig::from_url(&url).unwrap()
}

/// Starts a server that responds to some commands with +OK, and then sends a response without an end. Returns
/// also how much it sent.
fn endless(ok_responses: usize) -> (RedisConfig, Arc<AtomicUsize>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    let config = serve(move |mut stream| {
        let mut command = [0; 1_000];
        for _ in 0..ok_responses {
            let _ = stream.read(&mut command);
            let _ = stream.write_all(b"+OK\r\n");
        }
        let _ = stream.read(&mut command);
        let mut bytes = b"$536870912\r\n".to_vec();
        while let Ok(count) = stream.write(&bytes) {
            counter.fetch_add(count, Ordering::Relaxed);
            bytes = vec![b'A'; 1_000_000];
            if counter.load(Ordering::Relaxed) > 100 << 20 {
                return;
            }
        }
    });
    (config, sent)
}

/// More than the buffers of the operating system.
const BUFFERS: usize = 32 << 20;

#[tokio::test]
async fn a_first_response_without_an_end() {
    let (config, sent) = endless(0);
    let error = config.connect().await.unwrap_err();
    assert_eq!(error.kind(), RedisErrorKind::Unreachable);
    assert!(error.to_string().contains("does not speak the Redis protocol"), "{error}");
    assert!(sent.load(Ordering::Relaxed) < BUFFERS);
}

#[tokio::test]
async fn a_response_without_an_end() {
    let (config, sent) = endless(1);
    let connection = config.max_response(100_000).connect_lazily();
    let error = connection.ping().await.unwrap_err();
    assert_eq!(error.kind(), RedisErrorKind::ConnectionLost);
    assert!(error.to_string().contains("a response is larger than 100000 bytes"), "{error}");
    assert!(sent.load(Ordering::Relaxed) < BUFFERS);
}

#[tokio::test]
async fn large_responses_below_the_limit() {
    let Some(server) = RedisProcess::start() else { return };
    let connection = server.config().max_response(1 << 20).connect().await.unwrap();
    let mut set = redis::cmd("SET");
    set.arg("alicloud:test").arg("x".repeat(900_000));
    connection.command::<()>("alicloud:test", set).await.unwrap();
    for _ in 0..5 {
        let mut get = redis::cmd("GET");
        get.arg("alicloud:test");
        let text: String = connection.command("alicloud:test", get).await.unwrap();
        assert_eq!(text.len(), 900_000);
    }
}

#[tokio::test]
async fn many_commands_and_a_server_that_does_not_respond() {
    let limit = Duration::from_millis(200);
    let config = serve(|mut stream| {
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let connection = config.connect_timeout(limit).response_timeout(limit).connect_lazily();
    let mut commands = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let connection = connection.clone();
        commands.spawn(async move { connection.ping().await.unwrap_err() });
    }
    // One after the other, they would take 8 s.
    let all = tokio::time::timeout(Duration::from_secs(4), commands.join_all()).await.unwrap();
    assert!(all.iter().all(|error| error.kind() == RedisErrorKind::Timeout));
}
