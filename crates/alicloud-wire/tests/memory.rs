//! The memory that decoding takes, for each byte of the response. Counts what is allocated.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and print")]

use std::collections::BTreeMap;

use alicloud_wire::{Node, Value, from_json, from_xml};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

alicloud_wire::record! {
    struct Large: PartialEq {
        a: Option<String> = "A",
        b: Option<String> = "B",
        c: Vec<Large> = "C",
        d: Vec<Value> = "D",
        e: Option<Value> = "E",
        f: Option<Box<Large>> = "F",
        g: BTreeMap<String, Vec<String>> = "G",
        h: Vec<String> = "H".comma_list(),
        i: Vec<BTreeMap<String, Large>> = "I",
        j: Vec<Large> = "J" / "K",
        l: Vec<Vec<String>> = "L",
        m: Vec<f64> = "M",
        n: Option<i64> = "N",
    }
}

/// The documented maximum.
const MAX_PER_BYTE: f64 = 40.0;

/// The size of the texts. A response that is much smaller may use 8 MiB.
const SIZE: usize = 256 << 10;

/// Returns the memory per byte of a text at its peak, and whether it was decoded.
fn memory_per_byte<T: Node + Default>(
    text: &str,
    decode: fn(&[u8]) -> Result<alicloud_wire::Decoded<T>, alicloud_wire::DecodeError>,
    bytes: &[u8],
) -> f64 {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    let decoded = decode(bytes);
    let peak = (ALLOCATOR.peak_usage() - before) as f64 / bytes.len() as f64;
    println!("{peak:6.1} {} {text}", if decoded.is_ok() { "ok   " } else { "error" });
    peak
}

fn repeat(before: &str, item: &str, after: &str) -> String {
    let count = SIZE / item.len();
    format!("{before}{}{after}", item.repeat(count)).replace(",]", "]").replace(",}", "}")
}

#[test]
fn no_shape_takes_more_memory_than_documented() {
    let mut worst: f64 = 0.0;
    for (before, item, after) in [
        // Nearly empty items of a large struct.
        ("{\"C\":[", "{},", "]}"),
        ("{\"J\":{\"K\":[", "{},", "]}}"),
        ("{\"C\":[", "{\"F\":{}},", "]}"),
        ("{\"C\":[", "{\"F\":{\"F\":{\"F\":{}}}},", "]}"),
        ("{\"C\":[", "{\"C\":[{}]},", "]}"),
        ("{\"C\":[", "null,", "]}"),
        ("{\"C\":[", "[],", "]}"),
        ("{\"C\":[", "{\"E\":{\"a\":1}},", "]}"),
        ("{\"C\":[", "{\"G\":{\"a\":[1]}},", "]}"),
        ("{\"I\":[", "{\"\":{}},", "]}"),
        // Small scalars.
        ("{\"H\":[", "1,", "]}"),
        ("{\"H\":\"", "1,", "\"}"),
        ("{\"H\":[", "\"\",", "]}"),
        ("{\"H\":[", "\"a\",", "]}"),
        ("{\"H\":[", "1e308,", "]}"),
        ("{\"G\":{\"a\":[", "1e308,", "]}}"),
        ("{\"M\":[", "1,", "]}"),
        ("{\"L\":[", "[],", "]}"),
        ("{\"L\":[", "[1],", "]}"),
        ("{\"L\":[", "1,", "]}"),
        // Free-form values.
        ("{\"D\":[", "1,", "]}"),
        ("{\"D\":[", "[],", "]}"),
        ("{\"D\":[", "[1],", "]}"),
        ("{\"D\":[", "{},", "]}"),
        ("{\"D\":[", "{\"\":0},", "]}"),
        ("{\"D\":[", "{\"\":{\"\":0}},", "]}"),
        ("{\"D\":[", "\"a\",", "]}"),
        ("{\"E\":[", "1,", "]}"),
        ("{\"E\":{\"a\":[", "[[]],", "]}}"),
        // Another kind of value than expected.
        ("{\"A\":[", "1,", "]}"),
        ("{\"A\":[", "{\"\":0},", "]}"),
        ("{\"A\":[", "[],", "]}"),
        ("{\"N\":[", "1,", "]}"),
        ("{\"N\":[", "\"x\",", "]}"),
        ("{\"M\":[", "\"x\",", "]}"),
        ("{\"M\":[", "{\"a\":1},", "]}"),
        ("{\"G\":[", "1,", "]}"),
        ("{\"Unknown\":[", "{\"\":0},", "]}"),
        // Text that is not valid.
        ("{\"A\":\"", "\n", "\"}"),
        ("{\"A\":\"", "\u{FFFF}", "\\ud800\"}"),
        ("{\"H\":[", "\"\n\",", "]}"),
        ("{\"M\":[", "1e999,", "]}"),
        ("{\"D\":[", "1e999,", "]}"),
        ("{\"D\":[", "NaN,", "]}"),
        ("{\"C\":[1e999,", "{},", "]}"),
        ("{\"C\":[", "{\"A\":\"\n\"},", "]}"),
        // JSON inside of a text.
        ("{\"C\":\"[", "{},", "]\"}"),
        ("{\"C\":\"[1e999,", "{},", "]\"}"),
    ] {
        let text = repeat(before, item, after);
        worst = worst.max(memory_per_byte(item, from_json::<Large>, text.as_bytes()));
        worst = worst.max(memory_per_byte(item, from_json::<Value>, text.as_bytes()));
    }
    for item in ["1,", "{},", "[],", "{\"\":0},", "\"\",", "[1],"] {
        let text = repeat("[", item, "]");
        worst = worst.max(memory_per_byte(item, from_json::<Vec<Large>>, text.as_bytes()));
        worst = worst.max(memory_per_byte(item, from_json::<Vec<String>>, text.as_bytes()));
        worst = worst.max(memory_per_byte(item, from_json::<Vec<Value>>, text.as_bytes()));
    }
    for (before, item, after) in [
        ("<R><C>", "<C><A/></C>", "</C></R>"),
        ("<R>", "<C><A/></C>", "</R>"),
        ("<R>", "<C><N>1</N></C>", "</R>"),
        ("<R>", "<C>1</C>", "</R>"),
        ("<R>", "<C>[{}]</C>", "</R>"),
        ("<R>", "<C>[{},{},{},{}]</C>", "</R>"),
        ("<R>", "<C/>", "</R>"),
        ("<R>", "<J/>", "</R>"),
        ("<R><J>", "<K><A/></K>", "</J></R>"),
        ("<R>", "<C><F><A/></F></C>", "</R>"),
        ("<R>", "<H>1</H>", "</R>"),
        ("<R><H>", "1,", "</H></R>"),
        ("<R><H>", "<a>1</a>", "</H></R>"),
        ("<R><L>", "<a><b>1</b></a>", "</L></R>"),
        ("<R><M>", "<a>1</a>", "</M></R>"),
        ("<R><M>", "<a>x</a>", "</M></R>"),
        ("<R><E>", "<a/>", "</E></R>"),
        ("<R><E>", "<a>1</a>", "</E></R>"),
        ("<R><E>", "<a><b/></a>", "</E></R>"),
        ("<R><E>", "<a><b><c/></b></a>", "</E></R>"),
        ("<R><D>", "<a><b/></a>", "</D></R>"),
        ("<R><I>", "<a><b><A/></b></a>", "</I></R>"),
        ("<R><A>", "<a/>", "</A></R>"),
        ("<R><A>", "\u{1}", "</A></R>"),
        ("<R><A>", "&#0;", "</A></R>"),
        ("<R><A>", "&x;", "</A></R>"),
        ("<R>", "<C><A>\u{1}</A></C>", "</R>"),
        ("<R><N>", "<a/>", "</N></R>"),
        ("<R><x>", "<a>", ""),
        ("", "<a/>", ""),
        ("", "<C><A/></C>", ""),
        ("<R><J><K>", "<x></x>", "</K></J></R>"),
    ] {
        let text = repeat(before, item, after);
        worst = worst.max(memory_per_byte(item, from_xml::<Large>, text.as_bytes()));
        worst = worst.max(memory_per_byte(item, from_xml::<Value>, text.as_bytes()));
        worst = worst.max(memory_per_byte(item, from_xml::<Vec<Large>>, text.as_bytes()));
    }
    println!("{worst:6.1} at most, for structs of {} bytes", size_of::<Large>());
    assert!(worst <= MAX_PER_BYTE, "{worst}");
}
