//! Floats: JSON and XML give the nearest `f64`, wherever the number is.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use alicloud_wire::{Value, from_json, from_xml};
use proptest::prelude::*;

alicloud_wire::record! {
    struct Response: PartialEq {
        float: Option<f64> = "Float",
        floats: Vec<f64> = "Floats" / "Float",
        rates: BTreeMap<String, f64> = "Rates",
        free: Option<Value> = "Free",
    }
}

/// Decodes JSON, which must not have issues.
fn json(text: &str) -> Response {
    let decoded = from_json::<Response>(text.as_bytes()).unwrap();
    assert_eq!(decoded.issues, [], "{text}");
    decoded.value
}

/// Decodes XML, which must not have issues.
fn xml(text: &str) -> Response {
    let decoded = from_xml::<Response>(text.as_bytes()).unwrap();
    assert_eq!(decoded.issues, [], "{text}");
    decoded.value
}

/// Decodes a number in every place that a float can have, and asserts that each has these bits.
fn assert_exact(text: &str, expected: f64) {
    let bits = |number: f64| number.to_bits();
    let in_json = json(&format!(
        r#"{{"Float": {text}, "Floats": {{"Float": [{text}, "{text}", [{text}]]}},
            "Rates": {{"a": {text}, "b": [{text}]}}, "Free": {{"a": [{text}]}}}}"#
    ));
    let in_xml = xml(&format!(
        "<R><Float>{text}</Float><Floats><Float> {text}\n</Float><Float>{text}</Float></Floats>\
         <Rates><a>{text}</a></Rates></R>"
    ));
    let embedded =
        xml(&format!("<R><Floats>[{text}]</Floats><Rates>{{\"a\": {text}}}</Rates></R>"));
    let free = in_json.free.as_ref().and_then(|free| free["a"][0].as_f64()).unwrap();
    let all = [in_json.float.unwrap(), in_xml.float.unwrap(), free]
        .into_iter()
        .chain(in_json.floats.iter().copied())
        .chain(in_json.rates.values().copied())
        .chain(in_xml.floats.iter().copied())
        .chain(in_xml.rates.values().copied())
        .chain(embedded.floats.iter().copied())
        .chain(embedded.rates.values().copied());
    for number in all {
        assert_eq!(bits(number), bits(expected), "{text}: got {number:e}");
    }
    let single = json(&format!(r#"{{"Float": " {text} ", "Floats": {text}}}"#));
    assert_eq!(bits(single.float.unwrap()), bits(expected), "{text}");
    assert_eq!(bits(single.floats[0]), bits(expected), "{text}");
    let restored: Response = serde_json::from_str(&format!(r#"{{"Float": {text}}}"#)).unwrap();
    assert_eq!(bits(restored.float.unwrap()), bits(expected), "{text}");
}

#[test]
fn floats_are_the_nearest_in_both_formats() {
    for text in [
        "71530462.18360197",
        "3.2214879561320447e-05",
        "0.1499999999999999",
        "1.7976931348623157e308",
        "2.2250738585072011e-308",
        "4.9e-324",
        "1e-400",
        "-0.0",
        "-0",
        "9007199254740993",
        "9223372036854775809",
        "18446744073709551615",
        "123456789012345678901234567890",
        "100000000000000000000000000000000000000000e-41",
        "0.500000000000000166533453693773481063544750213623046875",
        "9007199254740993.00000000000000000000000000000000000001",
        "1E+2",
    ] {
        assert_exact(text, text.parse().unwrap());
    }
}

fn finite() -> impl Strategy<Value = f64> {
    let bits =
        any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |float| float.is_finite());
    // Most random bits have a large exponent; services send numbers such as these.
    prop_oneof![bits, -1e9..1e9, 0.0..1.0]
}

proptest! {
    #[test]
    fn a_float_survives_in_both_formats(number in finite()) {
        for text in [format!("{number:.16e}"), format!("{number:e}"), format!("{number:?}"), format!("{number}")] {
            assert_exact(&text, number);
        }
        let response = Response { float: Some(number), floats: vec![number], ..Response::default() };
        prop_assert_eq!(&json(&serde_json::to_string(&response).unwrap()), &response);
        prop_assert_eq!(&xml(&alicloud_wire::to_xml("R", "Float", &response)), &response);
    }

    #[test]
    fn a_decimal_number_is_the_same_in_both_formats(
        text in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?"
    ) {
        assert_exact(&text, text.parse().unwrap());
    }
}
