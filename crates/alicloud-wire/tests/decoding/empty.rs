//! Empty elements in XML: what they mean, and that `from_xml` reads back what `to_xml` writes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Debug;

use alicloud_wire::{Decoded, Node, Value, from_json, from_xml, to_xml};
use serde_json::json;

alicloud_wire::record! {
    struct Item: PartialEq {
        id: Option<i64> = "Id",
        name: Option<String> = "Name",
        inner: Option<Box<Item>> = "Inner",
    }
}

alicloud_wire::record! {
    struct Response: PartialEq {
        items: Vec<Item> = "Items" / "Item",
        names: Vec<String> = "Names" / "Name",
        rows: Vec<Vec<String>> = "Rows" / "Row",
        maps: Vec<BTreeMap<String, String>> = "Maps" / "Map",
        free: Vec<Value> = "Free" / "Value",
        numbers: Vec<i64> = "Numbers" / "Number",
        flat: Vec<Item> = "Flat",
        texts: Vec<String> = "Texts",
        matrix: Vec<Vec<i64>> = "Matrix",
        by_name: BTreeMap<String, Item> = "ByName",
        lists: BTreeMap<String, Vec<String>> = "Lists",
        item_lists: BTreeMap<String, Vec<Item>> = "ItemLists",
        detail: Option<Item> = "Detail",
        labels: Option<BTreeMap<String, String>> = "Labels",
        any: Option<Value> = "Any",
    }
}

fn id(id: i64) -> Item {
    Item { id: Some(id), ..Item::default() }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn map<T>(entries: impl IntoIterator<Item = (&'static str, T)>) -> BTreeMap<String, T> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Returns a value without issues.
fn value<T>(decoded: Decoded<T>) -> T {
    assert_eq!(decoded.issues, []);
    decoded.value
}

/// Decodes XML in which each `<x></x>` is also written as `<x/>`.
fn xml<T: Node + Default + PartialEq + Debug>(text: &str) -> T {
    let long = value(from_xml::<T>(text.as_bytes()).unwrap());
    let mut short = text.to_owned();
    for name in text.split('<').filter_map(|part| part.split_once('>')).map(|(name, _)| name) {
        short = short.replace(&format!("<{name}></{name}>"), &format!("<{name}/>"));
    }
    assert_eq!(value(from_xml::<T>(short.as_bytes()).unwrap()), long, "{short}");
    long
}

/// Checks a response in XML and in JSON.
fn both(xml_text: &str, json_text: &str, expected: &Response) {
    assert_eq!(xml::<Response>(&format!("<R>{xml_text}</R>")), *expected, "{xml_text}");
    let json_value = value(from_json::<Response>(json_text.as_bytes()).unwrap());
    assert_eq!(json_value, *expected, "{json_text}");
}

fn survives<T: Node + Default + PartialEq + Debug>(value: &T) {
    let text = to_xml("R", "Entry", value);
    assert_eq!(xml::<T>(&text), *value, "{text}");
}

#[test]
fn an_empty_element_in_a_wrapper_is_an_item() {
    both(
        "<Items><Item><Id>1</Id></Item><Item></Item><Item><Id>3</Id></Item></Items>",
        r#"{"Items": {"Item": [{"Id": 1}, {}, {"Id": 3}]}}"#,
        &Response { items: vec![id(1), Item::default(), id(3)], ..Response::default() },
    );
    both(
        "<Items><Item></Item><Item> </Item></Items>",
        r#"{"Items": {"Item": [{}, {}]}}"#,
        &Response { items: vec![Item::default(); 2], ..Response::default() },
    );
    both(
        "<Names><Name></Name><Name>a</Name></Names><Rows><Row></Row><Row><x></x></Row></Rows>\
         <Maps><Map></Map><Map><k></k></Map></Maps><Free><Value></Value><Value>a</Value></Free>",
        r#"{"Names": {"Name": ["", "a"]}, "Rows": {"Row": [[], [""]]},
            "Maps": {"Map": [{}, {"k": ""}]}, "Free": {"Value": ["", "a"]}}"#,
        &Response {
            names: texts(&["", "a"]),
            rows: vec![vec![], texts(&[""])],
            maps: vec![BTreeMap::new(), map([("k", String::new())])],
            free: vec![json!(""), json!("a")],
            ..Response::default()
        },
    );
}

#[test]
fn an_empty_element_of_a_number_is_no_item() {
    both(
        "<Numbers><Number>1</Number><Number></Number><Number>2</Number></Numbers>",
        r#"{"Numbers": {"Number": [1, "", 2]}}"#,
        &Response { numbers: vec![1, 2], ..Response::default() },
    );
}

#[test]
fn an_empty_element_with_another_name_is_no_item() {
    both(
        "<Items><Total></Total><Item><Id>1</Id></Item></Items><Names><More></More><Name>a</Name></Names>",
        r#"{"Items": {"Total": "", "Item": [{"Id": 1}]}, "Names": {"More": "", "Name": ["a"]}}"#,
        &Response { items: vec![id(1)], names: texts(&["a"]), ..Response::default() },
    );
}

#[test]
fn an_empty_list_is_one_empty_element() {
    both(
        "<Items></Items><Names></Names><Rows></Rows><Flat></Flat><Texts></Texts><Matrix></Matrix>\
         <Lists><a></a></Lists>",
        r#"{"Items": {"Item": []}, "Names": [], "Rows": [], "Flat": [], "Texts": [], "Matrix": [],
            "Lists": {"a": []}}"#,
        &Response { lists: map([("a", vec![])]), ..Response::default() },
    );
}

#[test]
fn one_of_several_empty_elements_is_an_item() {
    both(
        "<Flat></Flat><Texts></Texts><Flat><Id>1</Id></Flat><Texts>a</Texts><Texts></Texts>\
         <Matrix><n>1</n></Matrix><Matrix></Matrix>",
        r#"{"Flat": [{}, {"Id": 1}], "Texts": ["", "a", ""], "Matrix": [[1], []]}"#,
        &Response {
            flat: vec![Item::default(), id(1)],
            texts: texts(&["", "a", ""]),
            matrix: vec![vec![1], vec![]],
            ..Response::default()
        },
    );
    both(
        "<Lists><a>x</a><b></b><a></a><b></b><a>y</a></Lists>\
         <ItemLists><a></a><a><Id>1</Id></a></ItemLists>",
        r#"{"Lists": {"a": ["x", "", "y"], "b": ["", ""]}, "ItemLists": {"a": [{}, {"Id": 1}]}}"#,
        &Response {
            lists: map([("a", texts(&["x", "", "y"])), ("b", texts(&["", ""]))]),
            item_lists: map([("a", vec![Item::default(), id(1)])]),
            ..Response::default()
        },
    );
}

#[test]
fn each_empty_element_is_one_item() {
    for (items, expected) in [
        ("<Texts>a</Texts><Texts></Texts><Texts>b</Texts>", &["a", "", "b"][..]),
        ("<Texts></Texts><Texts></Texts><Texts>a</Texts>", &["", "", "a"]),
        ("<Texts></Texts><Texts></Texts>", &["", ""]),
        ("<Texts></Texts><Texts>a</Texts><Texts></Texts><Texts></Texts>", &["", "a", "", ""]),
    ] {
        let response: Response = xml(&format!("<R>{items}<Texts>end</Texts></R>"));
        assert_eq!(response.texts, [texts(expected), texts(&["end"])].concat(), "{items}");
        let response: Response = xml(&format!("<R>{items}</R>"));
        assert_eq!(response.texts, texts(expected), "{items}");
    }
}

#[test]
fn an_empty_text_is_present() {
    let item: Item = xml("<R><Id></Id><Name></Name></R>");
    assert_eq!(item, Item { name: Some(String::new()), ..Item::default() });
}

#[test]
fn an_entry_of_a_map_keeps_its_key() {
    both(
        "<ByName><a></a><b><Id>1</Id></b></ByName>",
        r#"{"ByName": {"a": {}, "b": {"Id": 1}}}"#,
        &Response { by_name: map([("a", Item::default()), ("b", id(1))]), ..Response::default() },
    );
    let values: BTreeMap<String, Value> = xml("<R><a></a><b><c></c></b></R>");
    assert_eq!(values, map([("a", json!("")), ("b", json!({"c": ""}))]));
    let numbers: BTreeMap<String, i64> = xml("<R><a></a><b>1</b></R>");
    assert_eq!(numbers, map([("b", 1)]));
    // An element that is no item does not remove the items before it.
    let lists = from_xml::<BTreeMap<String, Vec<i64>>>(b"<R><a>1</a><a>x</a><b>x</b></R>").unwrap();
    assert_eq!((lists.value, lists.issues.len()), (map([("a", vec![1])]), 2));
}

#[test]
fn an_empty_element_of_another_field_means_absent() {
    let response: Response = xml("<R><Detail></Detail><Labels></Labels><Any></Any></R>");
    assert_eq!((response.detail, response.labels, response.any), (None, None, None));
    // Its content makes it present, also if no field of it is known.
    let response: Response = xml("<R><Detail><New>1</New></Detail></R>");
    assert_eq!(response.detail, Some(Item::default()));
}

#[test]
fn empty_items_in_a_wrapper_that_is_not_described() {
    for (text, flat) in [
        ("<x><Id>1</Id></x><x></x><x><Id>3</Id></x>", vec![id(1), Item::default(), id(3)]),
        ("<x></x><x><Id>2</Id></x>", vec![Item::default(), id(2)]),
        ("<x><Id>1</Id></x><x></x><x></x>", vec![id(1), Item::default(), Item::default()]),
        // One item with unknown fields.
        ("<x></x><y></y>", vec![Item::default()]),
        ("<x>1</x><Id>2</Id>", vec![id(2)]),
    ] {
        let response: Response = xml(&format!("<R><Flat>{text}</Flat></R>"));
        assert_eq!(response.flat, flat, "{text}");
    }
}

#[test]
fn a_wrapper_without_the_element_of_its_only_item() {
    let name = Some(String::new());
    let inner = Some(Box::new(id(1)));
    for (text, item) in [
        ("<Id>1</Id>", id(1)),
        ("<Name></Name><Id>1</Id>", Item { name, ..id(1) }),
        ("<Inner><Id>1</Id></Inner>", Item { inner, ..Item::default() }),
    ] {
        let response: Response = xml(&format!("<R><Items>{text}</Items></R>"));
        assert_eq!(response.items, [item], "{text}");
    }
}

#[test]
fn lists_in_lists_without_a_wrapper() {
    let response: Response =
        xml("<R><Matrix><n>1</n><n>2</n></Matrix><Matrix><n>3</n></Matrix></R>");
    assert_eq!(response.matrix, [vec![1, 2], vec![3]]);
}

#[test]
fn text_in_place_of_elements_is_not_lost() {
    let response: Response =
        xml("<R><Rows><Row>a</Row></Rows><ByName>{\"a\": {\"Id\": 1}}</ByName></R>");
    assert_eq!((response.rows, response.by_name), (vec![texts(&["a"])], map([("a", id(1))])));
    let wrong = from_xml::<Response>(b"<R><ByName>text</ByName></R>").unwrap();
    assert_eq!(wrong.issues[0].path, "ByName");
}

#[test]
fn what_is_written_is_read_back() {
    survives(&Response {
        items: vec![Item::default(), id(1), Item::default()],
        names: texts(&["", ""]),
        rows: vec![vec![], texts(&[""]), texts(&["a", ""])],
        maps: vec![BTreeMap::new(), map([("k", String::new())])],
        free: vec![json!(""), json!({"a": ["", "b"]})],
        flat: vec![Item::default(), Item::default()],
        texts: texts(&["", " ", ""]),
        matrix: vec![vec![], vec![1]],
        by_name: map([("a", Item::default())]),
        lists: map([("a", vec![]), ("b", texts(&["", "x"]))]),
        item_lists: map([("a", vec![Item::default(), id(1)])]),
        ..Response::default()
    });
}

#[test]
fn lists_at_the_root_are_read_back() {
    survives(&vec![texts(&["a"])]);
    survives(&vec![texts(&["a", ""]), vec![], texts(&[""])]);
    survives(&Vec::<String>::new());
    survives(&texts(&[""]));
    survives(&texts(&["", "a"]));
    survives(&vec![Item::default()]);
    survives(&vec![Item::default(), Item::default()]);
    survives(&vec![Item::default(), id(1), Item::default()]);
    survives(&Vec::<Item>::new());
    survives(&vec![BTreeMap::<String, String>::new()]);
    survives(&vec![map([("a", "1".to_owned())]), BTreeMap::new()]);
    survives(&vec![json!("a"), json!({"a": "b"}), json!("")]);
    survives(&map([("a", vec![id(1), Item::default()]), ("b", vec![])]));
}
