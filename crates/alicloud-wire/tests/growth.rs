//! The cost of decoding XML grows like its size. Counts the bytes that are read, not time.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use alicloud_wire::{Value, from_xml, xml_steps};
use proptest::prelude::{Strategy, any, prop, prop_oneof, proptest};
use proptest::test_runner::Config;

alicloud_wire::record! {
    struct Tree: PartialEq {
        name: Option<String> = "Name",
        plain: Vec<Tree> = "Plain",
        wrapped: Vec<Tree> = "Wrapped" / "Wrapped",
        other: Vec<Tree> = "Other" / "Item",
        texts: Vec<String> = "Texts",
        labels: BTreeMap<String, Vec<Tree>> = "Labels",
        free: Option<Value> = "Free",
    }
}

/// Returns the number of bytes that are read for each byte of a text. The text is read at most twice
/// because its document element may be missing, and twice because of invalid references.
fn reads_per_byte(xml: &str) -> f64 {
    xml_steps::take();
    _ = from_xml::<Tree>(xml.as_bytes());
    xml_steps::take() as f64 / xml.len() as f64
}

/// The text of one part of a document: before and after the parts that it can contain.
type Part = (String, String);

fn element(name: &str) -> Part {
    (format!("<{name}>"), format!("</{name}>"))
}

fn shapes() -> Vec<Part> {
    let long = "n".repeat(500);
    let (inside, after) = (String::new(), String::new());
    let mut parts: Vec<Part> =
        ["Plain", "Wrapped", "Other", "Item", "Texts", "Labels", "Free", "x", &long]
            .into_iter()
            .map(element)
            .collect();
    for leaf in
        ["<Name>a</Name>", "<x/>", "<Item/>", "<!-- c -->", "<![CDATA[a]]>", "text", "<x>1</x>"]
    {
        parts.push((format!("{leaf}{inside}"), after.clone()));
    }
    parts
}

#[test]
fn every_pair_of_shapes_is_linear_in_items_and_in_depth() {
    for outer in shapes() {
        for inner in shapes() {
            let item = format!("{}{}{}{}", outer.0, inner.0, inner.1, outer.1);
            for count in [40, 160] {
                for wrapper in ["Plain", "Wrapped", "Other", "Texts", "Free", "x"] {
                    let items = item.repeat(count);
                    let xml = format!("<R><{wrapper}>{items}</{wrapper}></R>");
                    assert!(reads_per_byte(&xml) <= 4.5, "{xml}");
                }
            }
            for depth in [10, 40] {
                let (before, after) =
                    (format!("{}{}", outer.0, inner.0), format!("{}{}", inner.1, outer.1));
                let content = "<x><y>1</y></x>".repeat(500);
                let xml =
                    format!("<R>{}{content}{}</R>", before.repeat(depth), after.repeat(depth));
                assert!(reads_per_byte(&xml) <= 4.5, "{depth} {outer:?} {inner:?}");
            }
        }
    }
}

/// An element in a wrapper is recognized as an item by its fields. Here none of them comes before the elements that are
/// counted, so the decoder has to look past these.
#[test]
fn what_was_looked_into_is_not_read_again_in_its_elements() {
    let content = "<x><y>1</y></x>".repeat(100);
    for (siblings, depth) in [(0, 10), (0, 40), (1, 40), (20, 40), (200, 4)] {
        let siblings = "<x></x>".repeat(siblings);
        let before = format!("<Wrapped><Wrapped>{siblings}<x>").repeat(depth);
        let after = "</x></Wrapped></Wrapped>".repeat(depth);
        let xml = format!("<R>{before}{content}{after}</R>");
        assert!(reads_per_byte(&xml) <= 4.5, "{siblings} {depth}");
    }
    // What was looked into ends in front of the field by which the item is recognized.
    let item = "<Wrapped><Wrapped><x><y>1</y></x><Name>a</Name></Wrapped></Wrapped>";
    let xml = format!("<R><Wrapped><Wrapped><x>{item}</x></Wrapped></Wrapped></R>");
    let root = from_xml::<Tree>(xml.as_bytes()).unwrap().value;
    let name = |tree: &Tree| tree.wrapped.first()?.wrapped.first()?.wrapped.first()?.name.clone();
    assert_eq!(name(&root).as_deref(), Some("a"));
}

#[test]
fn a_long_name_around_many_items_is_read_once() {
    let name = "n".repeat(100_000);
    let items = "<Plain><x><Name>a</Name></x></Plain>".repeat(1_000);
    let xml = format!("<{name}>{items}</{name}>");
    assert_eq!(from_xml::<Tree>(xml.as_bytes()).unwrap().value.plain.len(), 1_000);
    assert!(reads_per_byte(&xml) <= 2.5);
}

#[test]
fn every_byte_is_counted() {
    for xml in ["<R><Plain><Name>a</Name></Plain></R>", "<R><x><y>1</y></x></R>", "<R/>"] {
        assert!(reads_per_byte(xml) >= 1.0, "{xml}");
    }
    // Also those that are only read to find out what an element contains.
    assert!(reads_per_byte("<R><Plain><x><Name>a</Name></x></Plain></R>") > 1.1);
}

fn documents() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(shapes()).prop_map(|(before, after)| before + &after);
    leaf.prop_recursive(30, 300, 6, |inner| {
        let content = prop::collection::vec(inner, 0..6);
        (prop::sample::select(shapes()), content, 1_usize..4, any::<bool>()).prop_map(
            |((before, after), content, times, is_tail)| {
                let content = content.concat().repeat(times);
                match is_tail {
                    true => format!("{before}{content}{after}"),
                    false => format!("{before}{after}{content}"),
                }
            },
        )
    })
}

proptest! {
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]

    #[test]
    fn twice_the_text_is_at_most_twice_the_cost(document in documents(), wrapper in prop_oneof!["Plain", "Wrapped", "x"]) {
        let xml = |times: usize| {
            format!("<R><{wrapper}>{}</{wrapper}></R>", document.repeat(times))
        };
        for times in [1, 2, 4, 8] {
            assert!(reads_per_byte(&xml(times)) <= 4.5);
        }
    }
}
