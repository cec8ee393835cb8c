//! The metadata service.

use alicloud_core::credentials::EcsMetadata;
use alicloud_core::{Clock as _, SystemClock};

use crate::server::{Answer, Seen, Server, nowhere, ok};
use crate::{after, clock, found, refused, says, temporary, variables};

const TOKEN_HEADER: &str = "x-aliyun-ecs-metadata-token";
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";

fn credentials() -> String {
    let fields = temporary("2026-01-02T09:04:05Z");
    format!(r#"{{"Code":"Success","LastUpdated":"2026-01-02T03:04:05Z",{fields}}}"#)
}

/// A service as it should be, which insists on a token.
fn hardened(seen: &Seen, _: usize) -> Answer {
    match (seen.method.as_str(), seen.target.as_str()) {
        ("PUT", "/latest/api/token") => ok("a-session-token"),
        _ if seen.headers.get(TOKEN_HEADER).is_none_or(|token| token != "a-session-token") => {
            Answer::Say(403, "no token".to_owned())
        }
        ("GET", ROLES) => ok("web-server\n"),
        ("GET", target) if target == format!("{ROLES}web-server") => ok(credentials()),
        _ => Answer::Say(404, String::new()),
    }
}

/// An old service, which knows no tokens.
fn old(seen: &Seen, _: usize) -> Answer {
    match (seen.method.as_str(), seen.target.as_str()) {
        ("GET", ROLES) => ok("web-server"),
        ("GET", _) => ok(credentials()),
        _ => Answer::Say(404, "<html>not found</html>".to_owned()),
    }
}

fn provider(server: &Server) -> EcsMetadata {
    EcsMetadata::new().endpoint(server.url()).variables(variables(&[])).clock(clock())
}

#[tokio::test]
async fn asks_with_a_token_for_the_role_and_then_for_its_credentials() {
    let server = Server::start(hardened);
    let provider = provider(&server);
    assert!(server.requests().is_empty(), "nothing is asked before somebody asks");
    assert_eq!(found(&provider).await, "ecs_ram_role");
    assert_eq!(found(&provider).await, "ecs_ram_role");
    let seen = server.requests();
    let lines: Vec<_> = seen.iter().map(|seen| (&*seen.method, &*seen.target)).collect();
    let of_the_role = format!("{ROLES}web-server");
    assert_eq!(
        lines,
        [("PUT", "/latest/api/token"), ("GET", ROLES), ("GET", of_the_role.as_str())]
    );
    assert_eq!(seen[0].headers["x-aliyun-ecs-metadata-token-ttl-seconds"], "21600");
    assert_eq!(seen[0].headers["content-length"], "0");
    assert_eq!(seen[0].headers["host"], server.url().strip_prefix("http://").unwrap());
}

#[tokio::test]
async fn keeps_the_expiration() {
    use alicloud_core::ProvideCredentials as _;

    let server = Server::start(hardened);
    let credentials = provider(&server).credentials().await.unwrap();
    assert_eq!(credentials.expiration(), Some(after(6 * 3600)));
}

#[tokio::test]
async fn a_role_that_is_known_is_not_asked_for() {
    let server = Server::start(hardened);
    found(&provider(&server).role("web-server")).await;
    let named = variables(&[("ALIBABA_CLOUD_ECS_METADATA", "web-server")]);
    found(&provider(&server).variables(named)).await;
    assert!(server.requests().iter().all(|seen| seen.target != ROLES));
}

#[tokio::test]
async fn falls_back_to_asking_without_a_token_unless_that_is_forbidden() {
    let server = Server::start(old);
    found(&provider(&server)).await;
    assert!(server.requests().iter().all(|seen| !seen.headers.contains_key(TOKEN_HEADER)));
    let before = server.requests().len();

    let switch = variables(&[("ALIBABA_CLOUD_IMDSV1_DISABLED", "true")]);
    for strict in [provider(&server).variables(switch), provider(&server).disable_imds_v1()] {
        let error = refused(&strict).await;
        assert!(error.is_absent());
        says(&error, &["ecs_ram_role: ", "gave no token", "HTTP 404"]);
    }
    assert_eq!(server.requests().len(), before + 2, "each asked for a token and for nothing else");
}

#[tokio::test]
async fn a_page_instead_of_a_token_is_no_token() {
    let page = "<html>\n<body>sign in, sesame</body></html>".to_owned();
    let server = Server::start(move |_, _| ok(page.clone()));
    let error = refused(&provider(&server)).await;
    assert!(error.is_absent());
    says(&error, &["named no role", "no metadata service"]);
    // Once the role is known, it is an error.
    let error = refused(&provider(&server).role("web-server")).await;
    assert!(!error.is_absent());
    says(&error, &["the role \"web-server\"", "is not JSON (line 1, column 1)"]);
}

#[tokio::test]
async fn says_what_is_wrong_with_an_answer() {
    let full = credentials();
    for (body, part) in [
        (full.replace("Success", "sesame"), "no `Code` that says Success"),
        (full.replace("AccessKeyId", "Other"), "no `AccessKeyId`"),
        (full.replace("SecurityToken", "Other"), "no `SecurityToken`"),
        (full.replace("2026-01-02T09:04:05Z", "sesame"), "not a time"),
        (full.replace("2026-01-02T09", "2026-01-02T02"), "ended at 2026-01-02T02:04:05Z"),
        ("[]".to_owned(), "is JSON, but not an object"),
        (String::new(), "is not JSON"),
    ] {
        let server = Server::start(move |_, _| ok(body.clone()));
        let error = refused(&provider(&server).role("web-server")).await;
        assert!(!error.is_absent());
        says(&error, &[part]);
    }
    let server = Server::start(|_, _| Answer::Say(503, "sesame".to_owned()));
    says(&refused(&provider(&server).role("r")).await, &["the role \"r\": HTTP 503 from http://"]);
    let error = refused(&provider(&server).role("a/../b")).await;
    says(&error, &["the name of the role is not one"]);
}

#[tokio::test]
async fn is_absent_where_there_is_none() {
    let nothing = EcsMetadata::new().endpoint(nowhere()).variables(variables(&[]));
    let error = refused(&nothing).await;
    assert!(error.is_absent());
    says(&error, &["there is no metadata service here", "127.0.0.1"]);

    let server = Server::start(hardened);
    let off = variables(&[("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")]);
    let error = refused(&provider(&server).variables(off)).await;
    assert!(error.is_absent() && server.requests().is_empty());

    let without = Server::start(|seen, number| match (seen.method.as_str(), number) {
        ("PUT", _) => ok("token"),
        _ => Answer::Say(404, String::new()),
    });
    let error = refused(&provider(&without)).await;
    assert!(error.is_absent());
    says(&error, &["this instance has no RAM role"]);
}

#[test]
fn never_goes_through_a_proxy() {
    // The environment of this process belongs to everybody, so another one runs the same tests.
    for test in ["ecs::keeps_the_expiration", "uri::takes_what_a_service_answers"] {
        let mut other = std::process::Command::new(std::env::current_exe().unwrap());
        other.args([test, "--exact"]).env_remove("NO_PROXY").env_remove("no_proxy");
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            other.env(name, nowhere());
        }
        let output = other.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }
}

#[tokio::test]
async fn does_not_wait_longer_than_it_says() {
    let begin = SystemClock.elapsed();
    for behave in [|| Answer::Hang, || Answer::Half, || Answer::Close] {
        let server = Server::start(move |_, _| behave());
        let error = refused(&provider(&server).clock(SystemClock)).await;
        assert!(error.is_absent());
        says(&error, &["the metadata service named no role"]);
        let error =
            refused(&provider(&server).clock(SystemClock).role("r").disable_imds_v1()).await;
        says(&error, &["gave no token"]);
    }
    // Two requests of a second, then one, for each of the two that are silent; ample room for a slow
    // machine, and far from the 30 seconds of the server.
    assert!((SystemClock.elapsed() - begin).as_secs() < 15);
}
