//! Types of responses in other formats of serde, which have options, new types, bytes and keys of other kinds.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use alicloud_wire::{Bytes, Value};
use serde::Deserialize;
use serde::de::value::{
    BorrowedBytesDeserializer, CharDeserializer, Error, I128Deserializer, MapDeserializer,
    SeqDeserializer, StrDeserializer, U64Deserializer,
};
use serde::de::{Deserializer, IntoDeserializer, Visitor};

alicloud_wire::record! {
    struct Task: PartialEq {
        name: Option<String> = "Name",
        size: Option<i64> = "Size",
        bytes: Option<Bytes> = "Bytes",
        labels: BTreeMap<String, String> = "Labels",
        ids: Vec<String> = "Ids",
        free: Option<Value> = "Free",
    }
}

/// A value in a format that marks values as optional or as a new type.
#[derive(Clone, Copy)]
enum Marked {
    None,
    Some(&'static str),
    NewType(&'static str),
    Bytes(&'static [u8]),
}

impl<'de> Deserializer<'de> for Marked {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Marked::None => visitor.visit_none(),
            Marked::Some(text) => visitor.visit_some(StrDeserializer::new(text)),
            Marked::NewType(text) => visitor.visit_newtype_struct(StrDeserializer::new(text)),
            Marked::Bytes(bytes) => visitor.visit_bytes(bytes),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl IntoDeserializer<'_> for Marked {
    type Deserializer = Marked;

    fn into_deserializer(self) -> Marked {
        self
    }
}

fn fields(fields: &[(&'static str, Marked)]) -> Result<Task, Error> {
    Task::deserialize(MapDeserializer::new(fields.iter().copied()))
}

#[test]
fn options_and_new_types_are_their_content() {
    let task = fields(&[
        ("Name", Marked::Some("a")),
        ("Size", Marked::NewType("17")),
        ("Free", Marked::Some("b")),
        ("Bytes", Marked::None),
    ]);
    let expected = Task {
        name: Some("a".to_owned()),
        size: Some(17),
        free: Some(Value::from("b")),
        ..Task::default()
    };
    assert_eq!(task.unwrap(), expected);
    for none in [Marked::None, Marked::Some("")] {
        let task = fields(&[("Size", none), ("Labels", none), ("Ids", none)]);
        assert_eq!(task.unwrap(), Task::default());
    }
    assert!(fields(&[("Size", Marked::Some("many"))]).is_err());

    let items = [Marked::Some("a"), Marked::None, Marked::NewType("b"), Marked::Bytes(b"c")];
    let list = SeqDeserializer::<_, Error>::new(items.into_iter());
    let ids = Task::deserialize(MapDeserializer::<_, Error>::new([("Ids", list)].into_iter()));
    assert_eq!(ids.unwrap().ids, ["a", "b", "c"]);
    let entries = items.into_iter().zip(["k", "l", "m", "n"]).map(|(value, key)| (key, value));
    let labels = Task::deserialize(MapDeserializer::<_, Error>::new(
        [("Labels", MapDeserializer::new(entries))].into_iter(),
    ));
    let labels = labels.unwrap().labels;
    assert_eq!(
        labels.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>(),
        ["k=a", "m=b", "n=c"]
    );
}

#[test]
fn items_of_free_values_can_be_optional() {
    let items = [Marked::Some("a"), Marked::None, Marked::NewType("b")];
    let list = SeqDeserializer::<_, Error>::new(items.into_iter());
    let task =
        Task::deserialize(MapDeserializer::<_, Error>::new([("Free", list)].into_iter())).unwrap();
    assert_eq!(task.free, Some(serde_json::json!(["a", null, "b"])));
}

#[test]
fn bytes_are_text() {
    let task = fields(&[("Name", Marked::Bytes(b"a\xFF")), ("Size", Marked::Bytes(b"17"))]);
    let task = task.unwrap();
    assert_eq!((task.name.as_deref(), task.size), (Some("a\u{FFFD}"), Some(17)));
}

#[test]
fn texts_keep_objects_and_lists_as_json() {
    let read = |json: &str| serde_json::from_str::<Task>(json).unwrap().name;
    assert_eq!(read(r#"{"Name": {"a": 1, "b": [2]}}"#).as_deref(), Some(r#"{"a":1,"b":[2]}"#));
    assert_eq!(read(r#"{"Name": ["a", 1]}"#).as_deref(), Some(r#"["a",1]"#));
    assert_eq!(read(r#"{"Name": [1]}"#).as_deref(), Some("1"));
    for absent in ["{}", "[]", "[null]", "null"] {
        assert_eq!(read(&format!("{{\"Name\": {absent}}}")), None, "{absent}");
    }
    assert_eq!(read(r#"{"Name": 1.50}"#).as_deref(), Some("1.5"));
    assert_eq!(read(r#"{"Name": 18446744073709551615}"#).as_deref(), Some("18446744073709551615"));
}

#[test]
fn errors_name_what_is_expected() {
    let error = |result: Result<Task, Error>| result.unwrap_err().to_string();
    let key = MapDeserializer::<_, Error>::new([(1_u32, "a")].into_iter());
    assert!(error(Task::deserialize(key)).ends_with("expected a field name"));
    let number = I128Deserializer::<Error>::new(1);
    assert!(error(Task::deserialize(number)).ends_with("expected any value"));
    let free = MapDeserializer::<_, Error>::new(
        [("Free", BorrowedBytesDeserializer::<Error>::new(b"a"))].into_iter(),
    );
    assert!(Task::deserialize(free).is_ok());
    let nested = [("Free", SeqDeserializer::<_, Error>::new([1_i128].into_iter()))];
    let nested = MapDeserializer::<_, Error>::new(nested.into_iter());
    assert!(error(Task::deserialize(nested)).ends_with("expected any value"));
    let root = U64Deserializer::<Error>::new(1);
    assert_eq!(error(Task::deserialize(root)), "expected an object, found the number 1");
    assert_eq!(String::deserialize(CharDeserializer::<Error>::new('a')).unwrap(), "a");
}
