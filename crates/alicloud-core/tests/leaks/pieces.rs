//! Secrets that a service echoes in pieces, or interrupted by whitespace.

use alicloud_core::Error;
use alicloud_core::testing::FakeTransport;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::common::*;
use super::{char_escaped, client_with, shown};

/// Returns a token of 704 characters of base64.
fn long_token() -> String {
    let mut state = 7_u64;
    let bytes = std::iter::repeat_with(|| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    });
    STANDARD.encode(bytes.take(528).collect::<Vec<u8>>())
}

/// Returns a text in lines of this length.
fn wrapped(text: &str, length: usize, separator: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let lines: Vec<String> = chars.chunks(length).map(|line| line.iter().collect()).collect();
    lines.join(separator)
}

/// Returns the errors whose message is this text, in JSON and XML, and that whose body it is.
async fn errors_with(secret: &str, text: &str) -> Vec<Error> {
    let xml = char_escaped(text, |c| format!("&#x{c:x};"));
    let mut errors = Vec::new();
    for body in [
        serde_json::json!({"Code": "A.B", "Message": text}).to_string(),
        format!("<Error><Code>A.B</Code><Message>{xml}</Message></Error>"),
        format!("<Error><Code>A.B</Code><Message><![CDATA[{text}]]></Message></Error>"),
        text.to_owned(),
    ] {
        let fake = FakeTransport::new().respond_raw("DescribeRefreshTaskById", 400, &[], body);
        let call = client_with(secret, &fake, true).call(&DESCRIBE, &describe(&["1"]));
        errors.push(call.no_retry().await.unwrap_err());
    }
    errors
}

/// Asserts that no error shows a piece of a secret, also if whitespace is removed.
fn assert_no_piece(errors: &[Error], secret: &str, length: usize) {
    for error in errors {
        let shown = shown(error).replace("\\n", "").replace("\\r", "").replace("\\u{fffd}", "");
        let plain: String = shown.chars().filter(|c| c.is_ascii_graphic()).collect();
        for window in secret.as_bytes().windows(length) {
            let piece = std::str::from_utf8(window).unwrap();
            assert!(!plain.contains(piece), "{piece} in {error}\n{plain}");
        }
    }
}

#[tokio::test]
async fn a_secret_in_several_lines_is_hidden() {
    let token = long_token();
    for (length, separator) in [
        (76, "\n"),
        (64, "\r\n"),
        (76, "\n    "),
        (60, "\n\t"),
        (40, " "),
        (20, "\u{2028}"),
        (10, "\u{a0}"),
        (4, "\n"),
        (1, " "),
    ] {
        let text = format!("bad token {} here", wrapped(&token, length, separator));
        let errors = errors_with(&token, &text).await;
        assert_no_piece(&errors, &token, 8);
        assert_eq!(errors[0].message(), Some("bad token <redacted> here"));
        let encoded = STANDARD.encode(format!("{{\"token\":\"{token}\"}}"));
        let text = format!("bad token {} here", wrapped(&encoded, length, separator));
        assert_no_piece(&errors_with(&token, &text).await, &encoded[20..encoded.len() - 8], 8);
    }
}

#[tokio::test]
async fn an_interrupted_secret_is_hidden() {
    for secret in ["CAISq/abc-def/ghi123==", "8fK2pQx91L", "OnlyLettersOfALongSecret"] {
        for separator in
            [" ", "\t", "\u{a0}", "\u{2028}", "\u{85}", "\u{fffd}", "\u{fffd}\u{fffd} ", "\u{0}"]
        {
            for split in [1, 5, secret.len() - 2] {
                let (start, end) = secret.split_at(split);
                let errors = errors_with(secret, &format!("bad {start}{separator}{end} ok")).await;
                assert_no_piece(&errors, secret, secret.len() / 2);
                // XML cannot contain all of the characters.
                assert_eq!(errors[0].message(), Some("bad <redacted> ok"), "{separator:?}");
            }
        }
    }
    let mut body = br#"{"Code":"A.B","Message":"bad CAISq/abc"#.to_vec();
    body.extend_from_slice(b"\xff\xfe-def/ghi123== ok\"}");
    let fake = FakeTransport::new().respond_raw("DescribeRefreshTaskById", 400, &[], body);
    let call =
        client_with("CAISq/abc-def/ghi123==", &fake, true).call(&DESCRIBE, &describe(&["1"]));
    let error = call.no_retry().await.unwrap_err();
    assert_eq!(error.message(), Some("bad <redacted> ok"));
    assert!(!shown(&error).contains("ghi123"), "{error:?}");
}

#[tokio::test]
async fn pieces_of_a_long_secret_are_hidden() {
    let token = long_token();
    for (text, expected) in [
        (format!("bad {} ok", &token[200..]), "bad <redacted> ok"),
        (format!("bad {} ok", &token[200..216]), "bad <redacted> ok"),
        (format!("bad {} ok", &token[..300]), "bad <redacted> ok"),
        (format!("bad {}****{} ok", &token[..40], &token[44..]), "bad <redacted>****<redacted> ok"),
        (format!("bad {}{token} ok", &token[..40]), "bad <redacted> ok"),
        (format!("bad x{}…", &token[1..50]), "bad x<redacted>…"),
    ] {
        let errors = errors_with(&token, &text).await;
        assert_eq!(errors[0].message(), Some(expected));
        assert_no_piece(&errors, &token, 16);
    }
    let encoded = STANDARD.encode(&token);
    let errors = errors_with(&token, &format!("bad {} ok", &encoded[100..400])).await;
    assert_no_piece(&errors, &encoded, 16);
}

#[tokio::test]
async fn words_that_occur_in_a_secret_are_shown() {
    for (secret, text) in [
        ("password", "the pass word is invalid"),
        ("secret1", "a secret 1 of 2"),
        ("https://example.com/hook?id=8fK2pQx91L", "ftp://example.com is no host of example.net"),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----",
            "a key starts with five dashes, BEGIN PRIVATE KEY and five dashes",
        ),
    ] {
        for name in ["InvalidParameter.Malformed", "A.B"] {
            let body = serde_json::json!({"Code": name, "Message": text}).to_string();
            let fake = FakeTransport::new().respond_raw("Do", 400, &[], body);
            let call = client_with("Another-Secret-1", &fake, false)
                .generic_call("Do")
                .form_param("Password", secret)
                .form_param("UserData", "echo InvalidParameter.Malformed")
                .into_call();
            let error = call.no_retry().await.unwrap_err();
            assert_eq!((error.code(), error.message()), (Some(name), Some(text)));
        }
    }
}

#[tokio::test]
#[allow(clippy::disallowed_methods, reason = "the test measures real time")]
async fn the_time_of_a_search_is_linear() {
    // Secrets and texts of a single character have the most places where both are equal.
    for secret in
        ["a".repeat(2_000) + "b", "ab".repeat(1_000) + "c", "abcdefgh12345678".repeat(125)]
    {
        let text = secret[..secret.len() - 1].repeat(120);
        let start = std::time::Instant::now();
        let errors = errors_with(&secret, &text).await;
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
        assert!(!shown(&errors[0]).contains(&secret[..16]));
    }
}
