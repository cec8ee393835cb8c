//! Responses whose text is not valid, such as messages in GBK.

use alicloud_core::testing::{FakeTransport, ManualClock};
use alicloud_core::{Client, Error, Outcome};

use crate::common::*;

const WRITE: &str = "RefreshObjectCaches";

fn setup(fake: &FakeTransport) -> Client {
    fixed_builder(&CDN)
        .clock(ManualClock::from_unix_seconds(1_767_323_045))
        .transport(fake.clone())
        .build()
        .unwrap()
}

/// Texts that are not valid in JSON.
const JSON: [&[u8]; 9] = [
    b"\xC7\xEB\xC7\xF3\xB1\xBB\xC1\xF7\xBF\xD8",
    // The second byte of the character 誠 in GBK is a backslash.
    b"\xD5\x5C",
    b"\xFF",
    b"\xE8\xAF",
    br"\ud800",
    br"\udfff!",
    br"\x",
    b"line\nbreak",
    b"a\x00b\x1F",
];

/// Texts that are not valid in XML.
const XML: [&[u8]; 6] = [
    b"\xC7\xEB\xC7\xF3\xB1\xBB\xC1\xF7\xBF\xD8",
    b"\xFF",
    b"&#0;",
    b"&#xD800;",
    b"&copy;",
    b"a\x00b\x1F",
];

/// Returns error bodies with each of these texts as the message.
fn error_bodies() -> Vec<Vec<u8>> {
    let json = JSON.iter().flat_map(|message| {
        [
            (
                &br#"{"Code":"Throttling.User","Success":false,"Message":"slow"#[..],
                &br#"","RequestId":"R"}"#[..],
            ),
            (
                br#"{"Message":"slow"#,
                br#"","RequestId":"R","Success":false,"Code":"Throttling.User"}"#,
            ),
            (
                br#"{"Success":false,"Error":{"Message":"slow"#,
                br#"","Code":"Throttling.User","RequestId":"R"}}"#,
            ),
        ]
        .map(|(before, after)| [before, message, after].concat())
    });
    let xml = XML.iter().map(|message| {
        let after = b"</Message><RequestId>R</RequestId></Error>";
        [b"<Error><Code>Throttling.User</Code><Message>slow", *message, after].concat()
    });
    let mut bodies: Vec<_> = json.chain(xml).collect();
    let valid = br#"{"Code":"Throttling.User","Success":false,"Message":"slow","RequestId":"R"}"#;
    let number = br#"{"Code":"Throttling.User","Success":false,"Message":"slow","RequestId":"R","Data":1e999}"#;
    bodies.push([&b"\xEF\xBB\xBF"[..], valid, b"\0\0"].concat());
    bodies.push(number.to_vec());
    bodies.push(b"<Error><Code>Throttling.User</Code><Message>slow</Message><RequestId>R</RequestId></Error>\0".to_vec());
    // Longer than what is parsed, so the end is missing.
    let padding = vec![b' '; 300 << 10];
    bodies.push([&valid[..valid.len() - 1], br#","Text":""#, b"\xFF", &padding, br#""}"#].concat());
    bodies.push(
        [
            &br#"{"Description":"\ud800","#[..],
            &valid[1..valid.len() - 1],
            br#","Text":""#,
            &padding,
            br#""}"#,
        ]
        .concat(),
    );
    bodies
}

/// Encodes a text in UTF-16.
fn utf16(text: &str, encode: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(encode).collect()
}

#[tokio::test]
async fn error_bodies_in_utf_16_are_read() {
    let json = r#"{"Code":"Throttling.User","Message":"slow 请求","RequestId":"R","HostId":"h"}"#;
    let xml = "<?xml version='1.0'?>\n<Error><Code>Throttling.User</Code><Message>slow 请求</Message>\
               <RequestId>R</RequestId></Error>";
    for status in [400, 503, 200] {
        for text in [json, xml] {
            for mark in ["", "\u{feff}"] {
                for end in ["", "\0"] {
                    for encode in [u16::to_le_bytes, u16::to_be_bytes] {
                        let body = utf16(&format!("{mark}{text}{end}"), encode);
                        let fake = FakeTransport::new().respond_raw(WRITE, status, &[], body);
                        let error = write(&fake).await;
                        assert_eq!(error.code(), Some("Throttling.User"), "{status} {error}");
                        assert_eq!(error.message(), Some("slow 请求"));
                        assert_eq!(error.request_id(), Some("R"));
                        let shown = format!("{mark}{text}{end}").into_bytes();
                        assert_eq!(error.body().unwrap(), &shown);
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn no_encoding_of_an_error_body_shows_a_secret() {
    const KEY: &str = "testAccessKeySecret";
    let encodings: [fn(char) -> Vec<u8>; 4] = [
        |character| (character as u16).to_le_bytes().into(),
        |character| (character as u16).to_be_bytes().into(),
        |character| (character as u32).to_le_bytes().into(),
        |character| (character as u32).to_be_bytes().into(),
    ];
    for encode in encodings {
        for text in [
            format!(r#"{{"Code":"C","Message":"{KEY}"}}"#),
            format!("\u{feff}no {KEY}"),
            format!("中文 {KEY}"),
        ] {
            let body: Vec<u8> = text.chars().flat_map(encode).collect();
            let fake = FakeTransport::new().respond_raw(WRITE, 400, &[], body);
            let error = write(&fake).await;
            let body = String::from_utf8_lossy(error.body().unwrap()).replace('\0', "");
            assert!(!format!("{error} {error:?} {body}").contains(KEY), "{error}");
        }
    }
}

#[tokio::test]
async fn characters_around_an_error_do_not_hide_it() {
    let json = r#"{"Code":"Throttling.User","Message":"slow","RequestId":"R","HostId":"h"}"#;
    let xml = "<Error><Code>Throttling.User</Code><Message>slow</Message><RequestId>R</RequestId></Error>";
    for (before, after) in
        [("\0", ""), ("\0\0 \n", "\0"), ("\u{feff}\0", "\n\0"), ("\0\u{feff}", ""), (" ", " ")]
    {
        for (status, text) in [(400, json), (200, json), (400, xml), (200, xml)] {
            let body = format!("{before}{text}{after}");
            let fake = FakeTransport::new().respond_raw(WRITE, status, &[], body);
            let error = write(&fake).await;
            assert_eq!(error.code(), Some("Throttling.User"), "{status} {before:?} {error}");
        }
    }
}

#[tokio::test]
async fn a_deep_field_does_not_hide_an_error() {
    let list = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let elements = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    let rest = r#""Code":"Throttling.User","Message":"slow","RequestId":"R","HostId":"h""#;
    let xml = "<Code>Throttling.User</Code><Message>slow</Message><RequestId>R</RequestId>";
    for depth in [90, 120, 200, 5_000] {
        let (list, elements) = (list(depth), elements(depth));
        let bodies = [
            format!(r#"{{"Unknown":{list},{rest}}}"#),
            format!(r#"{{{rest},"Unknown":{list}}}"#),
            format!(r#"{{"Detail":{list},{rest}}}"#),
            format!(r#"{{"Error":{{"Unknown":{list},{rest}}}}}"#),
            format!(r#"{{"Unknown":{list},"Text":"\ud800",{rest}}}"#),
            format!("<Error><Unknown>{elements}</Unknown>{xml}</Error>"),
            format!("<R><Error>{xml}<Unknown>{elements}</Unknown></Error></R>"),
            format!("<Error><Detail>{elements}</Detail>{xml}</Error>"),
        ];
        for body in &bodies {
            let fake = FakeTransport::new().respond_raw(WRITE, 400, &[], body.clone());
            let error = write(&fake).await;
            let start = &body[..40];
            assert_eq!(error.code(), Some("Throttling.User"), "{depth} {start} {error}");
            assert_eq!((error.message(), error.request_id()), (Some("slow"), Some("R")));
        }
        for body in [&bodies[0], &bodies[1], &bodies[4], &bodies[5]] {
            let fake = FakeTransport::new().respond_raw(WRITE, 200, &[], body.clone());
            assert_eq!(write(&fake).await.code(), Some("Throttling.User"), "{depth}");
        }
    }
    // Nested objects around an error take bounded time and memory.
    for key in ["Error", "Code"] {
        let open = format!(r#"{{"{key}":"#).repeat(20_000);
        let body = format!("{open}1{}", "}".repeat(20_000));
        let fake = FakeTransport::new().respond_raw(WRITE, 400, &[], body);
        assert_eq!(write(&fake).await.code(), None);
    }
}

async fn write(fake: &FakeTransport) -> Error {
    setup(fake).call(&REFRESH, &TaskRequest::default()).await.unwrap_err()
}

alicloud_core::wire::request! { struct TaskRequest -> Task { id: Option<String> = query("Id") } }

#[tokio::test]
async fn an_error_keeps_its_code_and_is_retried_by_it() {
    for status in [400, 503, 200] {
        for body in error_bodies() {
            let fake = FakeTransport::new().respond_raw(WRITE, status, &[], body.clone());
            let error = write(&fake).await;
            let body = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
            assert_eq!(error.code(), Some("Throttling.User"), "{status} {body} {error}");
            assert!(error.message().unwrap().starts_with("slow"), "{body}");
            assert_eq!(error.request_id(), Some("R"), "{body}");
            assert!(error.is_throttling());
            assert_eq!((error.attempts(), error.outcome()), (4, Outcome::Rejected), "{body}");
        }
    }
}

#[tokio::test]
async fn invalid_text_of_a_success_is_a_decode_issue() {
    let json =
        JSON.iter().map(|text| [&br#"{"TaskId":"1","Status":""#[..], text, br#""}"#].concat());
    let xml = XML
        .iter()
        .map(|text| [&b"<R><TaskId>1</TaskId><Status>"[..], text, b"</Status></R>"].concat());
    for (index, body) in json.chain(xml).enumerate() {
        let headers =
            [("content-type", if index < JSON.len() { "application/json" } else { "text/xml" })];
        let fake = FakeTransport::new().respond_raw(WRITE, 200, &headers, body.clone());
        let response =
            setup(&fake).call(&REFRESH, &TaskRequest::default()).response().await.unwrap();
        let body = String::from_utf8_lossy(&body);
        assert_eq!(response.value.task_id.as_deref(), Some("1"), "{body}");
        assert_eq!(response.issues.len(), 1, "{body}");
        assert_eq!(response.issues[0].path, "Status", "{body}");
    }
}
