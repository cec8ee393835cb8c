//! Numbers that are not finite cannot be sent.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use alicloud_wire::request::encode;
use alicloud_wire::{Body, request, to_xml};

alicloud_wire::record! {
    struct Limits: PartialEq {
        name: Option<String> = "Name",
        max: Option<f64> = "Max",
        ranges: Vec<Range> = "Ranges" / "Range",
    }
}
alicloud_wire::record! {
    struct Range: PartialEq {
        from: Option<f64> = "From",
        rates: BTreeMap<String, f64> = "Rates",
    }
}
request! {
    struct SetRequest: PartialEq -> () {
        ratio: Option<f64> = query("Ratio"),
        weights: Vec<f64> = query("Weights").comma_list(),
        shares: Vec<f64> = form("Share"),
        flat: Option<Limits> = query("Flat"),
        json: Option<Limits> = query("Json").json(),
        header: Option<f64> = header("X-Ratio"),
        body: Option<Limits> = body("Body"),
    }
}

fn limits(max: f64, from: f64, rate: f64) -> Option<Limits> {
    let rates = BTreeMap::from([("a".to_owned(), rate)]);
    let ranges = vec![Range::default(), Range { from: Some(from), rates }];
    Some(Limits { name: Some("NaN".to_owned()), max: Some(max), ranges })
}

#[test]
fn every_place_of_a_number_is_checked() {
    let (nan, infinite) = (f64::NAN, f64::INFINITY);
    let new = SetRequest::default;
    for (request, parameter, place) in [
        (SetRequest { ratio: Some(nan), ..new() }, "Ratio", "Ratio is NaN"),
        (SetRequest { ratio: Some(-infinite), ..new() }, "Ratio", "Ratio is -inf"),
        (SetRequest { weights: vec![1.0, nan], ..new() }, "Weights", "Weights.2 is NaN"),
        (SetRequest { shares: vec![infinite], ..new() }, "Share", "Share.1 is inf"),
        (SetRequest { flat: limits(nan, 1.0, 1.0), ..new() }, "Flat", "Flat.Max is NaN"),
        (SetRequest { json: limits(1.0, nan, 1.0), ..new() }, "Json", "Json.Ranges.2.From is NaN"),
        (SetRequest { header: Some(nan), ..new() }, "X-Ratio", "X-Ratio is NaN"),
        (
            SetRequest { body: limits(1.0, 1.0, infinite), ..new() },
            "Body",
            "Body.Ranges.2.Rates.a is inf",
        ),
    ] {
        let error = encode(&request).unwrap_err();
        assert_eq!(error.parameter, parameter);
        assert_eq!(error.reason, format!("{place}, but only finite numbers can be sent"));
    }
}

#[test]
fn finite_numbers_and_texts_are_sent() {
    let request = SetRequest {
        ratio: Some(f64::MIN_POSITIVE),
        weights: vec![0.5, -0.0],
        body: limits(f64::MAX, f64::MIN, 1e-300),
        ..SetRequest::default()
    };
    let parts = encode(&request).unwrap();
    assert_eq!(parts.query[1], ("Weights".into(), "0.5,-0".into()));
    assert!(matches!(parts.body, Some(Body::Json(text)) if text.contains(r#""Name":"NaN""#)));
}

#[test]
fn a_response_with_any_number_can_be_serialized() {
    let response = Range { from: Some(f64::NAN), ..Range::default() };
    assert_eq!(serde_json::to_string(&response).unwrap(), r#"{"From":null}"#);
    assert_eq!(to_xml("R", "", &response), "<R><From>NaN</From></R>");
}
