//! Signature errors: what the service signed, beside what was signed here.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use alicloud_core::testing::FakeTransport;
use alicloud_core::{Client, Credentials, Error, Operation, SignatureMismatch, SignatureVersion};
use common::*;

const TOKENLESS: fn() -> Credentials = || Credentials::new("id", SECRET);

/// The error of a call to a service that says it signed this, made of what we signed: the string to
/// sign and the canonical request.
async fn error_with(
    operation: &'static Operation,
    signature: SignatureVersion,
    credentials: Credentials,
    says: impl Fn(&str, &str) -> String,
) -> Error {
    let client = |fake: FakeTransport| -> Client {
        still(&CDN)
            .credentials(credentials.clone())
            .transport(fake)
            .signature(signature)
            .build()
            .unwrap()
    };
    let request = describe(&["a b", "2"]);
    // The preview redacts the token; the service does not.
    let preview = client(FakeTransport::new()).call(operation, &request).preview().await.unwrap();
    let token = credentials.security_token().map(|token| token.expose().to_owned());
    let reveal = |text: Option<String>| {
        let text = text.unwrap_or_default();
        let token = token.as_deref().unwrap_or_default();
        let twice = alicloud_core::wire::percent_encode(token);
        let twice = alicloud_core::wire::percent_encode(&twice).into_owned();
        text.replace("SecurityToken%3D<redacted>", &format!("SecurityToken%3D{twice}"))
            .replace("<redacted>", token)
    };
    let message = says(&reveal(preview.string_to_sign), &reveal(preview.canonical_request));
    let body =
        serde_json::json!({"Code": "SignatureDoesNotMatch", "Message": message, "RequestId": "R"});
    let fake = FakeTransport::new().respond_raw(operation.name(), 400, &[], body.to_string());
    let error = client(fake).call(operation, &request).await.unwrap_err();
    assert!(error.is_auth() && error.attempts() == 1);
    let shown = format!("{error} {error:?} {:?} {:?}", error.message(), error.signature_mismatch());
    assert!(!shown.contains(SECRET) && !shown.contains("Nobody"), "{shown}");
    error
}

fn text(error: &Error) -> (&str, Option<&str>, Option<&str>) {
    match error.signature_mismatch() {
        Some(SignatureMismatch::Text { part, ours, theirs }) => {
            (part, ours.as_deref(), theirs.as_deref())
        }
        other => panic!("{other:?} of {error}"),
    }
}

const RPC: &str =
    "Specified signature is not matched with our calculation. server string to sign is:";

#[tokio::test]
async fn the_same_text_means_that_the_secret_is_wrong() {
    for end in ["", ".", " ", "]", "\"", "\n", ", client string to sign is: GET"] {
        let error = error_with(&DESCRIBE, SignatureVersion::Hmac1, TOKENLESS(), |sts, _| {
            format!("{RPC}{sts}{end}")
        });
        let error = error.await;
        assert_eq!(error.signature_mismatch(), Some(&SignatureMismatch::Secret), "{end:?}");
        assert_eq!(
            error.to_string(),
            "Cdn DescribeRefreshTaskById: SignatureDoesNotMatch (HTTP 400): Specified signature is not matched with \
             our calculation. (the service signed the same text, so the secret is not the one of this access key) \
             [rejected, request id R, attempt 1]",
        );
    }
    for form in 0..5 {
        let error = error_with(&DESCRIBE, SignatureVersion::Acs3, TOKENLESS(), |sts, canonical| {
            match form {
                0 => format!(
                    "M. server StringToSign is [{sts}], server CanonicalRequest is [{canonical}]"
                ),
                1 => format!(
                    "M. server StringToSign is [{sts}] server CanonicalRequest is [{canonical}]."
                ),
                2 => format!(
                    "server CanonicalRequest is [{canonical}] server StringToSign is [{sts}]"
                ),
                3 => format!("server StringToSign is [{}]", sts.replace('\n', "\\n")),
                _ => format!("server StringToSign is [{sts}"),
            }
        });
        assert_eq!(error.await.signature_mismatch(), Some(&SignatureMismatch::Secret), "{form}");
    }
    let with_token = TOKENLESS().with_security_token(TOKEN);
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let error = error_with(&DESCRIBE, signature, with_token.clone(), |sts, canonical| {
            if canonical.is_empty() {
                format!("{RPC}{sts}")
            } else {
                format!("server CanonicalRequest is [{canonical}]")
            }
        });
        assert_eq!(error.await.signature_mismatch(), Some(&SignatureMismatch::Secret));
    }
}

#[tokio::test]
async fn another_text_names_the_parameter() {
    for (find, put, expected) in [
        (
            "TaskId%3Da%2520b%252C2",
            "TaskId%3Da%252Bb%252C2",
            ("parameter TaskId", Some("a b,2"), Some("a+b,2")),
        ),
        ("%26TaskId%3Da%2520b%252C2", "", ("parameter TaskId", Some("a b,2"), None)),
        ("%26Version", "%26Trace%3D1%26Version", ("parameter Trace", None, Some("1"))),
        ("Format%3DJSON%26", "", ("parameter Format", Some("JSON"), None)),
        ("POST&", "GET&", ("the method", Some("POST"), Some("GET"))),
        ("&%2F&", "&%2Fapi%2F&", ("the path", Some("/"), Some("/api/"))),
    ] {
        let error = error_with(&DESCRIBE, SignatureVersion::Hmac1, TOKENLESS(), |sts, _| {
            assert!(sts.contains(find), "{sts}");
            format!("{RPC}{}.", sts.replacen(find, put, 1))
        });
        let error = error.await;
        assert_eq!(text(&error), expected);
    }
    for (find, put, expected) in [
        (
            "TaskId=a%20b%2C2",
            "TaskId=a%2Bb%2C2",
            ("parameter TaskId", Some("a b,2"), Some("a+b,2")),
        ),
        (
            "TaskId=a%20b%2C2",
            "TaskId=a%20b,2",
            ("parameter TaskId", Some("a%20b%2C2"), Some("a%20b,2")),
        ),
        ("TaskId=a%20b%2C2", "", ("parameter TaskId", Some("a b,2"), None)),
        (
            "host:cdn.aliyuncs.com",
            "host:proxy.local",
            ("header host", Some("cdn.aliyuncs.com"), Some("proxy.local")),
        ),
        ("\nx-acs-version:2018-05-10", "", ("header x-acs-version", Some("2018-05-10"), None)),
        (
            "\nx-acs-version:",
            "\nx-acs-trace:7\nx-acs-version:",
            ("header x-acs-trace", None, Some("7")),
        ),
        (
            "host;x-acs-action",
            "x-acs-action",
            (
                "the list of signed headers",
                Some(
                    "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version",
                ),
                Some(
                    "x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version",
                ),
            ),
        ),
        ("POST\n", "GET\n", ("the method", Some("POST"), Some("GET"))),
        ("\n/\n", "\n/v1\n", ("the path", Some("/"), Some("/v1"))),
    ] {
        let error = error_with(&DESCRIBE, SignatureVersion::Acs3, TOKENLESS(), |sts, canonical| {
            assert!(canonical.contains(find), "{canonical}");
            let canonical = canonical.replacen(find, put, 1);
            format!("M. server StringToSign is [{sts}0], server CanonicalRequest is [{canonical}]")
        });
        let error = error.await;
        assert_eq!(text(&error), expected);
        assert!(
            error.to_string().contains("the service signed another text, beginning with"),
            "{error}"
        );
        assert!(!error.to_string().contains("CanonicalRequest"), "{error}");
    }
    let error = error_with(&DESCRIBE, SignatureVersion::Acs3, TOKENLESS(), |sts, _| {
        format!("server StringToSign is [{sts}0]")
    });
    assert_eq!(text(&error.await).0, "the canonical request, which it does not show");
}

/// A token that was changed on its way no longer looks like ours, so it is not shown at all.
#[tokio::test]
async fn a_token_is_never_shown_whatever_became_of_it() {
    let credentials = TOKENLESS().with_security_token(TOKEN);
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let error = error_with(&DESCRIBE, signature, credentials.clone(), |sts, canonical| {
            if canonical.is_empty() {
                format!("{RPC}{}", sts.replace("SecurityToken%3DA%252B", "SecurityToken%3Dx"))
            } else {
                format!(
                    "server CanonicalRequest is [{}]",
                    canonical.replace(TOKEN, &TOKEN.replace('+', " "))
                )
            }
        });
        let error = error.await;
        let (part, ours, theirs) = text(&error);
        assert!(part.to_ascii_lowercase().ends_with("token"), "{part}");
        assert_eq!((ours, theirs), (None, None));
    }
}

#[tokio::test]
async fn a_message_without_a_text_is_left_alone() {
    for message in
        ["Specified signature is not matched with our calculation.", "", "server string to sign"]
    {
        let error =
            error_with(&DESCRIBE, SignatureVersion::Acs3, TOKENLESS(), |_, _| message.to_owned());
        assert_eq!(error.await.signature_mismatch(), None);
    }
}
