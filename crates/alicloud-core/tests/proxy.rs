//! Proxies: of the configuration, of environment variables, and those that reject credentials.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and one test starts this binary with other variables"
)]
#![cfg(feature = "transport")]

mod common;
#[path = "common/server.rs"]
mod server;

use std::process::Command;

use alicloud_core::credentials::Variables;
use alicloud_core::transport::{ReqwestTransport, TransportConfig};
use alicloud_core::{
    Client, ClientBuilder, Credentials, Error, Outcome, RetryPolicy, TransportError,
    TransportErrorKind,
};
use common::*;
use server::{Behavior, Server, http};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const HAS_TLS: bool =
    cfg!(any(feature = "rustls-ring", feature = "rustls-aws-lc", feature = "native-tls"));

fn success() -> Behavior {
    Behavior::Respond(http(200, "", r#"{"TotalCount":1}"#))
}

fn builder(endpoint: impl Into<String>) -> ClientBuilder<Client> {
    ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .endpoint(endpoint)
        .retry(RetryPolicy::none())
}

async fn call(client: &Client) -> Result<DescribeResponse, Error> {
    client.call(&DESCRIBE, &describe(&["1"])).await
}

/// Creates the default transport with these environment variables.
fn transport(variables: &[(&str, &str)]) -> Result<ReqwestTransport, TransportError> {
    let variables = Variables::from_pairs(variables.iter().copied());
    ReqwestTransport::with_config(&TransportConfig::new().variables(variables))
}

#[tokio::test]
async fn requests_use_the_configured_proxy() {
    let proxy = Server::start(vec![success()], None).await;
    let url = format!("http://user:passw0rd@{}", proxy.address);
    let with_proxy = builder("http://cdn.invalid").proxy(url.as_str());
    let shown = format!("{with_proxy:?}");
    let client = with_proxy.build().unwrap();
    call(&client).await.unwrap();
    let request = &proxy.requests()[0];
    assert!(request.starts_with("POST http://cdn.invalid/?TaskId=1 HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nhost: cdn.invalid\r\n"), "{request}");
    // `user:passw0rd` in base64.
    assert!(request.contains("proxy-authorization: Basic dXNlcjpwYXNzdzByZA==\r\n"), "{request}");
    let shown = format!("{shown} {client:?}");
    assert!(!shown.contains("passw0rd") && !shown.contains("dXNlcj"), "{shown}");
}

#[tokio::test]
async fn a_failing_proxy_sends_nothing_and_is_not_quoted() {
    // Bound but not listening, so that connections to the port are refused.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let unused = socket.local_addr().unwrap();
    let refusing = format!("http://user:passw0rd@{unused}");
    let proxy = Server::start(vec![Behavior::RespondAndClose(http(407, "", ""))], None).await;
    let rejecting = format!("http://user:passw0rd@{}", proxy.address);
    for (scheme, url) in [("http", &refusing), ("https", &refusing), ("https", &rejecting)] {
        if scheme == "https" && !HAS_TLS {
            continue;
        }
        let client = builder(format!("{scheme}://cdn.invalid")).proxy(url.as_str());
        let error = call(&client.build().unwrap()).await.unwrap_err();
        assert!(error.is_connect() && error.outcome() == Outcome::NotSent, "{error}");
        if url == &refusing {
            assert!(error.to_string().contains("through a proxy (the proxy URL): "), "{error}");
        }
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("passw0rd") && !shown.contains("dXNlcj"), "{shown}");
    }
    for (variables, shown) in [
        ([("HTTP_PROXY", refusing.as_str()), ("NO_PROXY", "")], "through a proxy (HTTP_PROXY): "),
        ([("ALL_PROXY", &refusing), ("NO_PROXY", "")], "through a proxy (ALL_PROXY): "),
        ([("HTTP_PROXY", &refusing), ("NO_PROXY", "*")], "could not connect ("),
    ] {
        let client = builder(format!("http://{unused}")).transport(transport(&variables).unwrap());
        let error = call(&client.build().unwrap()).await.unwrap_err().to_string();
        assert!(error.contains(shown) && !error.contains("passw0rd"), "{error}");
        assert_eq!(error.contains("proxy"), shown.contains("proxy"), "{error}");
    }
    for invalid in ["ftp://user:passw0rd@host", "http://user:passw0rd@", "http://[user:passw0rd"] {
        let error = builder("http://cdn.invalid").proxy(invalid).build().unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(error.is_configuration() && shown.contains("the proxy"), "{shown}");
        assert!(!shown.contains("passw0rd"), "{shown}");
    }
}

#[tokio::test]
async fn requests_use_the_proxy_of_the_environment() {
    let service = Server::start(vec![success()], None).await;
    let direct = format!("http://{}", service.address);
    let host_and_port = service.address.to_string();
    let port = service.address.port();
    for (endpoint, variable, no_proxy, uses_proxy) in [
        ("http://cdn.invalid", "HTTP_PROXY", "", true),
        ("http://cdn.invalid", "http_proxy", "", true),
        ("http://cdn.invalid", "ALL_PROXY", "", true),
        ("http://cdn.invalid", "all_proxy", "", true),
        ("http://cdn.invalid", "HTTP_PROXY", "other.invalid, 10.0.0.0/8", true),
        ("http://notcdn.invalid", "HTTP_PROXY", "cdn.invalid", true),
        (&direct, "HTTP_PROXY", "", true),
        (&direct, "HTTPS_PROXY", "", false),
        (&direct, "HTTP_PROXY", "127.0.0.1", false),
        (&direct, "HTTP_PROXY", "10.0.0.0/8,127.0.0.0/8", false),
        (&direct, "HTTP_PROXY", "*", false),
        (&direct, "ALL_PROXY", "other.invalid *", false),
        (&direct, "http_proxy", &host_and_port, false),
        (&direct, "HTTP_PROXY", "127.0.0.1:1", true),
        (&direct, "HTTP_PROXY", &format!("*:{port}"), false),
        (&format!("http://localhost:{port}"), "HTTP_PROXY", "*", false),
        (&format!("http://localhost:{port}"), "HTTP_PROXY", "localhost", false),
        (&format!("http://localhost:{port}"), "HTTP_PROXY", &format!("LocalHost:{port}"), false),
        (&format!("http://a.localhost:{port}"), "HTTP_PROXY", ".localhost", false),
    ] {
        let proxy = Server::start(vec![success()], None).await;
        let requests_before = service.requests().len();
        let url = format!(" http://user:passw0rd@{}\n", proxy.address);
        for no_proxy_variable in ["NO_PROXY", "no_proxy"] {
            let variables = [(variable, url.as_str()), (no_proxy_variable, no_proxy)];
            let transport = transport(&variables).unwrap();
            let result = call(&builder(endpoint).transport(transport).build().unwrap()).await;
            let case = format!("{endpoint} {variable} {no_proxy}: {result:?}");
            // Names below `localhost` are unknown on some systems.
            assert!(result.is_ok() || endpoint.contains("a.localhost"), "{case}");
        }
        let case = format!("{endpoint} {variable} {no_proxy}");
        assert_eq!(proxy.requests().len(), if uses_proxy { 2 } else { 0 }, "{case}");
        if endpoint.starts_with("http://127") {
            let direct_requests = service.requests().len() - requests_before;
            assert_eq!(direct_requests, if uses_proxy { 0 } else { 2 }, "{case}");
        }
    }
}

/// An invalid variable is an error, and never a direct connection.
#[tokio::test]
async fn an_invalid_variable_is_an_error_of_the_configuration() {
    for (variable, value) in [
        ("HTTP_PROXY", "::::"),
        ("http_proxy", "garbage proxy"),
        ("HTTPS_PROXY", "http://user:passw0rd@"),
        ("https_proxy", "ftp://user:passw0rd@proxy.example"),
        ("ALL_PROXY", "http://user:pass/w0rd@proxy.example"),
        ("all_proxy", "http://proxy.example:port"),
    ] {
        let error = transport(&[(variable, value)]).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Request);
        let shown = format!("{error:?}");
        assert!(shown.contains(&format!("environment variable {variable} ")), "{shown}");
        assert!(!shown.contains("w0rd"), "{shown}");
    }
    // A trailing blank is no error: the proxy at this unused port is asked.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let service = Server::start(vec![success()], None).await;
    let url = format!("http://{} ", socket.local_addr().unwrap());
    let transport = transport(&[("HTTP_PROXY", &url)]).unwrap();
    let client = builder(format!("http://{}", service.address)).transport(transport);
    assert!(call(&client.build().unwrap()).await.unwrap_err().is_connect());
    assert!(service.requests().is_empty());
}

/// Responds to the first message of each connection, in order, and then closes it.
async fn start_socks_proxy(responses: &'static [&'static [u8]]) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        for response in responses {
            assert!(stream.read(&mut [0; 512]).await.unwrap() > 0);
            stream.write_all(response).await.unwrap();
        }
    });
    address
}

#[tokio::test]
async fn a_proxy_that_rejects_the_credentials_is_named() {
    let respond = Behavior::RespondAndClose(http(407, "proxy-authenticate: Basic\r\n", "denied"));
    let proxy = Server::start(vec![respond], None).await;
    let url = format!("http://user:passw0rd@{}", proxy.address);
    // The proxy accepts the method and rejects the password, or accepts no method.
    let rejecting = start_socks_proxy(&[&[5, 2], &[1, 1]]).await;
    let requiring = start_socks_proxy(&[&[5, 0xff]]).await;
    let socks = [format!("socks5h://user:passw0rd@{rejecting}"), format!("socks5h://{requiring}")];
    for (scheme, variable, url, reason) in [
        ("http", "HTTP_PROXY", &url, "HTTP 407"),
        ("https", "HTTPS_PROXY", &url, "HTTP 407"),
        ("https", "all_proxy", &url, "HTTP 407"),
        ("http", "ALL_PROXY", &socks[0], "SOCKS authentication failed"),
        ("http", "http_proxy", &socks[1], "SOCKS authentication failed"),
        ("http", "the proxy URL", &url, "HTTP 407"),
    ] {
        if scheme == "https" && !HAS_TLS {
            continue;
        }
        let builder = builder(format!("{scheme}://cdn.invalid")).retry(RetryPolicy::new());
        let builder = match variable {
            "the proxy URL" => builder.proxy(url.as_str()),
            _ => builder.transport(transport(&[(variable, url)]).unwrap()),
        };
        let error = call(&builder.build().unwrap()).await.unwrap_err();
        let kind = error.transport_error().unwrap().kind();
        assert_eq!(kind, TransportErrorKind::ProxyCredentials, "{error}");
        assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 1));
        assert!(error.is_connect() && error.status().is_none());
        assert_eq!(
            error.to_string(),
            format!(
                "Cdn DescribeRefreshTaskById: the proxy rejected the credentials (cdn.invalid): \
                 {reason}; set the user and the password in {variable}, for example \
                 http://user:password@proxy.example:3128, with special characters percent-encoded \
                 [not sent, attempt 1]"
            ),
        );
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("passw0rd") && !shown.contains("dXNlcj"), "{shown}");
    }
}

/// Variables belong to the whole process, so each case runs in a process of its own.
#[tokio::test]
async fn the_variables_of_the_process_are_the_default() {
    for (value, expected) in [
        ("", ""),
        (
            "::::",
            "cannot be set up: the proxy URL in the environment variable HTTP_PROXY is invalid",
        ),
    ] {
        let proxy = Server::start(vec![success()], None).await;
        let url = format!("http://{}{value}", proxy.address);
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["child", "--exact", "--ignored", "--nocapture"]);
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD"] {
            child.env_remove(name).env_remove(name.to_lowercase());
        }
        child.env("HTTP_PROXY", url).env("CHILD_ENDPOINT", "http://cdn.invalid");
        let output = tokio::task::spawn_blocking(move || child.output().unwrap()).await.unwrap();
        assert_eq!(output.status.success(), expected.is_empty(), "{output:?}");
        assert_eq!(proxy.requests().len(), usize::from(expected.is_empty()));
        assert!(String::from_utf8_lossy(&output.stderr).contains(expected), "{output:?}");
    }
}

#[tokio::test]
#[ignore = "child process of the test above, which sets its environment; without CHILD_ENDPOINT it has no endpoint"]
async fn child() {
    let endpoint = std::env::var("CHILD_ENDPOINT").unwrap();
    let client = builder(endpoint).build().unwrap_or_else(|error| {
        assert!(error.is_configuration());
        panic!("{error}")
    });
    call(&client).await.unwrap();
}
