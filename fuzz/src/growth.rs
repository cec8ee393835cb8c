//! Texts of a shape in two sizes, to measure how the time of decoding grows.

use crate::runtime::Choices;

/// Names of fields that the types have, in which most of the work is done.
const NAMES: &[&str] = &[
    "Children",
    "Wrapped",
    "Item",
    "Names",
    "Matrix",
    "Labels",
    "Groups",
    "Left",
    "Any",
    "Bytes",
    "Secret",
    "Total",
    "Tasks",
    "CDNTask",
    "Maps",
    "Deep",
    "Plain",
    "Loop",
    "SubQueries",
    "Items",
];

/// Approximate maximum length of the larger text in bytes, so that a measurement takes milliseconds.
const MAX_LENGTH: usize = 64 << 10;

/// A list of equal items in a field.
pub struct Shape {
    pub selector: usize,
    field: String,
    wrapper: Option<String>,
    value: u8,
    items: usize,
    text: usize,
    depth: usize,
    /// Which of the numbers grows: the items, the length of a text, or the length of the name.
    grows: u8,
    is_nested: bool,
}

impl Shape {
    pub fn new(data: &[u8]) -> Self {
        let mut choices = Choices(data);
        let mut name = |is_long: bool| match choices.byte() {
            byte if is_long => "N".repeat(1 + 8 * usize::from(byte)),
            byte => NAMES[usize::from(byte) % NAMES.len()].to_owned(),
        };
        let (field, wrapper) = (name(false), name(false));
        let long = name(true);
        let flags = choices.byte();
        let field = if flags & 1 == 0 { field } else { long };
        let selector = usize::from(choices.byte());
        let value = choices.byte() % 6;
        let items = 1 + usize::from(choices.byte());
        let text = usize::from(choices.byte());
        let max_items = MAX_LENGTH / 8 / (4 * field.len() + 6 * text + 60);
        Shape {
            selector,
            field,
            wrapper: (flags & 2 != 0).then_some(wrapper),
            value,
            items: items.min(max_items.max(1)),
            text,
            depth: 1 + usize::from(choices.byte()) % 30,
            // A known name must not become an unknown one.
            grows: choices.byte() % if flags & 1 == 0 { 2 } else { 3 },
            is_nested: flags & 4 != 0,
        }
    }

    /// Returns name, items and text of a size.
    fn scaled(&self, scale: usize) -> (String, usize, String) {
        let times = |is_grown| if is_grown { scale } else { 1 };
        let name = self.field.repeat(times(self.grows == 2));
        (name, self.items * times(self.grows == 0), "1".repeat(self.text * times(self.grows == 1)))
    }

    pub fn json(&self, scale: usize) -> Vec<u8> {
        let (name, items, text) = self.scaled(scale);
        let deep = || format!("{}{}", "[".repeat(self.depth), "]".repeat(self.depth));
        let value = match self.value {
            0 => format!("\"{text}\""),
            1 => format!("{{\"{name}\":\"{text}\"}}"),
            2 => format!("[{text}]").replace("[]", "[1]"),
            3 => deep(),
            4 => format!("\"{}\"", "\\u0041".repeat(text.len())),
            _ => "{}".to_owned(),
        };
        let list = match self.is_nested {
            true => format!("[{}]", vec![value; items].join(",")),
            false => value,
        };
        let member = match &self.wrapper {
            Some(wrapper) => format!("\"{wrapper}\":{{\"{name}\":{list}}}"),
            None => format!("\"{name}\":{list}"),
        };
        let count = if self.is_nested { 1 } else { items };
        format!("{{{}}}", vec![member; count].join(",")).into_bytes()
    }

    pub fn xml(&self, scale: usize) -> Vec<u8> {
        let (name, items, text) = self.scaled(scale);
        let value = match self.value {
            0 => text,
            1 => format!("<{name}>{text}</{name}>"),
            2 => format!("<a b='{text}'/>"),
            3 => format!("{}{}", "<a>".repeat(self.depth), "</a>".repeat(self.depth)),
            4 => "&#x41;".repeat(text.len()),
            _ => format!("<!--{text}--><![CDATA[{text}]]>"),
        };
        let item = format!("<{name}>{value}</{name}>");
        // Items of one list that others interrupt.
        let separator = if self.is_nested { "<Other/>" } else { "" };
        let list = vec![item; items].join(separator);
        match &self.wrapper {
            Some(wrapper) => format!("<R><{wrapper}>{list}</{wrapper}></R>").into_bytes(),
            None => format!("<R>{list}</R>").into_bytes(),
        }
    }
}
