//! The human decisions on top of a description, each with its reason.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::diagnostics::{Diagnostics, Failure};

/// An overlay file, and which of its entries were used.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    file: PathBuf,
    text: String,
    document: Document,
    by_place: BTreeMap<String, usize>,
    used: RefCell<BTreeSet<(usize, &'static str)>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    product: Option<ProductFix>,
    operations: Option<Chosen>,
    #[serde(default)]
    fix: Vec<Spanned<Fix>>,
}

/// Corrections to the product as a whole.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductFix {
    /// What people call the product.
    pub(crate) title: Option<String>,
    /// The endpoint of a client without a region.
    pub(crate) endpoint: Option<String>,
    #[serde(rename = "why")]
    _why: String,
}

/// The operations to generate, where not all are wanted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    only: Vec<String>,
    #[serde(rename = "why")]
    _why: String,
}

/// One decision about one place.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fix {
    at: String,
    #[serde(rename = "why")]
    _why: String,
    idempotent: Option<bool>,
    rate_limit: Option<u32>,
    retention_days: Option<u32>,
    rename: Option<String>,
    list: Option<ListStyle>,
    items: Option<(usize, usize)>,
    location: Option<LocationFix>,
    json: Option<String>,
    pages: Option<bool>,
    waiter: Option<WaiterFix>,
    name: Option<String>,
    r#type: Option<TypeFix>,
    #[serde(rename = "enum")]
    values: Option<EnumFix>,
}

/// How to wait for things that an operation describes by their ids. Names are those on the wire.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaiterFix {
    /// The method of the client.
    pub(crate) method: String,
    /// The parameter that takes a list of ids.
    pub(crate) ids: String,
    /// The list of the response.
    pub(crate) items: String,
    /// What of an item is its id, its state, and what to say of a failure.
    pub(crate) id: String,
    pub(crate) state: String,
    pub(crate) detail: Option<String>,
    /// States that are final, compared without case.
    pub(crate) success: Vec<String>,
    pub(crate) failure: Vec<String>,
}

/// What joins the items of a list that the description calls text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ListStyle {
    Comma,
    Lines,
    Json,
}

/// Another place for a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LocationFix {
    Query,
    Form,
}

/// What a text can be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TypeFix {
    Timestamp,
    Percent,
    Integer,
    List,
}

/// The values of a text that the description enumerates in prose.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnumFix {
    pub(crate) name: String,
    /// Not given where another entry gives them to the same name.
    #[serde(default)]
    pub(crate) values: Vec<ValueFix>,
}

/// One value of an enum.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ValueFix {
    pub(crate) value: String,
    pub(crate) doc: String,
}

impl Overlay {
    /// Reads an overlay file; `None` is an overlay without entries.
    pub(crate) fn read(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Overlay::default()) };
        let text = fs::read_to_string(path).map_err(|error| {
            Failure::new(format!("error: {}: cannot be read: {error}", path.display()))
        })?;
        Overlay::parse(path, text)
    }

    pub(crate) fn parse(path: &Path, text: String) -> Result<Self, Failure> {
        let document: Document = toml::from_str(&text).map_err(|error| {
            Failure::new(format!(
                "error: {}: not an overlay: {}",
                path.display(),
                error.to_string().trim_end()
            ))
        })?;
        let mut by_place = BTreeMap::new();
        for (index, fix) in document.fix.iter().enumerate() {
            let place = fix.get_ref().at.clone();
            if by_place.insert(place.clone(), index).is_some() {
                let line = line_of(&text, fix.span().start);
                return Err(Failure::new(format!(
                    "error: {}:{line}: a second entry for `{place}`: put both decisions into one entry",
                    path.display()
                )));
            }
        }
        Ok(Overlay { file: path.to_owned(), text, document, by_place, used: RefCell::default() })
    }

    pub(crate) fn product(&self) -> ProductFix {
        self.document.product.clone().unwrap_or_default()
    }

    /// The operations to generate; `None` means all.
    pub(crate) fn only(&self) -> Option<&[String]> {
        self.document.operations.as_ref().map(|chosen| chosen.only.as_slice())
    }

    pub(crate) fn idempotent(&self, place: &str) -> Option<bool> {
        self.take(place, "idempotent", |fix| fix.idempotent)
    }

    pub(crate) fn rate_limit(&self, place: &str) -> Option<u32> {
        self.take(place, "rate_limit", |fix| fix.rate_limit)
    }

    pub(crate) fn retention_days(&self, place: &str) -> Option<u32> {
        self.take(place, "retention_days", |fix| fix.retention_days)
    }

    pub(crate) fn rename(&self, place: &str) -> Option<String> {
        self.take(place, "rename", |fix| fix.rename.clone())
    }

    pub(crate) fn list(&self, place: &str) -> Option<ListStyle> {
        self.take(place, "list", |fix| fix.list)
    }

    pub(crate) fn items(&self, place: &str) -> Option<(usize, usize)> {
        self.take(place, "items", |fix| fix.items)
    }

    pub(crate) fn location(&self, place: &str) -> Option<LocationFix> {
        self.take(place, "location", |fix| fix.location)
    }

    pub(crate) fn waiter(&self, place: &str) -> Option<WaiterFix> {
        self.take(place, "waiter", |fix| fix.waiter.clone())
    }

    /// Whether a response comes in pages, where the description is taken for it or is not.
    pub(crate) fn pages(&self, place: &str) -> Option<bool> {
        self.take(place, "pages", |fix| fix.pages)
    }

    pub(crate) fn name(&self, place: &str) -> Option<String> {
        self.take(place, "name", |fix| fix.name.clone())
    }

    pub(crate) fn r#type(&self, place: &str) -> Option<TypeFix> {
        self.take(place, "type", |fix| fix.r#type)
    }

    /// The enum at a place; its values may stand with another place of the same enum.
    pub(crate) fn values(&self, place: &str) -> Option<EnumFix> {
        let fix = self.take(place, "enum", |fix| fix.values.clone())?;
        let given = |fix: &Fix| fix.values.clone().filter(|values| !values.values.is_empty());
        let mut elsewhere = self.document.fix.iter().filter_map(|one| given(one.get_ref()));
        if fix.values.is_empty() {
            return Some(elsewhere.find(|other| other.name == fix.name).unwrap_or(fix));
        }
        Some(fix)
    }

    /// The type of the value that a text holds as JSON, such as `map<list<text>>`.
    pub(crate) fn json(&self, place: &str) -> Option<String> {
        self.take(place, "json", |fix| fix.json.clone())
    }

    fn take<T>(&self, place: &str, key: &'static str, of: impl Fn(&Fix) -> Option<T>) -> Option<T> {
        let index = *self.by_place.get(place)?;
        let value = of(self.document.fix.get(index)?.get_ref())?;
        self.used.borrow_mut().insert((index, key));
        Some(value)
    }

    /// Reports every entry, and every key of an entry, that nothing asked for.
    pub(crate) fn report_unused(&self, diagnostics: &mut Diagnostics) {
        let used = self.used.borrow();
        for (index, spanned) in self.document.fix.iter().enumerate() {
            let fix = spanned.get_ref();
            let keys = [
                ("idempotent", fix.idempotent.is_some()),
                ("rate_limit", fix.rate_limit.is_some()),
                ("retention_days", fix.retention_days.is_some()),
                ("rename", fix.rename.is_some()),
                ("list", fix.list.is_some()),
                ("items", fix.items.is_some()),
                ("location", fix.location.is_some()),
                ("json", fix.json.is_some()),
                ("pages", fix.pages.is_some()),
                ("waiter", fix.waiter.is_some()),
                ("name", fix.name.is_some()),
                ("type", fix.r#type.is_some()),
                ("enum", fix.values.is_some()),
            ];
            let unused: Vec<&str> = keys
                .into_iter()
                .filter(|(key, set)| *set && !used.contains(&(index, key)))
                .map(|(key, _)| key)
                .collect();
            let any = keys.into_iter().any(|(_, set)| set);
            if unused.is_empty() && any {
                continue;
            }
            let line = line_of(&self.text, spanned.span().start);
            let what = match any {
                true => format!("the entry for `{}` has no effect ({})", fix.at, unused.join(", ")),
                false => format!("the entry for `{}` decides nothing", fix.at),
            };
            diagnostics.error_in(
                &self.file,
                format!("line {line}"),
                what,
                "no such place in the description, or the key does not apply to it: correct `at` or remove the entry",
            );
        }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
