//! XML into models. The first byte of an input selects the type, the others are the XML.

use alicloud_wire::{from_xml, to_xml};

use crate::cost::{bounded, linear};
use crate::growth::Shape;
use crate::json::survives_json;
use crate::types::{Decode, for_each_type};

/// Checks that XML is decoded without a panic and at bounded cost, and that the value survives encoding as XML and
/// as JSON. A first byte from 0xF0 checks the growth of the time instead.
pub fn check(data: &[u8]) {
    let types: &[fn(&[u8])] = for_each_type!(check_type);
    match data.split_first() {
        Some((0xf0.., shape)) => check_growth(shape),
        Some((selector, xml)) => types[usize::from(*selector) % types.len()](xml),
        None => {}
    }
}

fn check_type<T: Decode>(xml: &[u8]) {
    let Ok(decoded) = bounded(xml, || from_xml::<T>(xml)) else { return };
    let value = decoded.value;
    survives_json(&value);
    let text = to_xml("Response", "item", &value);
    let again = from_xml::<T>(text.as_bytes()).expect("an encoded value can be decoded");
    assert_eq!(again.value, value, "{text}");
    assert_eq!(again.issues, [], "{text}");
}

fn check_growth(data: &[u8]) {
    let shape = Shape::new(data);
    let (small, large) = (shape.xml(1), shape.xml(8));
    let types: &[fn(&[u8])] = for_each_type!(decode);
    let decode = types[shape.selector % types.len()];
    bounded(&large, || decode(&large));
    linear(&small, &large, decode);
}

fn decode<T: Decode>(xml: &[u8]) {
    let _ = from_xml::<T>(xml);
}
