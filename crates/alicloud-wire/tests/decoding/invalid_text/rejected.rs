//! Invalid text that is an error: broken structure, other encodings and NUL characters between tokens.

use alicloud_wire::{Value, from_json, from_xml};

use super::Task;

#[test]
fn broken_structure_is_an_error() {
    for text in [
        &b"{\"Name\": \"\xFF\""[..],
        b"{\"Name\": \"\xFF}",
        b"{\"Name\" \"\xFF\"}",
        b"{\"Name\": 1e999, }",
        b"{\xFF}",
        b"{} \xFF",
        b"{\"Size\": 1e999e9}",
        b"\xFF\xFE{\0}\0",
    ] {
        let error = from_json::<Task>(text).unwrap_err().to_string();
        assert!(error.starts_with("cannot decode the response as JSON: "), "{error}");
    }
    for text in
        [&b"<R><Name>\xFF</R>"[..], b"<R><Name>&#0;</R>", b"<R>\xFF", b"\0", b"<R><Name\xFF"]
    {
        assert!(from_xml::<Task>(text).is_err());
    }
}

/// Encodes ASCII with NUL bytes before and after each character.
fn widen(text: &str, before: usize, after: usize) -> Vec<u8> {
    let wide = |byte: u8| [vec![0; before], vec![byte], vec![0; after]].concat();
    text.bytes().flat_map(wide).collect()
}

#[test]
fn documents_in_utf_16_and_utf_32_are_errors() {
    for (before, after) in [(0, 1), (1, 0), (0, 3), (3, 0)] {
        for text in [r#"{"Name": "a", "Size": 1}"#, r#" {"Other": {}}"#, "[1]", "{}"] {
            let text = widen(text, before, after);
            assert!(from_json::<Task>(&text).is_err(), "{before} {after}");
            assert!(from_json::<Value>(&text).is_err(), "{before} {after}");
        }
        for text in ["<R><Size>1</Size></R>", "<?xml version='1.0'?><R/>", "<Size>1</Size>"] {
            let text = widen(text, before, after);
            assert!(from_xml::<Task>(&text).is_err(), "{before} {after}");
            assert!(from_xml::<Value>(&text).is_err(), "{before} {after}");
        }
    }
}

#[test]
fn nul_characters_between_tokens_are_errors() {
    for text in ["{\0\"Size\": 1}", "{\"Size\"\0: 1}", "{\"Size\": 1\0}", "{\"Size\": \0 1}"] {
        assert!(from_json::<Task>(text.as_bytes()).is_err(), "{text:?}");
    }
    for text in [
        "<R>\0<Size>1</Size></R>",
        "<R><Size>1</Size>\0</R>",
        "<R><S\0ize>1</S\0ize></R>",
        "<R><New><S\0>1</S\0></New></R>",
        "<R\0><Size>1</Size></R\0>",
        "<R><Labels>\0<a>b</a></Labels></R>",
        "<R><Ids><a>b</a>\0</Ids></R>",
        "<R><Tasks>\0<Task><Size>1</Size></Task></Tasks></R>",
        "<R/>\0<!-- c -->",
    ] {
        assert!(from_xml::<Task>(text.as_bytes()).is_err(), "{text:?}");
    }
}
