//! What `to_xml` writes is well-formed for every value, and `from_xml` reads it back.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use alicloud_wire::{Node, from_xml, to_xml};
use proptest::prelude::*;
use quick_xml::events::Event;
use quick_xml::reader::NsReader;
use serde_json::{Value, json};

alicloud_wire::record! {
    struct Response {
        tags: BTreeMap<String, String> = "Tags",
        names: Vec<String> = "Names" / "Name",
        flat: Vec<String> = "Flat",
        nested: Vec<Vec<String>> = "Nested" / "Row",
    }
}

/// Checks that a text is well-formed, and that no name is in a namespace.
fn check_well_formed(xml: &str) {
    let mut reader = NsReader::from_str(xml);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => assert!(start.name().prefix().is_none(), "{xml}"),
            Event::Eof => return,
            _ => {}
        }
    }
}

fn round_trip<T: Node + Default>(value: &T) -> T {
    let xml = to_xml("Response", "Item", value);
    check_well_formed(&xml);
    let decoded = from_xml::<T>(xml.as_bytes()).unwrap();
    assert_eq!(decoded.issues, [], "{xml}");
    decoded.value
}

#[test]
fn keys_that_are_no_names_come_back() {
    let keys = [
        "", "a b", "1", "-", "a:b", "<", ">", "&", "/", "a\"b", "名字", "😀", "a\nb", "_x0041_",
        "_x_",
    ];
    let tags: BTreeMap<String, String> =
        keys.iter().map(|key| ((*key).to_owned(), format!("value of {key}"))).collect();
    let response = Response { tags: tags.clone(), ..Response::default() };
    assert_eq!(round_trip(&response).tags, tags);
    let any: Value = tags.into_iter().map(|(key, value)| (key, Value::String(value))).collect();
    assert_eq!(round_trip(&any), any);
}

alicloud_wire::record! {
    struct OddFields {
        unnamed: Option<String> = "",
        spaced: Option<String> = "a b",
        capitalized: Option<String> = "A b",
    }
}

#[test]
fn fields_whose_keys_are_no_names_come_back() {
    let text = |text: &str| Some(text.to_owned());
    let odd = OddFields { unnamed: text("1"), spaced: text("2"), capitalized: text("3") };
    assert_eq!(round_trip(&odd), odd);
}

#[test]
fn keys_are_readable() {
    let tags = BTreeMap::from([("a b".to_owned(), "1".to_owned())]);
    assert_eq!(to_xml("Tags", "", &tags), "<Tags><a_x0020_b>1</a_x0020_b></Tags>");
}

#[test]
fn empty_items_are_kept() {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let response = Response {
        names: texts(&["", "a", "", ""]),
        nested: vec![texts(&["a"]), vec![], texts(&["", "b"])],
        tags: BTreeMap::from([("empty".to_owned(), String::new())]),
        ..Response::default()
    };
    let read = round_trip(&response);
    assert_eq!(read.names, response.names);
    assert_eq!(read.nested, response.nested);
    assert_eq!(read.tags, response.tags);
}

#[test]
fn free_form_values_are_written_as_the_service_does() {
    let value = json!({"List": ["", {"A": 1}, []], "Empty": {}, "None": null, "True": true});
    assert_eq!(
        to_xml("R", "", &value),
        "<R><Empty></Empty><List></List><List><A>1</A></List><List></List><None></None><True>true</True></R>"
    );
}

proptest! {
    #[test]
    fn every_map_comes_back(tags: BTreeMap<String, String>) {
        let allowed = |text: &String| text.chars().all(|c| c == '\t' || c == '\n' || c >= ' ');
        prop_assume!(tags.values().all(allowed));
        let response = Response { tags, ..Response::default() };
        prop_assert_eq!(round_trip(&response).tags, response.tags);
    }

    #[test]
    fn every_list_comes_back(names in prop::collection::vec("[a-z<&\"' ]{0,4}", 0..6)) {
        let response = Response { names: names.clone(), nested: vec![names], ..Response::default() };
        prop_assert_eq!(round_trip(&response).names, response.names);
    }
}
