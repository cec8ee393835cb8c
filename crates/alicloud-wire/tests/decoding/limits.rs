//! Limits of the decoders, and that no input makes them panic.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alicloud_wire::{
    DecodeLimits, Value, decode_until, from_json, from_json_with, from_xml, from_xml_with,
};

alicloud_wire::record! {
    struct Tree {
        name: Option<String> = "Name",
        count: Option<i64> = "Count",
        children: Vec<Tree> = "Children",
        inner: Option<Box<Tree>> = "Inner",
        any: Option<Value> = "Any",
    }
}

fn limits(change: impl FnOnce(&mut DecodeLimits)) -> DecodeLimits {
    let mut limits = DecodeLimits::default();
    change(&mut limits);
    limits
}

#[test]
fn depth_is_limited_in_known_and_unknown_fields() {
    for depth in [1_000, 100_000] {
        for key in ["Inner", "Any", "Children", "Unknown"] {
            let json = format!("{}{}", format!("{{\"{key}\":").repeat(depth), "}".repeat(depth));
            // The JSON parser limits the depth of unknown fields, too.
            let _ = from_json::<Tree>(json.as_bytes());
            let xml = format!(
                "<R>{}{}</R>",
                format!("<{key}>").repeat(depth),
                format!("</{key}>").repeat(depth)
            );
            let read = from_xml::<Tree>(xml.as_bytes());
            if key != "Unknown" {
                assert!(read.unwrap_err().to_string().contains("levels deep"));
            }
        }
    }
    let three = br#"{"Inner": {"Inner": {"Name": "x"}}}"#;
    assert!(from_json_with::<Tree>(three, limits(|limits| limits.max_depth = 3)).is_ok());
    let error = from_json_with::<Tree>(three, limits(|limits| limits.max_depth = 2)).unwrap_err();
    assert!(error.to_string().contains("2 levels deep"), "{error}");
    // Lists in lists are levels, too.
    let lists = br#"{"Any": [[1]]}"#;
    assert!(from_json_with::<Tree>(lists, limits(|limits| limits.max_depth = 3)).is_ok());
    assert!(from_json_with::<Tree>(lists, limits(|limits| limits.max_depth = 2)).is_err());
}

#[test]
fn size_and_number_of_values_are_limited() {
    let json = br#"{"Children": [{}, {}, {}, {}]}"#;
    let error = from_json_with::<Tree>(json, limits(|limits| limits.max_bytes = 10)).unwrap_err();
    assert!(error.to_string().contains("more than 10 bytes"), "{error}");
    let error = from_json_with::<Tree>(json, limits(|limits| limits.max_nodes = 4)).unwrap_err();
    assert!(error.to_string().contains("more than 4 values"), "{error}");
    let xml = b"<R><Children><Name>a</Name></Children><Children><Name>b</Name></Children></R>";
    assert!(from_xml_with::<Tree>(xml, limits(|limits| limits.max_bytes = 10)).is_err());
    assert!(from_xml_with::<Tree>(xml, limits(|limits| limits.max_nodes = 3)).is_err());
}

#[test]
fn a_response_may_reach_its_limits() {
    let json = br#"{"Children": [{}, {}, {}, {}]}"#;
    let xml = b"<R><Name>a</Name></R>";
    let size = |text: &[u8]| limits(|limits| limits.max_bytes = text.len());
    assert!(from_json_with::<Tree>(json, size(json)).is_ok());
    assert!(from_xml_with::<Tree>(xml, size(xml)).is_ok());
    // The list at the root is a value, too.
    for items in [10, 1_023, 2_047] {
        let json = format!("[{}]", vec!["1"; items].join(","));
        let decode =
            |max| from_json_with::<Value>(json.as_bytes(), limits(|limits| limits.max_nodes = max));
        assert!(decode(items + 1).is_ok());
        let error = decode(items).unwrap_err().to_string();
        assert!(error.contains(&format!("more than {items} values")), "{error}");
    }
}

/// Returns a list of objects, each with this many bytes.
fn empty_objects(count: usize, size: usize) -> String {
    let object = format!("{{{}}}", " ".repeat(size - "{},".len()));
    format!("[{}]", vec![object; count].join(","))
}

#[test]
fn memory_is_limited() {
    let small = limits(|limits| limits.max_memory_per_byte = 0);
    let error = from_json_with::<Vec<Tree>>(empty_objects(100_000, 3).as_bytes(), small);
    let expected = "its values need more than 8388608 bytes of memory";
    assert!(error.unwrap_err().to_string().contains(expected));
    // Every response may use 8 MiB.
    assert!(from_json_with::<Vec<Tree>>(empty_objects(1_000, 3).as_bytes(), small).is_ok());
    // A value needs at least 8 bytes next to the text. The first entry of a map needs a node of the tree, which has
    // room for eleven.
    let padded = |json: &str, size: usize| format!("{}{json}", " ".repeat(size - json.len()));
    for (over, is_decoded) in [(0, true), (1, false)] {
        let json = padded("1", (8 << 20) - 8 + over);
        assert_eq!(from_json_with::<i64>(json.as_bytes(), small).is_ok(), is_decoded);
        let node = 11 * 2 * size_of::<String>() + 16;
        let json = padded(r#"{"k": "v"}"#, (8 << 20) - 2 * 8 - "k".len() - node + over);
        let map = from_json_with::<BTreeMap<String, String>>(json.as_bytes(), small);
        assert_eq!(map.is_ok(), is_decoded);
        // The second equal element makes a list of two.
        let node = 11 * (size_of::<String>() + size_of::<Value>()) + 16;
        let size = (8 << 20) - 3 * 8 - "a".len() - node - 2 * size_of::<Value>() + over;
        let xml = padded("<R><a/><a/></R>", size);
        assert_eq!(from_xml_with::<Value>(xml.as_bytes(), small).is_ok(), is_decoded);
    }
}

#[test]
fn the_positions_of_elements_that_are_looked_into_need_memory() {
    let small = limits(|limits| limits.max_memory_per_byte = 0);
    // 7 bytes of text and two positions of two numbers for each element.
    for (count, is_decoded) in [(200_000, true), (230_000, false)] {
        let elements = "<z></z>".repeat(count);
        let xml = format!("<R><Children><x><y>{elements}</y></x></Children></R>");
        assert_eq!(from_xml_with::<Tree>(xml.as_bytes(), small).is_ok(), is_decoded, "{count}");
    }
}

#[test]
fn what_needs_less_memory_than_the_limit_is_decoded() {
    alicloud_wire::record! {
        struct Wide {
            a: Vec<String> = "A", b: Vec<String> = "B", c: Vec<String> = "C", d: Vec<String> = "D",
            e: Vec<String> = "E", f: Vec<String> = "F", g: Vec<String> = "G", h: Vec<String> = "H",
            i: Vec<String> = "I", j: Vec<String> = "J", k: Vec<String> = "K", l: Vec<String> = "L",
            m: Vec<String> = "M", n: Vec<String> = "N", o: Vec<String> = "O", p: Vec<String> = "P",
            q: Vec<String> = "Q", r: Vec<String> = "R", s: Vec<String> = "S", t: Vec<String> = "T",
        }
    }
    // While the items move to a larger place, they need one and a half of their size.
    let size = size_of::<Wide>();
    let decode = |bytes_per_item: usize| {
        let json = empty_objects((1 << 15) - 1, bytes_per_item);
        from_json::<Vec<Wide>>(json.as_bytes()).map(|decoded| decoded.value.len())
    };
    assert_eq!(decode(size / 18), Ok((1 << 15) - 1));
    assert!(decode(size / 25).is_err());
    // Maps of ordinary keys and values are far from it.
    let entries: Vec<String> = (0..20_000).map(|n| format!("\"key-{n:05}\":\"value\"")).collect();
    let json = format!("{{{}}}", entries.join(","));
    let map = from_json::<BTreeMap<String, String>>(json.as_bytes()).unwrap();
    assert_eq!(map.value.len(), 20_000);
    let any = from_json::<Value>(json.as_bytes()).unwrap();
    assert_eq!(any.value.as_object().unwrap().len(), 20_000);
    let elements: Vec<String> =
        (0..20_000).map(|n| format!("<key{n:05}>a</key{n:05}><key{n:05}>b</key{n:05}>")).collect();
    let xml = format!("<R>{}</R>", elements.concat());
    let any = from_xml::<Value>(xml.as_bytes()).unwrap();
    assert_eq!(any.value.as_object().unwrap().len(), 20_000);
}

#[test]
fn limits_apply_to_text_that_was_repaired() {
    let json = b"{\"Name\": \"\xFF\", \"Inner\": {\"Inner\": {\"Name\": \"a\"}}}";
    let error = from_json_with::<Tree>(json, limits(|limits| limits.max_depth = 2)).unwrap_err();
    assert!(error.to_string().contains("2 levels deep"), "{error}");
    let error = from_json_with::<Tree>(json, limits(|limits| limits.max_nodes = 3)).unwrap_err();
    assert!(error.to_string().contains("more than 3 values"), "{error}");
    let xml = b"<R><Inner><Inner><Name>\xFF</Name></Inner></Inner></R>";
    let error = from_xml_with::<Tree>(xml, limits(|limits| limits.max_depth = 2)).unwrap_err();
    assert!(error.to_string().contains("2 levels deep"), "{error}");
}

#[test]
fn truncated_and_corrupted_responses_never_panic() {
    let json = r#"{"Name": "a\u00e9\"", "Count": "12", "Children": [{"Name": 1.50}], "Inner": {"Any": [1, {"x": null}]}}"#;
    let xml = "<?xml version='1.0'?><R a='b'><!-- c --><Name>a&amp;&#233;&lt;</Name><Count>12</Count><Children><Name><![CDATA[<x>]]></Name></Children><Any><x>1</x><x>2</x></Any></R>";
    assert_eq!(from_json::<Tree>(json.as_bytes()).unwrap().value.name.as_deref(), Some("aé\""));
    assert_eq!(from_xml::<Tree>(xml.as_bytes()).unwrap().value.name.as_deref(), Some("a&é<"));
    for end in 0..json.len() {
        assert!(from_json::<Tree>(json.as_bytes().get(..end).unwrap()).is_err(), "{end}");
    }
    for end in 0..xml.len() {
        let _ = from_xml::<Tree>(xml.as_bytes().get(..end).unwrap());
    }
    // Replaces each byte with characters of the syntax.
    for position in 0..json.len() {
        for byte in [b'"', b'\\', b'{', b']', b'0', 0, 0xFF] {
            let mut text = json.as_bytes().to_vec();
            *text.get_mut(position).unwrap() = byte;
            let _ = from_json::<Tree>(&text);
        }
    }
    for position in 0..xml.len() {
        for byte in [b'<', b'>', b'&', b'/', b'"', 0, 0xFF] {
            let mut text = xml.as_bytes().to_vec();
            *text.get_mut(position).unwrap() = byte;
            let _ = from_xml::<Tree>(&text);
        }
    }
}

#[test]
fn entities_do_not_expand() {
    let bomb =
        "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><R><Name>&b;</Name></R>";
    assert_eq!(from_xml::<Tree>(bomb.as_bytes()).unwrap().value.name.as_deref(), Some("&b;"));
}

#[test]
fn the_root_must_have_the_expected_kind() {
    assert!(from_json::<Tree>(b"\"text\"").is_err());
    assert!(from_json::<Tree>(b"[1]").is_err());
    assert!(from_json::<Tree>(b"{} {}").is_err());
    assert!(from_xml::<Tree>(b"plain text").is_err());
    assert!(from_xml::<Tree>(b"").is_err());
}

/// A program that calls with a short timeout must not collect threads that decode for nobody.
#[test]
fn a_canceled_decoding_ends_early() {
    let json = format!(r#"{{"Any": [{}]}}"#, vec!["{}"; 10_000].join(","));
    let xml = format!("<R><Any>{}</Any></R>", "<a/>".repeat(10_000));
    let known = format!(r#"{{"Children": [{}]}}"#, vec!["{}"; 10_000].join(","));
    let canceled = Arc::new(AtomicBool::new(false));
    let decode = || {
        let results = [
            from_json::<Tree>(json.as_bytes()),
            from_json::<Tree>(known.as_bytes()),
            from_xml::<Tree>(xml.as_bytes()),
        ];
        results.map(|result| result.map(drop).map_err(|error| error.to_string()))
    };
    assert!(decode_until(&canceled, decode).iter().all(Result::is_ok));
    canceled.store(true, Ordering::Relaxed);
    for result in decode_until(&canceled, decode) {
        assert!(result.unwrap_err().contains("it was canceled"));
    }
    // Only for the work that it was set for.
    assert!(decode().iter().all(Result::is_ok));
}

#[test]
fn a_decoding_in_progress_ends_early() {
    // Fewer values than a thousand times those before the first check.
    let json = format!(r#"{{"Any": [{}]}}"#, vec!["0"; 900_000].join(","));
    let canceled = Arc::new(AtomicBool::new(false));
    let decoding = std::thread::spawn({
        let canceled = Arc::clone(&canceled);
        move || decode_until(&canceled, || from_json::<Tree>(json.as_bytes()).map(drop))
    });
    // The other thread needs far longer, unless nothing is left to cancel.
    std::thread::yield_now();
    canceled.store(true, Ordering::Relaxed);
    let error = decoding.join().unwrap().unwrap_err();
    assert!(error.to_string().contains("it was canceled"), "{error}");
}
