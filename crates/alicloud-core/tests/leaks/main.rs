//! No text that a service sends shows a secret or a character that hides what a person reads.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod pieces;

use alicloud_core::testing::FakeTransport;
use alicloud_core::{Client, Credentials, Error, SignatureVersion};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use common::*;

/// Secrets with the characters that encodings change.
const ECHOED_SECRETS: [&str; 3] =
    ["CAISq/abc+def/ghi123==", "p&ss<w>\"q\"\\ üñ 50%'x", "OnlyLettersOfALongSecret"];

fn hex_escaped(text: &str, escape: impl Fn(u8) -> String) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric();
    text.bytes().map(|b| if is_plain(b) { char::from(b).to_string() } else { escape(b) }).collect()
}

fn char_escaped(text: &str, escape: impl Fn(u32) -> String) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric();
    text.chars().map(|c| if is_plain(c) { c.to_string() } else { escape(c.into()) }).collect()
}

fn json(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Returns forms in which a service can echo a secret.
fn echoes(secret: &str) -> Vec<String> {
    let upper = |text: &str| hex_escaped(text, |b| format!("%{b:02X}"));
    let lower = |text: &str| hex_escaped(text, |b| format!("%{b:02x}"));
    let decimal = |text: &str| char_escaped(text, |c| format!("&#{c};"));
    let hex = |text: &str| char_escaped(text, |c| format!("&#x{c:X};"));
    let unicode = |text: &str| char_escaped(text, |c| format!("\\u{c:04x}"));
    let form = upper(secret).replace("%20", "+");
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    vec![
        secret.to_owned(),
        upper(secret),
        lower(secret),
        upper(secret).replacen("%3D", "%3d", 1),
        form.clone(),
        upper(&form),
        upper(&upper(secret)),
        lower(&upper(&lower(secret))),
        json(secret),
        json(&json(secret)),
        json(secret).replace('/', r"\/"),
        json(secret).replace('/', r"\/").replace('=', r"\u003d"),
        unicode(secret),
        char_escaped(secret, |c| format!("\\u{c:04X}")),
        upper(&unicode(secret)),
        html.replace('=', "&#x3D;"),
        html,
        decimal(secret),
        decimal(secret).replace(';', ""),
        hex(secret),
        hex(secret).replace("&#x", "&#X0"),
        hex(&upper(secret)),
        STANDARD.encode(secret),
        upper(&STANDARD.encode(secret)),
        URL_SAFE_NO_PAD.encode(secret),
        STANDARD.encode(format!("u:{secret}")),
        STANDARD.encode(format!("{{\"a\":\"{secret}\"}}")),
        STANDARD.encode(format!("id:{secret}!!")),
        secret.chars().flat_map(|c| [c, '\u{200b}']).collect(),
        secret.chars().flat_map(|c| [c, '\u{7f}']).collect(),
        secret.chars().take(14).collect(),
        format!("{}…", secret.chars().take(14).collect::<String>()),
        format!("{}... and more", upper(secret).chars().take(17).collect::<String>()),
    ]
}

/// Returns the bodies that show a text in each place of an error that a person reads.
fn bodies(echo: &str) -> Vec<(u16, String)> {
    let escaped = json(echo);
    let xml = echo.replace('&', "&amp;").replace('<', "&lt;").replace(['\u{7f}'], "");
    let numeric = char_escaped(echo, |c| format!("&#x{c:x};"));
    let one = |name: &str, text: &str| format!(r#"{{"Code":"A.B","{name}":"{text}"}}"#);
    vec![
        (400, one("Message", &escaped)),
        (400, one("Message", &char_escaped(echo, |c| format!("\\u{c:04x}")))),
        (400, one("RequestId", &escaped)),
        (400, one("Recommend", &escaped)),
        (400, format!(r#"{{"Code":"x{escaped}","Message":"m"}}"#)),
        (
            403,
            one("a", "b").replace(
                "\"b\"",
                &format!(r#"1,"AccessDeniedDetail":{{"AuthAction":"{escaped}","{escaped}":1}}"#),
            ),
        ),
        (400, format!("<Error><Code>A.B</Code><Message>{xml}</Message></Error>")),
        (400, format!("<Error><Code>A.B</Code><Message>{numeric}</Message></Error>")),
        (400, format!("<Error><Code>A.B</Code><RequestId>{numeric}</RequestId></Error>")),
        (502, format!("<html><p>{numeric}</p></html>")),
        (502, echo.to_owned()),
        (502, format!("upstream: {}", char_escaped(echo, |c| format!("\\u{c:04x}")))),
        (200, format!("not JSON: {echo}")),
        (200, format!(r#"{{"Tasks":[{{"{escaped}": 1, "TaskId":"#)),
        (200, format!("<R><{}>", echo.replace(['<', '>', ' '], ""))),
    ]
}

fn shown(error: &Error) -> String {
    let body = String::from_utf8_lossy(error.body().map_or(&[], |body| body)).into_owned();
    format!(
        "{error}\n{error:?}\n{error:#?}\n{:?}\n{:?}\n{}\n{body}",
        (error.code(), error.message(), error.request_id(), error.help_url()),
        (error.content_type(), error.headers(), error.access_denied_detail()),
        serde_json::to_string(error).unwrap(),
    )
}

/// Asserts that a text does not show a secret: neither itself nor most of it.
fn assert_hidden(shown: &str, secret: &str, echo: &str) {
    let plain: String = shown.chars().filter(|c| !c.is_control() && *c != '\u{200b}').collect();
    let parts: Vec<&str> = secret.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let longest = parts.iter().max_by_key(|part| part.len()).unwrap();
    let start: String = secret.chars().take(14).collect();
    for part in [secret, longest, &start] {
        assert!(part.len() < 3 || !plain.contains(part), "{part:?} of {echo:?} in {shown}");
    }
    let interior = STANDARD.encode(secret);
    assert!(!plain.contains(&interior[..interior.len() - 4]), "base64 of {echo:?} in {shown}");
}

fn client_with(secret: &str, fake: &FakeTransport, is_token: bool) -> Client {
    let credentials = match is_token {
        true => Credentials::new("id", "Another-Secret-0").with_security_token(secret),
        false => Credentials::new("id", secret),
    };
    let builder = fixed_builder(&CDN).credentials(credentials).transport(fake.clone());
    builder.signature(SignatureVersion::Acs3).build().unwrap()
}

#[tokio::test]
async fn errors_hide_an_echoed_secret_in_every_form_and_place() {
    // Credentials contain printable ASCII only, so the second secret is sent as a parameter.
    for secret in ECHOED_SECRETS {
        for echo in echoes(secret) {
            for (status, body) in bodies(&echo) {
                let fake = FakeTransport::new().respond_raw("Do", status, &[], body);
                let call = client_with("Another-Secret-1", &fake, false)
                    .generic_call("Do")
                    .form_param("Password", secret)
                    .into_call();
                let result = call.no_retry().response().await;
                let text = match &result {
                    Ok(response) => format!("{:?}", (&response.issues, &response.request_id)),
                    Err(error) => shown(error),
                };
                assert_hidden(&text, secret, &echo);
            }
        }
    }
}

#[tokio::test]
async fn an_echoed_token_or_access_key_secret_is_hidden() {
    let secret = ECHOED_SECRETS[0];
    for is_token in [true, false] {
        for body in [
            r#"{"Code":"A.B","Message":"bad token CAISq\/abc+def\/ghi123\u003d\u003d"}"#,
            "<Error><Code>A.B</Code><Message>bad token CAISq&#47;abc&#43;def/ghi123&#x3D;=</Message></Error>",
        ] {
            let fake = FakeTransport::new().respond_raw("DescribeRefreshTaskById", 400, &[], body);
            let call = client_with(secret, &fake, is_token).call(&DESCRIBE, &describe(&["1"]));
            let error = call.no_retry().await.unwrap_err();
            assert_eq!(error.message(), Some("bad token <redacted>"));
            assert_hidden(&shown(&error), secret, body);
        }
    }
}

#[tokio::test]
async fn headers_and_issues_hide_an_echoed_secret() {
    let secret = ECHOED_SECRETS[0];
    let headers = [
        ("content-type", "text/CAISq%2Fabc%2bdef%2Fghi123%3D%3D"),
        ("x-acs-request-id", "CAISq/abc+def/ghi123=="),
        ("x-debug", "Q0FJU3EvYWJjK2RlZi9naGkxMjM9PQ=="),
    ];
    let issue = r#"{"Tasks": {"CAISq\/abc+def\/ghi123\u003d\u003d": 1}, "TotalCount": "CAISq/abc+def/ghi123=="}"#;
    for (status, body) in [(502, ""), (400, r#"{"Code":"A"}"#), (200, "{}"), (200, issue)] {
        let fake =
            FakeTransport::new().respond_raw("DescribeRefreshTaskById", status, &headers, body);
        let call = client_with(secret, &fake, true).call(&DESCRIBE, &describe(&["1"]));
        let text = match call.no_retry().response().await {
            Ok(response) => format!("{response:?} {:?}", response.request_id),
            Err(error) => shown(&error),
        };
        assert_hidden(&text, secret, body);
        assert!(text.contains("<redacted>"), "{text}");
    }
}

#[tokio::test]
async fn no_start_of_a_secret_is_left_where_a_body_is_cut_off() {
    let secret = "CAISq/".to_owned() + &"abc+def/ghi123".repeat(100);
    for padding in [0, 1, 500, 4_000, 4_090, 60_000, 262_000, 262_140, 300_000] {
        for repeat in [1, 600] {
            let body = "x ".repeat(padding / 2) + &format!("{secret} ").repeat(repeat);
            let fake = FakeTransport::new().respond_raw("DescribeRefreshTaskById", 502, &[], body);
            let call = client_with(&secret, &fake, true).call(&DESCRIBE, &describe(&["1"]));
            let error = call.no_retry().await.unwrap_err();
            assert!(!shown(&error).contains("CAISq"), "{padding} {error:?}");
            let message = format!("{} {secret} tail", "y".repeat(padding.min(1_000)));
            let body = serde_json::json!({"Code": "A.B", "Message": message}).to_string();
            let fake = FakeTransport::new().respond_raw("DescribeRefreshTaskById", 400, &[], body);
            let call = client_with(&secret, &fake, true).call(&DESCRIBE, &describe(&["1"]));
            assert!(!shown(&call.no_retry().await.unwrap_err()).contains("CAISq"));
        }
    }
}

#[tokio::test]
async fn credentials_that_the_service_issues_are_not_excerpted() {
    for body in [
        "AccessKeySecret=new-secret&SecurityToken=new-secret",
        r#"{"Credentials": {"AccessKeySecret": "new-secret", "SecurityToken": "new-secret"#,
        r#"{"data": "{\"AccessKeySecret\":\"new-secret\",\"SecurityToken\":\"new-secret\"}""#,
        "<R><ns:SecurityToken a='b'><![CDATA[new-secret]]></ns:SecurityToken>",
        "access_key_secret: new-secret",
    ] {
        for status in [200, 500] {
            let headers = [("content-type", "text/plain")];
            let fake = FakeTransport::new().respond_raw("AssumeRole", status, &headers, body);
            let client = client_with("Another-Secret-1", &fake, false);
            let error = client.generic_call("AssumeRole").into_call().no_retry().await.unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(!text.contains("new-secret"), "{text}");
            assert!(text.contains(&format!("(text/plain, {} bytes)", body.len())), "{text}");
        }
    }
}

const UNPRINTABLE: &str = "\u{202e}\u{200b}\u{2066}\u{2069}\u{feff}\u{ad}\u{200f}\u{61c}\u{180e}\u{2060}\u{e0041}\u{1b}\u{9b}\u{7f}";

#[tokio::test]
async fn display_omits_what_is_not_printable_and_debug_escapes_it() {
    let dirty = format!("a{UNPRINTABLE}b\u{2028}c\r\nd\u{85}e");
    let text = json(&dirty);
    let xml = format!("a{}b&#x2028;c&#13;\nd&#x85;e", UNPRINTABLE.replace('\u{1b}', ""));
    for (status, body) in [
        (
            400,
            format!(
                r#"{{"Code":"{text}","Message":"{text}","RequestId":"{text}","Recommend":"{text}"}}"#
            ),
        ),
        (
            403,
            format!(
                r#"{{"Code":"A","AccessDeniedDetail":{{"AuthAction":"{text}","PolicyType":"{text}"}}}}"#
            ),
        ),
        (400, format!("<Error><Code>A</Code><Message>{xml}</Message></Error>")),
        (502, dirty.clone()),
        (200, format!("{{\"{text}\": ")),
        (200, format!("<a><{dirty}>")),
    ] {
        let fake = FakeTransport::new().respond_raw("DescribeRefreshTaskById", status, &[], body);
        let call = client_with("Another-Secret-1", &fake, false).call(&DESCRIBE, &describe(&["1"]));
        let error = call.no_retry().await.unwrap_err();
        let denied = error.access_denied().map(|denied| denied.to_string()).unwrap_or_default();
        let display = format!("{error} {denied}");
        let debug = format!("{error:?}");
        for text in [&display, &debug] {
            let found = text
                .chars()
                .find(|c| c.is_control() || UNPRINTABLE.contains(*c) || *c == '\u{2028}');
            assert_eq!(found, None, "{text:?}");
        }
        if status != 200 {
            assert!(display.contains("ab c d e"), "{display}");
            assert!(debug.contains("\\u{202e}") || status == 403, "{debug}");
        }
    }
    let body = format!(r#"{{"Tasks":{{"{text}":1}},"TotalCount":"{text}"}}"#);
    let fake = FakeTransport::new().respond_raw("DescribeRefreshTaskById", 200, &[], body);
    let call = client_with("Another-Secret-1", &fake, false).call(&DESCRIBE, &describe(&["1"]));
    let response = call.response().await.unwrap();
    assert!(!response.issues.is_empty());
    for issue in &response.issues {
        assert!(
            !issue.to_string().contains(|c: char| c.is_control() || UNPRINTABLE.contains(c)),
            "{issue:?}"
        );
    }
}
