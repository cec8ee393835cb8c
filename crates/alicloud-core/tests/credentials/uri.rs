//! `CredentialsUri`: credentials from a URL.

use alicloud_core::credentials::CredentialsUri;

use crate::server::{Server, ServerResponse, ok, unused_url};
use crate::{assert_contains, clock, expect_credentials, expect_error, temporary, variables};

const VARIABLE: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

fn provider(url: &str) -> CredentialsUri {
    CredentialsUri::new().variables(variables(&[(VARIABLE, url)])).clock(clock())
}

#[tokio::test]
async fn reads_credentials_from_a_url() {
    for code in ["", r#""Code":"Success","#] {
        let fields = temporary("2026-01-02T04:04:05Z");
        let body = format!("{{{code}{fields}}}");
        let server = Server::start(move |_, _| ok(body.clone()));
        let url = format!("{}/credentials?key=sesame", server.url());
        assert_eq!(expect_credentials(&provider(&url)).await, "credentials_uri");
        assert_eq!(
            expect_credentials(&CredentialsUri::new().uri(url).clock(clock())).await,
            "credentials_uri"
        );
        assert_eq!(server.requests()[0].target, "/credentials?key=sesame");
        assert_eq!(server.requests()[0].method, "GET");
    }
}

#[tokio::test]
async fn errors_name_the_cause_and_do_not_quote_the_url() {
    let absent = expect_error(&CredentialsUri::new().variables(variables(&[]))).await;
    assert!(absent.is_absent());
    assert_contains(&absent, &["credentials_uri: ALIBABA_CLOUD_CREDENTIALS_URI is not set"]);

    for (body, part) in [
        (r#"{"Code":"sesame"}"#, "a `Code` other than Success"),
        (r#"{"Code":"Success"}"#, "has no `Expiration`"),
        ("<html>sesame</html>", "is not JSON (line 1"),
    ] {
        let server = Server::start(move |_, _| ok(body));
        let error = expect_error(&provider(&format!("{}/?sesame", server.url()))).await;
        assert!(!error.is_absent());
        assert_contains(&error, &[VARIABLE, part]);
    }
    let server = Server::start(|_, _| ServerResponse::Status(500, "sesame".to_owned()));
    assert_contains(
        &expect_error(&provider(&server.url())).await,
        &[VARIABLE, "responded with HTTP 500 (", ", 6 bytes)"],
    );
    let server = Server::start(|_, _| ServerResponse::Close);
    assert_contains(&expect_error(&provider(&server.url())).await, &["the connection was closed"]);
    assert_contains(
        &expect_error(&provider(&unused_url())).await,
        &[VARIABLE, "could not connect"],
    );
    for url in ["sesame", "file:///sesame", "http://u:sesame@127.0.0.1/"] {
        assert_contains(&expect_error(&provider(url)).await, &[VARIABLE]);
    }
}

#[tokio::test]
async fn a_response_has_at_most_one_mebibyte() {
    for (length, is_accepted) in [(1 << 20, true), ((1 << 20) + 1, false)] {
        let body = format!("{{{}}}", temporary("2026-01-02T04:04:05Z"));
        let server = Server::start(move |_, _| ok(body.clone() + &" ".repeat(length - body.len())));
        let provider = provider(&server.url());
        if is_accepted {
            expect_credentials(&provider).await;
        } else {
            let error = expect_error(&provider).await;
            assert_contains(&error, &[VARIABLE, "the response is larger than max_response_bytes"]);
        }
    }
}
