//! The flat form of each kind of value of serde's data model.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use alicloud_wire::{check_finite, flatten};
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct Unit;

#[derive(Serialize)]
struct Id(u32);

#[derive(Serialize)]
struct Point(i8, i8);

#[derive(Serialize)]
struct Tag<T> {
    key: char,
    value: T,
}

#[derive(Serialize)]
enum Action {
    Start,
    Wait(f64),
    Move(f64, f64),
    Resize { width: f64 },
}

struct Raw(&'static [u8]);

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

struct Unreadable;

impl Serialize for Unreadable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("the file is locked"))
    }
}

/// Returns the pairs as `name=value`, separated by blanks.
fn flat<T: Serialize>(name: &str, value: T) -> String {
    let pairs = flatten(name, &value).unwrap();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

fn error<T: Serialize>(value: T) -> String {
    flatten("P", &value).unwrap_err().to_string()
}

#[test]
fn scalars_are_one_pair() {
    assert_eq!(flat("P", true), "P=true");
    assert_eq!(flat("P", 'é'), "P=é");
    assert_eq!(flat("P", ""), "P=");
    assert_eq!(flat("P", (i8::MIN, i16::MIN, i32::MIN)), "P.1=-128 P.2=-32768 P.3=-2147483648");
    assert_eq!(flat("P", (u8::MAX, u16::MAX, u32::MAX)), "P.1=255 P.2=65535 P.3=4294967295");
    assert_eq!(flat("P", i64::MIN), "P=-9223372036854775808");
    assert_eq!(flat("P", u64::MAX), "P=18446744073709551615");
    assert_eq!(flat("P", i128::MIN), "P=-170141183460469231731687303715884105728");
    assert_eq!(flat("P", u128::MAX), "P=340282366920938463463374607431768211455");
    // Each width has the digits of its own type, and no exponent.
    assert_eq!(
        flat("P", (0.1_f32, 0.1_f64, 1e-7, 1e20)),
        "P.1=0.1 P.2=0.1 P.3=0.0000001 P.4=100000000000000000000"
    );
    assert_eq!(flat("P", Raw(b"a\xffb")), "P=a\u{fffd}b");
    assert_eq!(flat("P", Action::Start), "P=Start");
    assert_eq!(flat("P", Id(7)), "P=7");
    assert_eq!(flat("P", Some("a")), "P=a");
}

#[test]
fn lists_are_numbered_and_fields_are_named() {
    assert_eq!(flat("P", ["a", "b", "c"]), "P.1=a P.2=b P.3=c");
    assert_eq!(flat("P", vec![Some(1), None, Some(3)]), "P.1=1 P.3=3");
    assert_eq!(flat("P", Point(1, -2)), "P.1=1 P.2=-2");
    assert_eq!(flat("P", Action::Wait(0.5)), "P.Wait=0.5");
    let tags = [Tag { key: 'a', value: vec![1, 2] }, Tag { key: 'b', value: vec![] }];
    assert_eq!(flat("P", tags), "P.1.key=a P.1.value.1=1 P.1.value.2=2 P.2.key=b");
    assert_eq!(flat("P", BTreeMap::from([("x.y", 1), ("z", 2)])), "P.x.y=1 P.z=2");
    assert_eq!(flat("P", BTreeMap::from([(-7, 'n')])), "P.-7=n");
    // Without a name, there is no dot.
    assert_eq!(flat("", Tag { key: 'a', value: Point(3, 4) }), "key=a value.1=3 value.2=4");
}

#[test]
fn nulls_and_empty_containers_are_omitted() {
    assert_eq!(flat("P", (None::<u8>, (), Unit, Vec::<u8>::new())), "");
    assert_eq!(flat("P", BTreeMap::from([("a", None), ("b", Some(1))])), "P.b=1");
}

#[test]
fn values_without_a_flat_form_are_errors() {
    let variant = |name| format!("the enum variant {name} has fields and therefore no flat form");
    assert_eq!(error(Action::Move(1.0, 2.0)), variant("Move"));
    assert_eq!(error(Action::Resize { width: 1.0 }), variant("Resize"));
    let key = "a map key must be text or a number";
    assert_eq!(error(BTreeMap::from([((1, 2), "two numbers")])), key);
    assert_eq!(error(BTreeMap::from([([1], "a list of one")])), key);
    assert_eq!(error(BTreeMap::from([((), "nothing")])), key);
    assert_eq!(error(Tag { key: 'a', value: Unreadable }), "the file is locked");
    let finite = |place| format!("{place}, but only finite numbers can be sent");
    assert_eq!(error([0.0, f64::INFINITY]), finite("P.2 is inf"));
    assert_eq!(error(Tag { key: 'a', value: f32::NAN }), finite("P.value is NaN"));
    assert_eq!(error(Action::Wait(-f64::INFINITY)), finite("P.Wait is -inf"));
}

#[test]
fn values_for_json_are_only_checked_for_finite_numbers() {
    for finite in [Action::Start, Action::Move(1.0, 2.0), Action::Resize { width: 1.0 }] {
        check_finite("P", &finite).unwrap();
    }
    let infinite = |place| format!("{place} is inf, but only finite numbers can be sent");
    for (value, place) in [
        (Action::Wait(f64::INFINITY), "P.Wait"),
        (Action::Move(1.0, f64::INFINITY), "P.2"),
        (Action::Resize { width: f64::INFINITY }, "P.width"),
    ] {
        assert_eq!(check_finite("P", &value).unwrap_err().to_string(), infinite(place));
    }
}
