//! Where each parameter of a request is sent and how, and which values are invalid.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use alicloud_wire::request::{Parameter, ParameterLocation, encode};
use alicloud_wire::{Body, Bytes, Request, RequestParts, Secret, Value, request};
use serde_json::json;

alicloud_wire::input! {
    struct Filter {
        name: Option<String> = "Name".required(),
        limits: Option<Value> = "Limits",
    }
}
request! {
    struct ListRequest: PartialEq -> () {
        map: BTreeMap<String, i64> = query("Map"),
        json: Vec<i64> = query("Json").json(),
        comma: Vec<String> = query("Comma").comma_list().items(1, 3),
        filters: Vec<Filter> = query("Filters"),
        lines: Vec<String> = form("Lines").lines(),
        ratio: Option<f64> = form("Ratio"),
        count: Option<i64> = header("X-Count"),
        note: Option<String> = header("X-Note"),
        enabled: Option<bool> = form("Enabled"),
    }
}

fn list() -> ListRequest {
    ListRequest::new().comma(["a"])
}

fn joined<N: AsRef<str>, V: AsRef<str>>(pairs: &[(N, V)]) -> String {
    let texts = pairs.iter().map(|(name, value)| format!("{}={}", name.as_ref(), value.as_ref()));
    texts.collect::<Vec<_>>().join(" ")
}

fn error<R: Request>(request: R) -> String {
    encode(&request).unwrap_err().to_string()
}

#[test]
fn every_location_and_style_has_its_text() {
    let request = list()
        .map([("x", 1), ("y", -2)])
        .json([3, 4])
        .comma(["a", "b c", "d"])
        .filters([Filter::new().name("n"), Filter::new().name("m").limits(json!({"Max": [5]}))])
        .lines(["e,f", "g"])
        .ratio(1e-7)
        .count(6)
        .note("tab\tand é")
        .enabled(false);
    let parts = encode(&request).unwrap();
    assert_eq!(
        joined(&parts.query),
        "Map.x=1 Map.y=-2 Json=[3,4] Comma=a,b c,d Filters.1.Name=n Filters.2.Name=m Filters.2.Limits.Max.1=5"
    );
    assert_eq!(joined(&parts.form), "Lines=e,f\ng Ratio=0.0000001 Enabled=false");
    assert_eq!(joined(&parts.headers), "X-Count=6 X-Note=tab\tand é");
    assert_eq!((&parts.body, &parts.host, parts.path.len()), (&None, &None, 0));
    assert_eq!((parts.token, parts.region, &parts.shown), (None, None, &None));
    assert!(parts.secrets.is_empty());

    // Absent values and empty lists are omitted.
    let parts = encode(&list()).unwrap();
    let expected =
        RequestParts { query: vec![("Comma".into(), "a".into())], ..RequestParts::default() };
    assert!(parts == expected, "{parts:?}");
}

#[test]
fn lists_have_their_number_of_items() {
    let names = |count| list().comma((0..count).map(|_| "n"));
    assert!(encode(&names(1)).is_ok() && encode(&names(3)).is_ok());
    let few = "parameter Comma: has 0 items, but a call requires at least 1";
    assert!(error(names(0)).starts_with(few), "{}", error(names(0)));
    let many = "parameter Comma: has 4 items, but a call accepts at most 3";
    assert!(error(names(4)).starts_with(many), "{}", error(names(4)));
}

#[test]
fn items_cannot_be_empty_or_contain_the_separator() {
    fn reason<R: Request>(request: R) -> String {
        error(request).split(':').nth(1).unwrap_or_default().to_owned()
    }
    assert_eq!(reason(list().comma([""])), " item 1 is empty");
    assert_eq!(reason(list().comma(["a", " "])), " item 2 is empty");
    assert_eq!(reason(list().comma(["a,b"])), " item 1 contains a comma, which separates items");
    for item in ["a\nb", "a\rb"] {
        let expected = " item 2 contains a line break, which separates items";
        assert_eq!(reason(list().lines(["a", item])), expected);
    }
    request! { struct IdsRequest -> () { ids: Vec<Option<i64>> = query("Ids").comma_list() } }
    assert_eq!(reason(IdsRequest::new().ids([Some(1), None])), " item 2 is empty");
    // What separates the items of one style is text in the other.
    let parts = encode(&list().comma(["a\r\nb"]).lines(["a,b"])).unwrap();
    assert_eq!(
        (joined(&parts.query), joined(&parts.form)),
        ("Comma=a\r\nb".into(), "Lines=a,b".into())
    );
}

#[test]
fn headers_contain_no_control_characters() {
    for note in ["a\nb", "a\r", "\0"] {
        assert!(error(list().note(note)).starts_with("parameter X-Note: is a header and cannot"));
    }
}

#[test]
fn defects_inside_a_value_are_named_with_their_path() {
    let request = list().filters([Filter::new().name("n"), Filter::new().limits(json!(1))]);
    assert_eq!(error(request), "parameter Filters: Filters.2.Name is required");
    let finite = "is inf, but only finite numbers can be sent";
    assert_eq!(error(list().ratio(f64::INFINITY)), format!("parameter Ratio: Ratio {finite}"));
}

request! {
    struct RequiredRequest -> () {
        id: Option<String> = path("Id"),
        account: Option<String> = host("Account"),
        region: Option<String> = query("regionid").required(),
        zone: Option<String> = query("ZoneId").required(),
        token: Option<String> = form("ClientToken").token(),
        ids: Vec<i64> = body("Ids").required(),
    }
}

fn required() -> RequiredRequest {
    RequiredRequest::new().id("i-1").account("a-1_B").zone("z")
}

#[test]
fn required_parameters_have_a_value() {
    let parts = encode(&required()).unwrap();
    assert_eq!(joined(&parts.path), "Id=i-1");
    assert_eq!(parts.host.as_deref(), Some("a-1_B"));
    assert_eq!(joined(&parts.query), "ZoneId=z");
    // The client fills in its region and a token.
    assert_eq!(parts.region, Some((ParameterLocation::Query, "regionid")));
    assert_eq!(parts.token, Some((ParameterLocation::Form, "ClientToken")));
    // JSON can represent an empty list.
    assert_eq!(parts.body, Some(Body::Json("[]".to_owned())));

    let parts = encode(&required().region("r").token("t").ids([7])).unwrap();
    assert_eq!(
        (joined(&parts.query), joined(&parts.form)),
        ("regionid=r ZoneId=z".into(), "ClientToken=t".into())
    );
    assert_eq!((parts.region, parts.token), (None, None));
    assert_eq!(parts.body, Some(Body::Json("[7]".to_owned())));

    for (request, name) in [
        (RequiredRequest { zone: None, ..required() }, "ZoneId"),
        (RequiredRequest { id: None, ..required() }, "Id"),
        (RequiredRequest { account: None, ..required() }, "Account"),
    ] {
        assert_eq!(error(request), format!("parameter {name}: is required"));
    }
    let empty = "parameter Id: is part of the path and cannot be empty";
    assert_eq!(error(required().id("")), empty);
    for account in ["", "a.b", "a/b", "é"] {
        assert!(error(required().account(account)).contains("Account: is part of the host name"));
    }
}

request! {
    struct FlatRequiredRequest -> () {
        flat: Vec<i64> = query("Flat").required(),
        json: Vec<i64> = query("Json").json().required(),
    }
}
request! {
    struct JsonRequiredRequest -> () {
        value: Option<i64> = query("Value").json().required(),
        region: Option<String> = path("RegionId"),
    }
}

#[test]
fn only_an_empty_json_list_is_a_value() {
    let parts = encode(&FlatRequiredRequest::new().flat([1])).unwrap();
    assert_eq!(joined(&parts.query), "Flat.1=1 Json=[]");
    assert_eq!(error(FlatRequiredRequest::new().json([1])), "parameter Flat: is required");
    assert_eq!(error(JsonRequiredRequest::new().region("r")), "parameter Value: is required");
    // A region in the path is not the client's.
    assert_eq!(error(JsonRequiredRequest::new().value(1)), "parameter RegionId: is required");
}

request! { struct TextRequest -> () { text: Option<String> = body("B"), } }
request! { struct SecretRequest -> () { text: Option<Secret> = body("B"), } }
request! { struct BytesRequest -> () { bytes: Option<Bytes> = body("B"), } }
request! { struct AnyRequest -> () { any: Option<Value> = body("B"), } }

#[test]
fn bodies_are_text_bytes_or_json() {
    let text = encode(&TextRequest::new().text("a\"b")).unwrap();
    assert_eq!(text.body, Some(Body::Text("a\"b".to_owned())));
    let secret = encode(&SecretRequest::new().text("s3cr3t")).unwrap();
    assert_eq!(secret.body, Some(Body::Text("s3cr3t".to_owned())));
    let bytes = encode(&BytesRequest::new().bytes(Bytes::from_static(b"\0\xff"))).unwrap();
    assert_eq!(bytes.body, Some(Body::Bytes(Bytes::from_static(b"\0\xff"))));
    let any = encode(&AnyRequest::new().any(json!("a"))).unwrap();
    assert_eq!(any.body, Some(Body::Json("\"a\"".to_owned())));
}

#[test]
fn parameters_describe_themselves() {
    let limits = |parameter: Parameter| parameter.max_items();
    assert_eq!(limits(Parameter::query("A")), None);
    assert_eq!(limits(Parameter::form("A").items(2, 7)), Some(7));
    let parameters: Vec<_> = RequiredRequest::PARAMETERS.iter().collect();
    let described: Vec<_> =
        parameters.iter().map(|known| (known.name(), known.location())).collect();
    assert_eq!(
        described,
        [
            ("Id", ParameterLocation::Path),
            ("Account", ParameterLocation::Host),
            ("regionid", ParameterLocation::Query),
            ("ZoneId", ParameterLocation::Query),
            ("ClientToken", ParameterLocation::Form),
            ("Ids", ParameterLocation::Body),
        ]
    );
}
