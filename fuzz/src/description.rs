//! Descriptions and overlays that an input chooses.
//!
//! An input that starts with `{` is a description as it is, and an overlay after the line `---`. Any other is read as
//! choices: operations, parameters, schemas, names, texts and overlay entries.

mod words;

use serde_json::{Map, Value, json};

use crate::runtime::Choices;
pub use words::CANARY;
use words::{EXAMPLES, FORMATS, KINDS, LOCATIONS, NAMES, STYLES, TEXTS};

/// Separates a description from its overlay.
const SEPARATOR: &[u8] = b"\n---\n";

/// Whether texts are as the input chooses them, or all the same.
#[derive(Clone, Copy, PartialEq)]
pub enum Texts {
    AsWritten,
    Plain,
}

pub struct Description {
    pub json: Vec<u8>,
    pub overlay: Option<String>,
    /// Whether only texts, and names with other words, contain [`CANARY`].
    pub has_canaries: bool,
}

impl Description {
    pub fn new(data: &[u8], texts: Texts) -> Self {
        if data.starts_with(b"{") {
            let position = data.windows(SEPARATOR.len()).position(|window| window == SEPARATOR);
            let (json, overlay) = match position {
                Some(position) => (&data[..position], Some(&data[position + SEPARATOR.len()..])),
                None => (data, None),
            };
            let overlay = overlay.map(|text| String::from_utf8_lossy(text).into_owned());
            return Description { json: json.to_vec(), overlay, has_canaries: false };
        }
        let mut builder = Builder { choices: Choices(data), texts, paths: Vec::new() };
        let json = builder.description().to_string().into_bytes();
        let overlay = builder.overlay();
        Description { json, overlay, has_canaries: true }
    }
}

struct Builder<'a> {
    choices: Choices<'a>,
    texts: Texts,
    /// Selectors of what an overlay can change.
    paths: Vec<String>,
}

impl Builder<'_> {
    /// Returns whether an option is chosen that is rare.
    fn rarely(&mut self) -> bool {
        self.choices.byte() >= 0xd0
    }

    fn name(&mut self) -> String {
        match self.choices.byte() {
            byte @ ..0xf0 => NAMES[usize::from(byte) % NAMES.len()].to_owned(),
            byte => {
                let bytes = self.choices.bytes(usize::from(byte & 15));
                String::from_utf8_lossy(bytes).replace(CANARY, "")
            }
        }
    }

    fn text(&mut self) -> String {
        let text = match self.choices.byte() {
            byte @ ..0xf0 => TEXTS[usize::from(byte) % TEXTS.len()].to_owned(),
            byte => {
                String::from_utf8_lossy(self.choices.bytes(2 * usize::from(byte & 15))).into_owned()
            }
        };
        match self.texts {
            Texts::AsWritten => text,
            Texts::Plain if text.trim().is_empty() => text,
            Texts::Plain => "x".to_owned(),
        }
    }

    fn description(&mut self) -> Value {
        let style = self.choices.one_of(&["RPC", "ROA", "RPC", "zqx"]);
        let mut apis = Map::new();
        for _ in 0..1 + self.choices.byte() % 3 {
            let name = self.name();
            let operation = self.operation(&name);
            apis.insert(name, operation);
        }
        let mut schemas = Map::new();
        for _ in 0..self.choices.byte() % 3 {
            let name = self.name();
            let schema = self.schema(2, &format!("#{name}"));
            schemas.insert(name, schema);
        }
        let children: Vec<String> = apis.keys().cloned().collect();
        let directory = json!({"title": self.text(), "type": "directory", "children": children});
        let product = if self.rarely() { self.name() } else { "Fuzz".to_owned() };
        let region = if self.rarely() { self.name() } else { "a-1".to_owned() };
        json!({
            "version": "1.0",
            "info": {"style": style, "product": product, "version": "2026-01-01"},
            "directories": [directory],
            "components": {"schemas": schemas},
            "apis": apis,
            "endpoints": [{"regionId": region, "endpoint": "fuzz.aliyuncs.com"}],
        })
    }

    fn operation(&mut self, name: &str) -> Value {
        self.paths.push(name.to_owned());
        let flags = self.choices.byte();
        let mut parameters = Vec::new();
        for _ in 0..self.choices.byte() % 5 {
            let parameter = self.name();
            let schema = self.schema(2, &format!("{name}?{parameter}"));
            let mut value = json!({
                "name": parameter,
                "in": self.choices.one_of(LOCATIONS),
                "schema": schema,
            });
            if self.rarely() {
                value["style"] = self.choices.one_of(STYLES).into();
            }
            parameters.push(value);
        }
        let path = format!("/a/[{}]", self.name());
        json!({
            "title": self.text(),
            "summary": self.text(),
            "description": self.text(),
            "methods": [self.choices.one_of(&["post", "get", "put", "delete", "zqx"])],
            "path": path,
            "security": [if flags & 1 == 0 { json!({"AK": []}) } else { json!({"Anonymous": []}) }],
            "operationType": if flags & 2 == 0 { "read" } else { "readAndWrite" },
            "deprecated": flags & 4 != 0,
            "parameters": parameters,
            "responses": {"200": {"schema": self.schema(3, &format!("{name}!"))}},
            "errorCodes": {"400": [{"errorCode": self.name(), "errorMessage": self.text()}]},
        })
    }

    fn schema(&mut self, depth: u8, selector: &str) -> Value {
        self.paths.push(selector.to_owned());
        if self.rarely() {
            return json!({"$ref": format!("#/components/schemas/{}", self.name())});
        }
        let kind = match depth {
            0 => self.choices.one_of(&KINDS[..4]),
            // A response is an object in most cases.
            3 if !self.rarely() => "object",
            _ => self.choices.one_of(KINDS),
        };
        let flags = self.choices.byte();
        let mut schema = json!({"type": kind, "title": self.text(), "description": self.text()});
        if flags & 1 != 0 {
            schema["required"] = true.into();
        }
        if flags & 2 != 0 {
            schema["format"] = self.choices.one_of(FORMATS).into();
        }
        if flags & 4 != 0 {
            schema["example"] = self.choices.one_of(EXAMPLES).into();
        }
        if flags & 8 != 0 && depth < 3 {
            let values = [self.name(), self.name()];
            schema["enumValueTitles"] = json!({values[0].clone(): self.text()});
            schema["enum"] = json!(values);
        }
        if flags & 16 != 0 {
            schema["default"] = self.choices.one_of(EXAMPLES).into();
            schema["deprecated"] = true.into();
        }
        let child = |name: &str| match selector.ends_with('!') {
            true => format!("{selector}{name}"),
            false => format!("{selector}.{name}"),
        };
        match kind {
            "array" => schema["items"] = self.schema(depth - 1, &format!("{selector}[]")),
            "object" if flags & 32 != 0 && depth < 3 => {
                schema["additionalProperties"] = self.schema(depth - 1, &format!("{selector}{{}}"));
            }
            "object" => {
                let mut properties = Map::new();
                for _ in 0..self.choices.byte() % 5 {
                    let name = self.name();
                    let property = self.schema(depth - 1, &child(&name));
                    properties.insert(name, property);
                }
                schema["properties"] = properties.into();
            }
            _ => {}
        }
        schema
    }

    /// Returns an overlay with entries for what the description has, in about half of the cases.
    fn overlay(&mut self) -> Option<String> {
        let count = self.choices.byte() % 8;
        if count > 4 || self.paths.is_empty() {
            return None;
        }
        let mut entries = toml::value::Array::new();
        for _ in 0..count {
            let at = self.paths[usize::from(self.choices.byte()) % self.paths.len()].clone();
            let mut entry = toml::Table::new();
            entry.insert("at".to_owned(), at.into());
            entry.insert("why".to_owned(), self.text().into());
            let (key, value) = self.fix();
            entry.insert(key.to_owned(), value);
            entries.push(entry.into());
        }
        let mut product = toml::Table::new();
        product.insert("title".to_owned(), self.text().into());
        product.insert("why".to_owned(), "x".into());
        if self.rarely() {
            product.insert("endpoint".to_owned(), self.name().into());
        }
        if self.rarely() {
            product.insert("main".to_owned(), self.paths[0].clone().into());
        }
        let mut document = toml::Table::new();
        document.insert("product".to_owned(), product.into());
        document.insert("fix".to_owned(), entries.into());
        toml::to_string(&document).ok()
    }

    fn fix(&mut self) -> (&'static str, toml::Value) {
        let strings = |names: &[String]| toml::Value::try_from(names).expect("a list of texts");
        match self.choices.byte() % 14 {
            0 => ("idempotent", (self.choices.byte() & 1 == 0).into()),
            1 => ("rate_limit", i64::from(self.choices.byte()).into()),
            2 => ("retention_days", i64::from(self.choices.byte()).into()),
            3 => ("rename", self.name().into()),
            4 => ("list", self.choices.one_of(&["comma", "lines", "json"]).into()),
            5 => {
                ("items", toml::Value::Array(vec![1.into(), i64::from(self.choices.byte()).into()]))
            }
            6 => ("location", self.choices.one_of(&["query", "form"]).into()),
            7 => ("json", self.choices.one_of(&["map<list<text>>", "list<integer>", "zqx"]).into()),
            8 => match self.choices.byte() & 1 {
                0 => ("pages", true.into()),
                _ => ("pages", self.name().into()),
            },
            9 => ("arguments", strings(&[self.name()])),
            10 => ("name", self.name().into()),
            11 => {
                let types = ["timestamp", "percent", "integer", "secret", "text", "list"];
                ("type", self.choices.one_of(&types).into())
            }
            12 => {
                let mut value = toml::Table::new();
                value.insert("value".to_owned(), self.name().into());
                value.insert("doc".to_owned(), self.text().into());
                let mut values = toml::Table::new();
                values.insert("name".to_owned(), self.name().into());
                values.insert("values".to_owned(), toml::Value::Array(vec![value.into()]));
                ("enum", values.into())
            }
            _ => {
                let mut waiter = toml::Table::new();
                for key in ["method", "ids", "items", "id", "state"] {
                    waiter.insert(key.to_owned(), self.name().into());
                }
                let success = strings(&[self.name(), self.name()]);
                waiter.insert("success".to_owned(), success);
                ("waiters", toml::Value::Array(vec![waiter.into()]))
            }
        }
    }
}
