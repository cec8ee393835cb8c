//! `EcsMetadata`: the metadata service of ECS.

mod tokens;

use alicloud_core::credentials::EcsMetadata;
use alicloud_core::{Clock as _, SystemClock};

use crate::server::{ReceivedRequest, Server, ServerResponse, ok, unused_url};
use crate::{
    assert_contains, clock, expect_credentials, expect_error, temporary, time_after, variables,
};

const TOKEN_HEADER: &str = "x-aliyun-ecs-metadata-token";
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";

fn credentials() -> String {
    let fields = temporary("2026-01-02T09:04:05Z");
    format!(r#"{{"Code":"Success","LastUpdated":"2026-01-02T03:04:05Z",{fields}}}"#)
}

/// A service that requires a token.
pub(crate) fn hardened(request: &ReceivedRequest, _: usize) -> ServerResponse {
    match (request.method.as_str(), request.target.as_str()) {
        ("PUT", "/latest/api/token") => ok("a-session-token"),
        _ if request.headers.get(TOKEN_HEADER).is_none_or(|token| token != "a-session-token") => {
            ServerResponse::Status(403, "no token".to_owned())
        }
        ("GET", ROLES) => ok("web-server\n"),
        ("GET", target) if target == format!("{ROLES}web-server") => ok(credentials()),
        _ => ServerResponse::Status(404, String::new()),
    }
}

/// A service without tokens (IMDSv1).
fn without_tokens(request: &ReceivedRequest, _: usize) -> ServerResponse {
    match (request.method.as_str(), request.target.as_str()) {
        ("GET", ROLES) => ok("web-server"),
        ("GET", _) => ok(credentials()),
        _ => ServerResponse::Status(404, "<html>not found</html>".to_owned()),
    }
}

pub(crate) fn provider(server: &Server) -> EcsMetadata {
    EcsMetadata::new().endpoint(server.url()).variables(variables(&[])).clock(clock())
}

#[tokio::test]
async fn requests_a_token_then_the_role_then_its_credentials() {
    let server = Server::start(hardened);
    let provider = provider(&server);
    assert!(server.requests().is_empty(), "nothing is requested before the first call");
    assert_eq!(expect_credentials(&provider).await, "ecs_ram_role");
    assert_eq!(expect_credentials(&provider).await, "ecs_ram_role");
    let requests = server.requests();
    let lines: Vec<_> =
        requests.iter().map(|request| (&*request.method, &*request.target)).collect();
    let credentials_path = format!("{ROLES}web-server");
    assert_eq!(
        lines,
        [("PUT", "/latest/api/token"), ("GET", ROLES), ("GET", credentials_path.as_str())]
    );
    assert_eq!(requests[0].headers["x-aliyun-ecs-metadata-token-ttl-seconds"], "21600");
    assert_eq!(requests[0].headers["content-length"], "0");
    assert_eq!(requests[0].headers["host"], server.url().strip_prefix("http://").unwrap());
}

#[tokio::test]
async fn returns_the_expiration() {
    use alicloud_core::ProvideCredentials as _;

    let server = Server::start(hardened);
    let credentials = provider(&server).credentials().await.unwrap();
    assert_eq!(credentials.expiration(), Some(time_after(6 * 3600)));
}

#[tokio::test]
async fn a_configured_role_is_not_requested() {
    let server = Server::start(hardened);
    expect_credentials(&provider(&server).role("web-server")).await;
    let named = variables(&[("ALIBABA_CLOUD_ECS_METADATA", "web-server")]);
    expect_credentials(&provider(&server).variables(named)).await;
    assert!(server.requests().iter().all(|request| request.target != ROLES));
}

#[tokio::test]
async fn falls_back_to_requests_without_a_token_unless_disabled() {
    let server = Server::start(without_tokens);
    expect_credentials(&provider(&server)).await;
    assert!(server.requests().iter().all(|request| !request.headers.contains_key(TOKEN_HEADER)));
    let requests_before = server.requests().len();

    let disabled = variables(&[("ALIBABA_CLOUD_IMDSV1_DISABLED", "true")]);
    for strict in [provider(&server).variables(disabled), provider(&server).disable_imds_v1()] {
        let error = expect_error(&strict).await;
        assert!(error.is_absent());
        assert_contains(&error, &["ecs_ram_role: ", "returned no token", "HTTP 404"]);
    }
    let requests = server.requests().len() - requests_before;
    assert_eq!(requests, 2, "each requested a token and nothing else");
}

/// Describes the requests: the method, the step, and whether it has a token.
fn steps(server: &Server) -> Vec<&'static str> {
    let requests = server.requests();
    let step = |request: &ReceivedRequest| match (
        request.target.as_str(),
        request.headers.contains_key(TOKEN_HEADER),
    ) {
        ("/latest/api/token", _) => "token",
        (ROLES, true) => "role with token",
        (ROLES, false) => "role",
        (_, true) => "credentials with token",
        (_, false) => "credentials",
    };
    requests.iter().map(step).collect()
}

#[tokio::test]
async fn a_request_whose_token_is_rejected_is_sent_without_it() {
    let with_role = ["token", "role with token", "role", "credentials"];
    let with_credentials = ["token", "role with token", "credentials with token", "credentials"];
    for (rejected, expected) in [(ROLES, with_role), ("web-server", with_credentials)] {
        for respond in [
            || ServerResponse::Status(401, "sesame".to_owned()),
            || ServerResponse::Status(403, String::new()),
            || ServerResponse::Status(400, "<html>".to_owned()),
            || ServerResponse::Status(404, String::new()),
            || ServerResponse::Status(500, String::new()),
            || ServerResponse::Close,
        ] {
            let server = Server::start(move |request, index| {
                match request.headers.contains_key(TOKEN_HEADER) {
                    true if request.target.ends_with(rejected) => respond(),
                    _ if request.method == "PUT" => ok("a-session-token"),
                    _ => without_tokens(request, index),
                }
            });
            assert_eq!(expect_credentials(&provider(&server)).await, "ecs_ram_role");
            assert_eq!(steps(&server), expected);
        }
    }
}

#[tokio::test]
async fn a_rejected_token_is_an_error_if_requests_without_one_are_disabled() {
    for rejected in [ROLES, "web-server"] {
        for status in [401, 403] {
            let server = Server::start(move |request, index| match request.method.as_str() {
                "PUT" => ok("a-session-token"),
                _ if request.target.ends_with(rejected) => {
                    ServerResponse::Status(status, "sesame".to_owned())
                }
                _ => without_tokens(request, index),
            });
            let disabled = variables(&[("ALIBABA_CLOUD_IMDSV1_DISABLED", "true")]);
            for strict in
                [provider(&server).variables(disabled), provider(&server).disable_imds_v1()]
            {
                let error = expect_error(&strict).await;
                assert_contains(
                    &error,
                    &[
                        &format!("HTTP {status} from http://"),
                        "the token was rejected, and requests without one are disabled by \
                         ALIBABA_CLOUD_IMDSV1_DISABLED or disable_imds_v1",
                    ],
                );
            }
            assert!(steps(&server).iter().all(|step| *step != "role" && *step != "credentials"));
        }
    }
}

#[tokio::test]
async fn the_error_with_the_token_is_shown_if_a_request_without_it_fails_too() {
    let server = Server::start(|request, _| match request.headers.contains_key(TOKEN_HEADER) {
        true => ServerResponse::Status(404, String::new()),
        false if request.method == "PUT" => ok("a-session-token"),
        false => ServerResponse::Status(403, String::new()),
    });
    let error = expect_error(&provider(&server)).await;
    assert!(error.is_absent());
    assert_contains(&error, &["this instance has no RAM role"]);
    assert_eq!(steps(&server), ["token", "role with token", "role"]);
}

#[tokio::test]
async fn an_html_page_is_not_a_token() {
    let page = "<html>\n<body>sign in, sesame</body></html>".to_owned();
    let server = Server::start(move |_, _| ok(page.clone()));
    let error = expect_error(&provider(&server)).await;
    assert!(error.is_absent());
    assert_contains(&error, &["names no role", "not from a metadata service"]);
    // With a configured role, the provider is not absent.
    let error = expect_error(&provider(&server).role("web-server")).await;
    assert!(!error.is_absent());
    assert_contains(&error, &["the role \"web-server\"", "is not JSON (line 1, column 1)"]);
}

#[tokio::test]
async fn errors_name_what_is_wrong_with_a_response() {
    let full = credentials();
    for (body, part) in [
        (full.replace("Success", "sesame"), "no `Code` of Success"),
        (full.replace("AccessKeyId", "Other"), "no `AccessKeyId`"),
        (full.replace("SecurityToken", "Other"), "no `SecurityToken`"),
        (full.replace("2026-01-02T09:04:05Z", "sesame"), "not a time"),
        (full.replace("2026-01-02T09", "2026-01-02T02"), "expired at 2026-01-02T02:04:05Z"),
        ("[]".to_owned(), "is JSON, but not an object"),
        (String::new(), "is not JSON"),
    ] {
        let server = Server::start(move |_, _| ok(body.clone()));
        let error = expect_error(&provider(&server).role("web-server")).await;
        assert!(!error.is_absent());
        assert_contains(&error, &[part]);
    }
    let server = Server::start(|_, _| ServerResponse::Status(503, "sesame".to_owned()));
    assert_contains(
        &expect_error(&provider(&server).role("r")).await,
        &["the role \"r\": HTTP 503 from http://", ", 6 bytes)"],
    );
    let error = expect_error(&provider(&server).role("a/../b")).await;
    assert_contains(&error, &["the name of the role is invalid", "ALIBABA_CLOUD_ECS_METADATA"]);
}

#[tokio::test]
async fn is_absent_without_a_metadata_service() {
    let unreachable = EcsMetadata::new().endpoint(unused_url()).variables(variables(&[]));
    let error = expect_error(&unreachable).await;
    assert!(error.is_absent());
    assert_contains(&error, &["there is no metadata service", "127.0.0.1"]);

    let server = Server::start(hardened);
    let disabled = variables(&[("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")]);
    let error = expect_error(&provider(&server).variables(disabled)).await;
    assert!(error.is_absent() && server.requests().is_empty());

    let without_role = Server::start(|request, index| match (request.method.as_str(), index) {
        ("PUT", _) => ok("token"),
        _ => ServerResponse::Status(404, String::new()),
    });
    let error = expect_error(&provider(&without_role)).await;
    assert!(error.is_absent());
    assert_contains(&error, &["this instance has no RAM role"]);
}

#[test]
fn does_not_use_a_proxy() {
    // Variables belong to the whole process, so a child process runs the tests with other variables.
    for test in ["ecs::returns_the_expiration", "uri::reads_credentials_from_a_url"] {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args([test, "--exact"]).env_remove("NO_PROXY").env_remove("no_proxy");
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            child.env(name, unused_url());
        }
        let output = child.output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}");
    }
}

#[tokio::test]
async fn requests_time_out() {
    let start = SystemClock.elapsed();
    for respond in
        [|| ServerResponse::Hang, || ServerResponse::PartialBody, || ServerResponse::Close]
    {
        let server = Server::start(move |_, _| respond());
        let error = expect_error(&provider(&server).clock(SystemClock)).await;
        assert!(error.is_absent());
        assert_contains(&error, &["the metadata service returned no role"]);
        let error =
            expect_error(&provider(&server).clock(SystemClock).role("r").disable_imds_v1()).await;
        assert_contains(&error, &["returned no token"]);
    }
    // 2 + 1 requests of at most 2 s, for each of the two servers that do not respond. 15 s leaves room
    // for a slow machine, and is less than the 30 s that the server hangs.
    assert!((SystemClock.elapsed() - start).as_secs() < 15);
}
