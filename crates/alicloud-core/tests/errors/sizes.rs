//! Up to which size the body of an error is parsed and stored.

use alicloud_core::Credentials;
use alicloud_core::testing::FakeTransport;

use crate::common::*;
use crate::responses::error_of;

const READ: &str = "DescribeRefreshTaskById";

#[tokio::test]
async fn the_code_is_read_from_a_body_that_is_cut_off_because_of_its_size() {
    const PARSED: usize = 256 << 10;
    let start = r#"{"Code":"E","Data":""#;
    for (size, code) in [(PARSED, None), (PARSED + 1, Some("E")), (2 * PARSED, Some("E"))] {
        let body = format!("{start}{}", "x".repeat(size - start.len()));
        assert_eq!(error_of(400, &[], &body).await.code(), code, "{size}");
    }
}

/// A body that is full of secrets is short once they are replaced, so more is read than is stored.
#[tokio::test]
async fn no_start_of_a_secret_is_left_at_the_end_of_the_stored_body() {
    // 5 bytes of a token are before the 32nd KiB.
    let token: String =
        (0_u32..61).map(|number| format!("{:08x}", number.wrapping_mul(0x9e37_79b1))).collect();
    for (count, stored) in [(60, 60), (100, 100), (200, 68), (1_000, 68)] {
        let body = vec![token.as_str(); count].join(",");
        let fake = FakeTransport::new().respond_raw(READ, 502, &[], body);
        let builder = fixed_builder(&CDN).transport(fake);
        let credentials = Credentials::new("id", SECRET).with_security_token(token.clone());
        let client = builder.credentials(credentials).build().unwrap();
        let call = client.call(&DESCRIBE, &describe(&["1"]));
        let error = call.no_retry().await.unwrap_err();
        let expected = vec!["<redacted>"; stored].join(",");
        assert_eq!(String::from_utf8_lossy(error.body().unwrap()), expected, "{count}");
    }
}

/// Each invalid byte is a character, unless more can be read if two of them are one.
#[tokio::test]
async fn a_body_that_is_cut_off_is_read_although_its_text_is_not_valid() {
    let padding = vec![b'x'; 300 << 10];
    for (start, message) in [
        (&br#"{"Text":"\x","Code":"E","Message":"caf"#[..], "caf"),
        (b"{\"Code\":\"E\",\"Message\":\"caf\xE9s", "caf\u{FFFD}s"),
        (b"{\"Text\":\"\xD5\x5C\",\"Code\":\"E\",\"Message\":\"m", "m"),
    ] {
        let body = [start, br#"","Data":""#, &padding].concat();
        let fake = FakeTransport::new().respond_raw(READ, 400, &[], body);
        let call = client(&fake).call(&DESCRIBE, &describe(&["1"]));
        let error = call.no_retry().await.unwrap_err();
        assert_eq!((error.code(), error.message()), (Some("E"), Some(message)));
    }
}
