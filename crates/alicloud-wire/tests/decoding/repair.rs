//! JSON with text or numbers that a parser rejects: only what is wrong is replaced.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use alicloud_wire::{from_json, from_xml, readable_json};

alicloud_wire::record! {
    struct Task: PartialEq {
        name: Option<String> = "Name",
        size: Option<i64> = "Size",
        share: Option<f64> = "Share",
        ids: Vec<String> = "Ids",
    }
}

/// Returns the texts as which JSON may have been meant.
fn readable(json: &[u8]) -> Vec<String> {
    readable_json(json).collect()
}

#[test]
fn valid_json_has_no_other_text() {
    for json in [&b"{}"[..], b"{\"a\": \"b\\n\", \"c\": 1e5}", "{\"名\": \"\u{FFFE}\"}".as_bytes()]
    {
        assert_eq!(readable(json), [""; 0]);
    }
}

#[test]
fn repaired_json_is_readable() {
    for (json, expected) in [
        (&b"{\"a\": \"b\xFFc\"}"[..], "{\"a\": \"b\u{FFFD}c\"}"),
        (b"{\"a\": \"\\ud800\"}", "{\"a\": \"\u{FFFD}\"}"),
        // Characters of two, three and four bytes.
        (
            b"{\"a\": \"\xC3\xA9\xFF\xE4\xB8\xAD\xFF\xF0\x9F\x98\x80\xFF\"}",
            "{\"a\": \"\u{E9}\u{FFFD}\u{4E2D}\u{FFFD}\u{1F600}\u{FFFD}\"}",
        ),
        (b"{\"a\": \"b\nc\x1f\x00\"}", "{\"a\": \"b\\u000ac\\u001f\\u0000\"}"),
        (b"{\"a\": 1e999, \"b\": 1e5}", "{\"a\": \"1e999\", \"b\": 1e5}"),
        // Characters that Unicode reserves are left out; those next to them are not.
        (
            "{\"a\": \"\n\u{FDD0}\u{FDEF}\u{FDF0}\u{FDCF}\u{FFFF}\"}".as_bytes(),
            "{\"a\": \"\\u000a\\u0000\\u001f\u{FDF0}\u{FDCF}\"}",
        ),
    ] {
        let texts = readable(json);
        assert_eq!(texts, [expected, expected]);
        assert!(serde_json::from_str::<serde_json::Value>(&texts[0]).is_ok(), "{expected}");
    }
    // A second byte that is not UTF-8 belongs to the first, or to the text after it.
    assert_eq!(readable(b"\"\xD5\x5C\""), ["\"\u{FFFD}\\\"", "\"\u{FFFD}\""]);
}

#[test]
fn escapes_next_to_invalid_text_are_kept() {
    let json = br#"{"Name": "\"\u0022\\\u005c\u000a\u00e9\ud83d\ude00/\/\x"}"#;
    let decoded = from_json::<Task>(json).unwrap();
    let expected = "\"\"\\\\\n\u{E9}\u{1F600}//\u{FFFD}x";
    assert_eq!((decoded.value.name.as_deref(), decoded.issues.len()), (Some(expected), 1));
}

#[test]
fn numbers_next_to_invalid_text_are_kept() {
    for number in ["1e5", "100000", "-1e5", "1E+5", "1e-400"] {
        let json = format!("{{\"Name\": \"\u{1}\", \"Share\": {number}, \"Ids\": [{number}]}}");
        let decoded = from_json::<Task>(json.as_bytes()).unwrap();
        assert_eq!(decoded.value.share, Some(number.parse().unwrap()));
        assert_eq!(decoded.value.ids, [number]);
        assert_eq!(decoded.issues.len(), 1, "{:?}", decoded.issues);
    }
    let digits = "9".repeat(300);
    let json = format!("{{\"Name\": \"\u{1}\", \"Share\": {digits}}}");
    assert_eq!(from_json::<Task>(json.as_bytes()).unwrap().value.share, digits.parse().ok());
}

#[test]
fn words_that_are_no_numbers_are_errors() {
    for word in ["inf", "-inf", "Inf", "nan", "-NaN", "infinity", "1e999.", "1e", "Nothing", "+1"] {
        let json = format!("{{\"Share\": {word}}}");
        assert!(from_json::<Task>(json.as_bytes()).is_err(), "{word}");
    }
}

#[test]
fn issues_quote_the_start_of_a_number() {
    let issue = |number: &str| {
        let json = format!("{{\"Size\": {number}}}");
        from_json::<Task>(json.as_bytes()).unwrap().issues[0].to_string()
    };
    let found = |number: &str| format!("Size: expected an integer, found the number {number}");
    assert_eq!(issue("1e999"), found("1e999, which is out of range"));
    let digits = "9".repeat(310);
    assert_eq!(issue(&digits), found(&format!("{}…, which is out of range", &digits[..40])));
    let exactly = format!("1e{}", "9".repeat(38));
    assert_eq!(issue(&exactly), found(&format!("{exactly}, which is out of range")));
    assert_eq!(issue("9223372036854775808"), found("9223372036854775808, which is too large"));
}

#[test]
fn the_first_error_of_a_broken_structure_is_reported() {
    let error = from_json::<Task>(b"{\"Name\": \"\xFF\", \"Size\": ]}").unwrap_err().to_string();
    assert!(error.contains("invalid unicode code point at line 1 column 11"), "{error}");
}

#[test]
fn whitespace_next_to_invalid_text_is_valid_in_xml() {
    let xml = b"<R>\r\n\t<Name>a\tb\nc</Name>\n<Size>\n1\n</Size>\n<Ids>\n\t<Id>\xFF</Id>\n</Ids>\n</R>\n";
    let decoded = from_xml::<Task>(xml).unwrap();
    assert_eq!((decoded.value.name.as_deref(), decoded.value.size), (Some("a\tb\nc"), Some(1)));
    assert_eq!(decoded.value.ids, ["\u{FFFD}"]);
    let paths: Vec<&str> = decoded.issues.iter().map(|issue| &*issue.path).collect();
    assert_eq!(paths, ["Ids[0]"]);
}
