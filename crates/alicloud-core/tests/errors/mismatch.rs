//! Diagnosis of signature errors.

use alicloud_core::testing::FakeTransport;
use alicloud_core::{Client, Credentials, Error, Operation, SignatureMismatch, SignatureVersion};

use crate::common::*;

const CREDENTIALS: fn() -> Credentials = || Credentials::new("id", SECRET);

/// Returns the error of a call to a service that responds with a signature error. `make_message` creates its
/// message from the string to sign and the canonical request of the client.
async fn error_with(
    operation: &'static Operation,
    signature: SignatureVersion,
    credentials: Credentials,
    make_message: impl Fn(&str, &str) -> String,
) -> Error {
    let client = |fake: FakeTransport| -> Client {
        fixed_builder(&CDN)
            .credentials(credentials.clone())
            .transport(fake)
            .signature(signature)
            .build()
            .unwrap()
    };
    let request = describe(&["a b", "2"]);
    // The preview redacts the token, but the service does not.
    let preview = client(FakeTransport::new()).call(operation, &request).preview().await.unwrap();
    let token = credentials.security_token().map(|token| token.expose().to_owned());
    let restore_token = |text: Option<String>| {
        let text = text.unwrap_or_default();
        let token = token.as_deref().unwrap_or_default();
        let encoded = alicloud_core::wire::percent_encode(token);
        let encoded_twice = alicloud_core::wire::percent_encode(&encoded).into_owned();
        text.replace("SecurityToken%3D<redacted>", &format!("SecurityToken%3D{encoded_twice}"))
            .replace("<redacted>", token)
    };
    let message = make_message(
        &restore_token(preview.string_to_sign),
        &restore_token(preview.canonical_request),
    );
    let body =
        serde_json::json!({"Code": "SignatureDoesNotMatch", "Message": message, "RequestId": "R"});
    let fake = FakeTransport::new().respond_raw(operation.name(), 400, &[], body.to_string());
    let error = client(fake).call(operation, &request).await.unwrap_err();
    assert!(error.is_auth() && error.attempts() == 1);
    let shown = format!("{error} {error:?} {:?} {:?}", error.message(), error.signature_mismatch());
    assert!(!shown.contains(SECRET) && !shown.contains("Nobody"), "{shown}");
    error
}

fn text_mismatch(error: &Error) -> (&str, Option<&str>, Option<&str>) {
    match error.signature_mismatch() {
        Some(SignatureMismatch::Text { part, ours, theirs }) => {
            (part, ours.as_deref(), theirs.as_deref())
        }
        other => panic!("unexpected mismatch {other:?} in {error}"),
    }
}

const RPC: &str =
    "Specified signature is not matched with our calculation. server string to sign is:";

#[tokio::test]
async fn equal_texts_mean_a_wrong_secret() {
    for end in ["", ".", " ", "]", "\"", "\n", ", client string to sign is: GET"] {
        let error = error_with(&DESCRIBE, SignatureVersion::Hmac1, CREDENTIALS(), |sts, _| {
            format!("{RPC}{sts}{end}")
        });
        let error = error.await;
        assert_eq!(error.signature_mismatch(), Some(&SignatureMismatch::Secret), "{end:?}");
        assert_eq!(
            error.to_string(),
            "Cdn DescribeRefreshTaskById: SignatureDoesNotMatch (HTTP 400): Specified signature is not matched with \
             our calculation. (the service signed the same text, so the secret does not belong to this access key) \
             [rejected, request id R, attempt 1]",
        );
    }
    // What led to the omitted text is omitted, too.
    for before in [":", ", ", ": ", " ,:\t"] {
        let error = error_with(&DESCRIBE, SignatureVersion::Acs3, CREDENTIALS(), |sts, _| {
            format!("No match{before}server StringToSign is [{sts}]")
        });
        let text = error.await.to_string();
        assert!(text.contains("(HTTP 400): No match (the service signed"), "{before:?} {text}");
    }
    for form in 0..5 {
        let error = error_with(
            &DESCRIBE,
            SignatureVersion::Acs3,
            CREDENTIALS(),
            |sts, canonical| match form {
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
            },
        );
        assert_eq!(error.await.signature_mismatch(), Some(&SignatureMismatch::Secret), "{form}");
    }
    let with_token = CREDENTIALS().with_security_token(TOKEN);
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
async fn errors_with_other_codes_are_not_compared() {
    let message = "server StringToSign is [POST], server CanonicalRequest is [POST]";
    for (code, is_compared) in [("SignatureDoesNotMatch", true), ("InvalidParameter", false)] {
        let fake = FakeTransport::new().error("DescribeRefreshTaskById", 400, code, message);
        let error = client(&fake).call(&DESCRIBE, &describe(&["1"])).await.unwrap_err();
        assert_eq!(error.signature_mismatch().is_some(), is_compared, "{code}");
    }
}

#[tokio::test]
async fn different_texts_name_the_first_difference() {
    for (find, replacement, expected) in [
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
        let error = error_with(&DESCRIBE, SignatureVersion::Hmac1, CREDENTIALS(), |sts, _| {
            assert!(sts.contains(find), "{sts}");
            format!("{RPC}{}.", sts.replacen(find, replacement, 1))
        });
        let error = error.await;
        assert_eq!(text_mismatch(&error), expected);
    }
    for (find, replacement, expected) in [
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
                    "host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version",
                ),
                Some(
                    "x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version",
                ),
            ),
        ),
        ("POST\n", "GET\n", ("the method", Some("POST"), Some("GET"))),
        ("\n/\n", "\n/v1\n", ("the path", Some("/"), Some("/v1"))),
    ] {
        let error =
            error_with(&DESCRIBE, SignatureVersion::Acs3, CREDENTIALS(), |sts, canonical| {
                assert!(canonical.contains(find), "{canonical}");
                let canonical = canonical.replacen(find, replacement, 1);
                format!(
                    "M. server StringToSign is [{sts}0], server CanonicalRequest is [{canonical}]"
                )
            });
        let error = error.await;
        assert_eq!(text_mismatch(&error), expected);
        assert!(
            error.to_string().contains("the service signed a different text; first difference: "),
            "{error}"
        );
        assert!(!error.to_string().contains("CanonicalRequest"), "{error}");
    }
    let error = error_with(&DESCRIBE, SignatureVersion::Acs3, CREDENTIALS(), |sts, _| {
        format!("server StringToSign is [{sts}0]")
    });
    assert_eq!(
        text_mismatch(&error.await).0,
        "the canonical request, which the service does not show"
    );
}

#[tokio::test]
async fn a_token_changed_in_transit_is_redacted() {
    let credentials = CREDENTIALS().with_security_token(TOKEN);
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
        let (part, ours, theirs) = text_mismatch(&error);
        assert!(part.to_ascii_lowercase().ends_with("token"), "{part}");
        assert_eq!((ours, theirs), (None, None));
    }
}

#[tokio::test]
async fn a_message_without_the_signed_text_is_unchanged() {
    for message in
        ["Specified signature is not matched with our calculation.", "", "server string to sign"]
    {
        let error =
            error_with(&DESCRIBE, SignatureVersion::Acs3, CREDENTIALS(), |_, _| message.to_owned());
        assert_eq!(error.await.signature_mismatch(), None);
    }
}

/// An operation in ROA style, whose string to sign has several lines with HMAC-SHA1.
static ROA: Operation = Operation::roa(&CDN, "DescribeRefreshTaskById", "GET", "/tasks");

#[tokio::test]
async fn texts_of_roa_are_compared_by_line() {
    for (before, after) in [("", ""), ("[", "]"), ("[", "]."), ("\"", "\""), (" ", "\n")] {
        let error = error_with(&ROA, SignatureVersion::Hmac1, CREDENTIALS(), |sts, _| {
            format!("{RPC}{before}{sts}{after}")
        });
        let mismatch = error.await.signature_mismatch().cloned();
        assert_eq!(mismatch, Some(SignatureMismatch::Secret), "{before}{after}");
    }
    for (find, replacement, expected) in [
        ("GET\n", "PUT\n", ("the method", Some("GET"), Some("PUT"))),
        (
            "\napplication/json\n",
            "\n*/*\n",
            ("the header accept", Some("application/json"), Some("*/*")),
        ),
        (
            "GMT\n",
            "UTC\n",
            (
                "the header date",
                Some("Fri, 02 Jan 2026 03:04:05 GMT"),
                Some("Fri, 02 Jan 2026 03:04:05 UTC"),
            ),
        ),
        (
            "x-acs-version:2018-05-10",
            "x-acs-version:2014-11-11",
            ("header x-acs-version", Some("2018-05-10"), Some("2014-11-11")),
        ),
        ("x-acs-version:2018-05-10\n", "", ("header x-acs-version", Some("2018-05-10"), None)),
        (
            "/tasks?TaskId=a b,2",
            "/tasks?TaskId=a+b,2",
            (
                "the path and the parameters",
                Some("/tasks?TaskId=a b,2"),
                Some("/tasks?TaskId=a+b,2"),
            ),
        ),
        ("/tasks?TaskId=a b,2", "/tasks?TaskId=a b,2\nmore", ("the end", None, None)),
    ] {
        let error = error_with(&ROA, SignatureVersion::Hmac1, CREDENTIALS(), |sts, _| {
            assert!(sts.contains(find), "{sts}");
            format!("{RPC}{}", sts.replacen(find, replacement, 1))
        });
        let error = error.await;
        assert_eq!(text_mismatch(&error), expected, "{error}");
    }
}

#[tokio::test]
async fn differences_that_are_not_a_value_are_named() {
    let with_canonical = async |change: &dyn Fn(&str) -> String| {
        error_with(&DESCRIBE, SignatureVersion::Acs3, CREDENTIALS(), |sts, canonical| {
            format!(
                "server StringToSign is [{sts}0], server CanonicalRequest is [{}]",
                change(canonical)
            )
        })
        .await
    };
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let error = with_canonical(&|text| {
        let (start, _) = text.rsplit_once(hash).unwrap();
        format!("{start}00")
    })
    .await;
    assert_eq!(text_mismatch(&error), ("the hash of the body", Some(hash), Some("00")));
    let error = with_canonical(&|text| format!("{text}\nmore")).await;
    assert_eq!(text_mismatch(&error), ("the end", None, None));
    let error = with_canonical(&|text| {
        text.replacen("x-acs-action:", "x-acs-version:2018-05-10\nx-acs-action:", 1).replacen(
            "\nx-acs-version:2018-05-10\n\n",
            "\n\n",
            1,
        )
    })
    .await;
    assert_eq!(text_mismatch(&error), ("the order of the headers at x-acs-action", None, None));

    let error = error_with(&DESCRIBE, SignatureVersion::Hmac1, CREDENTIALS(), |sts, _| {
        format!("{RPC}{}", sts.replacen("%3D", "%3d", 1))
    });
    assert_eq!(text_mismatch(&error.await), ("the escaping of the parameters", None, None));
    // Every occurrence of a changed token is hidden.
    let credentials = CREDENTIALS().with_security_token(TOKEN);
    let error = error_with(&DESCRIBE, SignatureVersion::Hmac1, credentials, |_, _| {
        "M. SecurityToken%3Dchanged%26A SecurityToken%3Dchanged SecurityToken%3Dchanged".to_owned()
    });
    let expected =
        "M. SecurityToken%3D<redacted>%26A SecurityToken%3D<redacted> SecurityToken%3D<redacted>";
    assert_eq!(error.await.message(), Some(expected));
}
