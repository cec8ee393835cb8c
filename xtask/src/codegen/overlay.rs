//! Overlays: decisions on top of a description, each with its reason.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::diagnostics::{CommandError, Diagnostics};

/// An overlay file, with a record of the entries that had an effect.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    file: PathBuf,
    text: String,
    document: Document,
    /// The index of the entry for each `at`.
    index_by_selector: BTreeMap<String, usize>,
    /// Entries and their keys that had an effect.
    used: RefCell<BTreeSet<(usize, &'static str)>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    product: Option<ProductSettings>,
    operations: Option<OperationSelection>,
    #[serde(default, rename = "fix")]
    entries: Vec<Spanned<Entry>>,
}

/// Settings of the product as a whole.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductSettings {
    /// The name that people use.
    pub(crate) title: Option<String>,
    /// The endpoint of clients without a region.
    pub(crate) endpoint: Option<String>,
    /// The version of the generated crates. Each product has its own.
    pub(crate) crate_version: Option<String>,
    /// The operation of the main task, which the front page of the client shows.
    pub(crate) main: Option<String>,
    #[serde(rename = "why")]
    _why: String,
}

/// The operations to generate, if not all.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct OperationSelection {
    only: Vec<String>,
    #[serde(rename = "why")]
    _why: String,
}

/// The decisions about one element of the description.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    at: String,
    #[serde(rename = "why")]
    _why: String,
    idempotent: Option<bool>,
    rate_limit: Option<u32>,
    retention_days: Option<u32>,
    rename: Option<String>,
    list: Option<ListStyle>,
    items: Option<(usize, usize)>,
    location: Option<LocationSetting>,
    json: Option<String>,
    pages: Option<PagesSetting>,
    arguments: Option<Vec<String>>,
    waiters: Option<Vec<WaiterSettings>>,
    name: Option<String>,
    r#type: Option<TypeSetting>,
    #[serde(rename = "enum")]
    values: Option<EnumSettings>,
}

/// How to poll the states of resources by their ids. All names are those on the wire; those of response
/// fields can be paths, `Data.Items`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaiterSettings {
    /// The method of the client.
    pub(crate) method: String,
    /// The parameter that takes a list of ids.
    pub(crate) ids: String,
    /// Other parameters and their values.
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, Constant>,
    /// The list of the response.
    pub(crate) items: String,
    /// The fields of an item: its id, its state, and the explanation of a failure.
    pub(crate) id: String,
    pub(crate) state: String,
    pub(crate) detail: Option<String>,
    /// Final states, compared case-insensitively.
    #[serde(default)]
    pub(crate) success: Vec<String>,
    #[serde(default)]
    pub(crate) failure: Vec<String>,
    /// Whether an id that is not listed has reached the target.
    #[serde(default)]
    pub(crate) absence_is_success: bool,
}

/// The value of a parameter that is always the same.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Constant {
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    Texts(Vec<String>),
}

/// Whether the responses of an operation are pages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum PagesSetting {
    /// They are pages if the generator recognizes them, or certainly not.
    Recognize(bool),
    /// They are pages, and this list has the items: its names on the wire, `Data.Items`.
    List(String),
}

/// The style of a list that the description declares as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ListStyle {
    Comma,
    Lines,
    Json,
}

/// A location of a parameter that differs from the description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LocationSetting {
    Query,
    Form,
}

/// The type of a value that the description declares as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TypeSetting {
    Timestamp,
    Percent,
    Integer,
    Secret,
    /// Text, although its name or its example suggests another type.
    Text,
    /// Items joined with commas.
    List,
}

/// An enum whose values the description lists in prose only.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnumSettings {
    pub(crate) name: String,
    /// Empty if another entry has the values of the enum of this name.
    #[serde(default)]
    pub(crate) values: Vec<EnumValue>,
    /// Names of methods, and the values for which they return true. Next to the values.
    #[serde(default)]
    pub(crate) predicates: BTreeMap<String, Vec<String>>,
}

/// A value of an enum.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnumValue {
    pub(crate) value: String,
    pub(crate) doc: String,
}

impl Overlay {
    /// Reads an overlay file; `None` means an overlay without entries.
    pub(crate) fn read(path: Option<&Path>) -> Result<Self, CommandError> {
        let Some(path) = path else { return Ok(Overlay::default()) };
        let text = fs::read_to_string(path).map_err(|error| {
            CommandError::new(format!("error: {}: cannot be read: {error}", path.display()))
        })?;
        Overlay::parse(path, text)
    }

    pub(crate) fn parse(path: &Path, text: String) -> Result<Self, CommandError> {
        let document: Document = toml::from_str(&text).map_err(|error| {
            CommandError::new(format!(
                "error: {}: invalid overlay: {}",
                path.display(),
                error.to_string().trim_end()
            ))
        })?;
        let mut index_by_selector = BTreeMap::new();
        for (index, entry) in document.entries.iter().enumerate() {
            let selector = entry.get_ref().at.clone();
            if index_by_selector.insert(selector.clone(), index).is_some() {
                let line = line_number(&text, entry.span().start);
                return Err(CommandError::new(format!(
                    "error: {}:{line}: duplicate entry for `{selector}`: merge it into the first one",
                    path.display()
                )));
            }
        }
        Ok(Overlay {
            file: path.to_owned(),
            text,
            document,
            index_by_selector,
            used: RefCell::default(),
        })
    }

    /// Returns the path of the file, for messages.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    pub(crate) fn product(&self) -> ProductSettings {
        self.document.product.clone().unwrap_or_default()
    }

    /// Returns the operations to generate; `None` means all.
    pub(crate) fn only(&self) -> Option<&[String]> {
        self.document.operations.as_ref().map(|selection| selection.only.as_slice())
    }

    pub(crate) fn idempotent(&self, selector: &str) -> Option<bool> {
        self.lookup(selector, "idempotent", |entry| entry.idempotent)
    }

    pub(crate) fn rate_limit(&self, selector: &str) -> Option<u32> {
        self.lookup(selector, "rate_limit", |entry| entry.rate_limit)
    }

    pub(crate) fn retention_days(&self, selector: &str) -> Option<u32> {
        self.lookup(selector, "retention_days", |entry| entry.retention_days)
    }

    pub(crate) fn rename(&self, selector: &str) -> Option<String> {
        self.lookup(selector, "rename", |entry| entry.rename.clone())
    }

    pub(crate) fn list(&self, selector: &str) -> Option<ListStyle> {
        self.lookup(selector, "list", |entry| entry.list)
    }

    pub(crate) fn items(&self, selector: &str) -> Option<(usize, usize)> {
        self.lookup(selector, "items", |entry| entry.items)
    }

    pub(crate) fn location(&self, selector: &str) -> Option<LocationSetting> {
        self.lookup(selector, "location", |entry| entry.location)
    }

    pub(crate) fn waiters(&self, selector: &str) -> Option<Vec<WaiterSettings>> {
        self.lookup(selector, "waiters", |entry| entry.waiters.clone())
    }

    /// Returns whether responses are paged or which list has the items, if the overlay decides that.
    pub(crate) fn pages(&self, selector: &str) -> Option<PagesSetting> {
        self.lookup(selector, "pages", |entry| entry.pages.clone())
    }

    /// Returns the required parameters that are arguments of `new`, by their names on the wire.
    pub(crate) fn arguments(&self, selector: &str) -> Option<Vec<String>> {
        self.lookup(selector, "arguments", |entry| entry.arguments.clone())
    }

    pub(crate) fn name(&self, selector: &str) -> Option<String> {
        self.lookup(selector, "name", |entry| entry.name.clone())
    }

    /// Returns the type of a text.
    pub(crate) fn r#type(&self, selector: &str) -> Option<TypeSetting> {
        let is_of_text = |setting: &TypeSetting| *setting != TypeSetting::List;
        self.lookup(selector, "type", |entry| entry.r#type.filter(is_of_text))
    }

    /// Returns whether a text field of a response is a list.
    pub(crate) fn is_list(&self, selector: &str) -> bool {
        let list = |entry: &Entry| entry.r#type.filter(|setting| *setting == TypeSetting::List);
        self.lookup(selector, "type", list).is_some()
    }

    /// Returns the enum of an element. Its values may be in another entry for the same enum.
    pub(crate) fn values(&self, selector: &str) -> Option<EnumSettings> {
        let settings = self.lookup(selector, "enum", |entry| entry.values.clone())?;
        if !settings.values.is_empty() {
            return Some(settings);
        }
        let mut enums =
            self.document.entries.iter().filter_map(|entry| entry.get_ref().values.clone());
        let with_values =
            enums.find(|other| other.name == settings.name && !other.values.is_empty());
        Some(with_values.unwrap_or(settings))
    }

    /// Returns the type of a value that is sent as JSON in a text, such as `map<list<text>>`.
    pub(crate) fn json(&self, selector: &str) -> Option<String> {
        self.lookup(selector, "json", |entry| entry.json.clone())
    }

    /// Returns one key of the entry for an element, and records that it had an effect.
    fn lookup<T>(
        &self,
        selector: &str,
        key: &'static str,
        get: impl Fn(&Entry) -> Option<T>,
    ) -> Option<T> {
        let index = *self.index_by_selector.get(selector)?;
        let value = get(self.document.entries.get(index)?.get_ref())?;
        self.used.borrow_mut().insert((index, key));
        Some(value)
    }

    /// Reports every entry, and every key of an entry, that had no effect.
    pub(crate) fn report_unused(&self, diagnostics: &mut Diagnostics) {
        let used = self.used.borrow();
        for (index, spanned) in self.document.entries.iter().enumerate() {
            let entry = spanned.get_ref();
            let keys = [
                ("idempotent", entry.idempotent.is_some()),
                ("rate_limit", entry.rate_limit.is_some()),
                ("retention_days", entry.retention_days.is_some()),
                ("rename", entry.rename.is_some()),
                ("list", entry.list.is_some()),
                ("items", entry.items.is_some()),
                ("location", entry.location.is_some()),
                ("json", entry.json.is_some()),
                ("pages", entry.pages.is_some()),
                ("arguments", entry.arguments.is_some()),
                ("waiters", entry.waiters.is_some()),
                ("name", entry.name.is_some()),
                ("type", entry.r#type.is_some()),
                ("enum", entry.values.is_some()),
            ];
            let unused: Vec<&str> = keys
                .into_iter()
                .filter(|(key, set)| *set && !used.contains(&(index, key)))
                .map(|(key, _)| key)
                .collect();
            let has_keys = keys.into_iter().any(|(_, set)| set);
            if unused.is_empty() && has_keys {
                continue;
            }
            let line = line_number(&self.text, spanned.span().start);
            let what = match has_keys {
                true => {
                    format!("the entry for `{}` has no effect ({})", entry.at, unused.join(", "))
                }
                false => format!("the entry for `{}` has no keys", entry.at),
            };
            diagnostics.error_in(
                &self.file,
                format!("line {line}"),
                what,
                "the description has no such element, or the key does not apply to it: correct `at` or remove the entry",
            );
        }
    }
}

fn line_number(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
