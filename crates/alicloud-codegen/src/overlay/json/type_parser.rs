//! Parses types such as `map<list<text>>` and `list<{name: text, weight: integer}>`.

use crate::spec::Schema;

/// Maximum types inside of each other.
const MAX_DEPTH: usize = 16;

/// Parses a type, or returns where the text is wrong and why.
pub(super) fn parse(text: &str) -> Result<Schema, String> {
    let mut parser = Parser { text, rest: text };
    let schema = parser.parse_type(0)?;
    match parser.rest.trim_start() {
        "" => Ok(schema),
        rest => {
            parser.rest = rest;
            Err(format!("the type ends before {}", parser.position()))
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    rest: &'t str,
}

impl Parser<'_> {
    /// Returns the place of the rest, counted from 1.
    fn position(&self) -> String {
        let start = self.text.len() - self.rest.trim_start().len();
        let before = self.text.get(..start).unwrap_or_default();
        format!("character {}", before.chars().count() + 1)
    }

    /// Parses the type at the start of the rest, and removes it.
    fn parse_type(&mut self, depth: usize) -> Result<Schema, String> {
        let position = self.position();
        if depth > MAX_DEPTH {
            return Err(format!(
                "{position} begins more than {MAX_DEPTH} types inside of each other"
            ));
        }
        if self.take("{") {
            return self.parse_fields(depth);
        }
        let Some(word) = self.take_word() else {
            return Err(format!("a type is missing at {position}"));
        };
        match word.as_str() {
            "text" => Ok(of_kind("string")),
            "integer" | "number" | "boolean" | "any" => Ok(of_kind(&word)),
            "list" | "map" => {
                self.expect("<")?;
                let inner = Some(Box::new(self.parse_type(depth + 1)?));
                self.expect(">")?;
                Ok(match word.as_str() {
                    "list" => Schema { items: inner, ..of_kind("array") },
                    _ => Schema { additional: inner, ..of_kind("object") },
                })
            }
            _ => Err(format!("{} at {position} is none of them", shortened(&word))),
        }
    }

    /// Parses the fields of an object up to its end.
    fn parse_fields(&mut self, depth: usize) -> Result<Schema, String> {
        let mut schema = of_kind("object");
        loop {
            let position = self.position();
            let Some(name) = self.take_word() else {
                return Err(format!("the name of a field is missing at {position}"));
            };
            if !name.chars().any(char::is_alphanumeric) {
                return Err(format!("{name:?} at {position} is no name of a field"));
            }
            if schema.properties.iter().any(|(other, _)| *other == name) {
                let name = shortened(&name);
                return Err(format!("a second field {name} is at {position}"));
            }
            self.expect(":")?;
            schema.properties.push((name, self.parse_type(depth + 1)?));
            if self.take("}") {
                return Ok(schema);
            }
            if !self.take(",") {
                return Err(format!("`,` or `}}` is missing at {}", self.position()));
            }
        }
    }

    /// Removes a mark from the start of the rest; returns whether it was there.
    fn take(&mut self, mark: &str) -> bool {
        let stripped = self.rest.trim_start().strip_prefix(mark);
        self.rest = stripped.unwrap_or(self.rest);
        stripped.is_some()
    }

    fn expect(&mut self, mark: &str) -> Result<(), String> {
        match self.take(mark) {
            true => Ok(()),
            false => Err(format!("`{mark}` is missing at {}", self.position())),
        }
    }

    /// Removes a word from the start of the rest.
    fn take_word(&mut self) -> Option<String> {
        let text = self.rest.trim_start();
        let is_part = |character: char| character.is_alphanumeric() || "_-.".contains(character);
        let end = text.find(|character| !is_part(character)).unwrap_or(text.len());
        let (word, after) = text.split_at(end);
        self.rest = after;
        (!word.is_empty()).then(|| word.to_owned())
    }
}

fn of_kind(kind: &str) -> Schema {
    Schema { kind: kind.to_owned(), ..Schema::default() }
}

/// Returns a text in quotation marks, or its start.
pub(super) fn shortened(text: &str) -> String {
    const MAX_CHARS: usize = 80;
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}
