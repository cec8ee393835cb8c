//! Credentials from a URL.

use alicloud_core::credentials::CredentialsUri;

use crate::server::{Answer, Server, nowhere, ok};
use crate::{clock, found, refused, says, temporary, variables};

const VARIABLE: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

fn provider(url: &str) -> CredentialsUri {
    CredentialsUri::new().variables(variables(&[(VARIABLE, url)])).clock(clock())
}

#[tokio::test]
async fn takes_what_a_service_answers() {
    for code in ["", r#""Code":"Success","#] {
        let fields = temporary("2026-01-02T04:04:05Z");
        let body = format!("{{{code}{fields}}}");
        let server = Server::start(move |_, _| ok(body.clone()));
        let url = format!("{}/credentials?key=sesame", server.url());
        assert_eq!(found(&provider(&url)).await, "credentials_uri");
        assert_eq!(found(&CredentialsUri::new().uri(url).clock(clock())).await, "credentials_uri");
        assert_eq!(server.requests()[0].target, "/credentials?key=sesame");
        assert_eq!(server.requests()[0].method, "GET");
    }
}

#[tokio::test]
async fn says_what_is_wrong_without_the_url() {
    let nothing = refused(&CredentialsUri::new().variables(variables(&[]))).await;
    assert!(nothing.is_absent());
    says(&nothing, &["credentials_uri: ALIBABA_CLOUD_CREDENTIALS_URI is not set"]);

    for (answer, part) in [
        (r#"{"Code":"sesame"}"#, "another `Code` than Success"),
        (r#"{"Code":"Success"}"#, "has no `Expiration`"),
        ("<html>sesame</html>", "is not JSON (line 1"),
    ] {
        let server = Server::start(move |_, _| ok(answer));
        let error = refused(&provider(&format!("{}/?sesame", server.url()))).await;
        assert!(!error.is_absent());
        says(&error, &[VARIABLE, part]);
    }
    let server = Server::start(|_, _| Answer::Say(500, "sesame".to_owned()));
    says(&refused(&provider(&server.url())).await, &[VARIABLE, "answers HTTP 500"]);
    let server = Server::start(|_, _| Answer::Close);
    says(&refused(&provider(&server.url())).await, &["the connection ended"]);
    says(&refused(&provider(&nowhere())).await, &[VARIABLE, "there was no connection"]);
    for url in ["sesame", "file:///sesame", "http://u:sesame@127.0.0.1/"] {
        says(&refused(&provider(url)).await, &[VARIABLE]);
    }
}
