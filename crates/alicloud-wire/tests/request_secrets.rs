//! Secrets in a request: which parts are hidden where it is shown.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use alicloud_wire::request::encode;
use alicloud_wire::{Body, RequestParts, Secret, Value, request};
use serde_json::json;

fn joined<N: AsRef<str>, V: AsRef<str>>(pairs: &[(N, V)]) -> String {
    let texts = pairs.iter().map(|(name, value)| format!("{}={}", name.as_ref(), value.as_ref()));
    texts.collect::<Vec<_>>().join(" ")
}

request! {
    struct LoginRequest -> () {
        user: Option<String> = query("User"),
        password: Option<Secret> = query("Password"),
        account: Option<Secret> = host("Account"),
        settings: BTreeMap<String, String> = query("Settings").json(),
        options: Option<Value> = form("Options").json(),
        keys: Vec<Secret> = form("Keys").comma_list(),
        profile: Option<String> = form("Profile"),
    }
}

/// Returns the exposed texts of the secrets.
fn exposed(parts: &RequestParts) -> Vec<&str> {
    parts.secrets.iter().map(Secret::expose).collect()
}

#[test]
fn secrets_are_sent_and_collected_but_not_shown() {
    let request = LoginRequest::new()
        .user("ada")
        .password("p1")
        .account("tenant1")
        .settings([("Color", "red"), ("Token", "p2")])
        .options(json!({"Size": 3, "Secret": "p3"}))
        .keys(["p4", "p5"])
        .profile(r#"{"Password":"p6","Size":4}"#);
    let parts = encode(&request).unwrap();
    assert_eq!(exposed(&parts), ["p1", "tenant1", "p2", "p3", "p4", "p5", "p6"]);
    assert_eq!(
        joined(&parts.query),
        r#"User=ada Password=p1 Settings={"Color":"red","Token":"p2"}"#
    );
    assert_eq!(
        joined(&parts.form),
        r#"Options={"Secret":"p3","Size":3} Keys=p4,p5 Profile={"Password":"p6","Size":4}"#
    );
    assert_eq!(parts.host.as_deref(), Some("tenant1"));
    let Some(shown) = &parts.shown else { panic!("nothing is shown: {parts:?}") };
    let (hidden, host) = ("<redacted>", Some("redacted"));
    assert_eq!(
        joined(&shown.query),
        format!(r#"User=ada Password={hidden} Settings={{"Color":"red","Token":"{hidden}"}}"#)
    );
    assert_eq!(
        joined(&shown.form),
        format!(
            r#"Options={{"Secret":"{hidden}","Size":3}} Keys={hidden},{hidden} Profile={{"Password":"{hidden}","Size":4}}"#
        )
    );
    assert_eq!(shown.host.as_deref(), host);
    let debug = format!("{parts:?}");
    assert!(
        debug.contains("ada") && !debug.contains("p1") && !debug.contains("tenant1"),
        "{debug}"
    );
}

#[test]
fn a_query_parameter_can_be_set_and_replaced() {
    let mut parts = encode(&LoginRequest::new().account("a").user("ada")).unwrap();
    parts.secrets.clear();
    parts.shown = None;
    parts.set_query("Page", "1");
    parts.set_query("Page", "2");
    assert_eq!(joined(&parts.query), "User=ada Page=2");
    assert!(parts.shown.is_none() && parts.secrets.is_empty());

    parts.set_query("Password", "p1");
    parts.set_query("User", "bob");
    parts.set_query("Password", "p2");
    assert_eq!(joined(&parts.query), "Page=2 User=bob Password=p2");
    assert_eq!(exposed(&parts), ["p1", "p2"]);
    let shown = parts.shown.as_ref().map(|shown| joined(&shown.query));
    assert_eq!(shown.as_deref(), Some("Page=2 User=bob Password=<redacted>"));
}

#[test]
fn secrets_are_found_by_the_names_of_parameters() {
    let mut parts = RequestParts {
        query: vec![("Password".into(), "p1".into()), ("Page".into(), "1".into())],
        form: vec![("UseToken".into(), "true".into()), ("Key.1.Secret".into(), "p2".into())],
        path: vec![("Token".into(), "p3".into()), ("Id".into(), "i-1".into())],
        headers: vec![("x-count".into(), "7".into()), ("x-api-key".into(), "p5".into())],
        body: Some(Body::Json(r#"{"Secret":"p4"}"#.to_owned())),
        host: Some("host".to_owned()),
        ..RequestParts::default()
    };
    let sent = parts.clone();
    parts.find_secrets_by_name();
    assert_eq!(exposed(&parts), ["p1", "p2", "p3", "p4"]);
    parts.find_secret_headers();
    assert_eq!(exposed(&parts), ["p1", "p2", "p3", "p4", "p5"]);
    let shown = parts.shown.as_deref().unwrap();
    assert_eq!(joined(&shown.query), "Password=<redacted> Page=1");
    assert_eq!(joined(&shown.form), "UseToken=true Key.1.Secret=<redacted>");
    assert_eq!(joined(&shown.path), "Token=<redacted> Id=i-1");
    assert_eq!(joined(&shown.headers), "x-count=7 x-api-key=<redacted>");
    assert_eq!(shown.body, Some(Body::Json(r#"{"Secret":"<redacted>"}"#.to_owned())));
    assert_eq!(shown.host.as_deref(), Some("host"));
    assert_eq!((&parts.query, &parts.body), (&sent.query, &sent.body));

    // Nothing is hidden where there is nothing to hide: an absent value and a switch are no secrets.
    let mut parts = RequestParts {
        query: vec![("Password".into(), "".into()), ("Token".into(), "false".into())],
        headers: vec![("x-count".into(), "7".into())],
        body: Some(Body::Text("plain".to_owned())),
        ..RequestParts::default()
    };
    parts.find_secrets_by_name();
    parts.find_secret_headers();
    assert!(parts.shown.is_none() && parts.secrets.is_empty(), "{parts:?}");
}

#[test]
fn a_value_is_a_secret_if_its_name_in_another_parameter_is_one() {
    let pair = |name: &'static str, value: &'static str| (name.into(), value.into());
    let mut parts = RequestParts {
        query: vec![
            pair("Variable.1.Name", "Password"),
            pair("Variable.1.Value", "p1"),
            pair("Variable.2.Name", "Color"),
            pair("Variable.2.Value", "red"),
            pair("Variable.3.Name", "Token"),
            pair("Variable.3.Value", ""),
        ],
        form: vec![pair("Name", "Secret"), pair("Value", "true")],
        ..RequestParts::default()
    };
    parts.find_secrets_by_name();
    assert_eq!(exposed(&parts), ["p1", "true"]);
    let shown = parts.shown.as_deref().unwrap();
    let values: Vec<&str> =
        shown.query.iter().chain(&shown.form).map(|(_, value)| &**value).collect();
    assert_eq!(
        values,
        ["Password", "<redacted>", "Color", "red", "Token", "", "Secret", "<redacted>"]
    );
}
