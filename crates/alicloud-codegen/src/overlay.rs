//! Overlays: decisions on top of a description, each with its reason.

mod check;
mod json;
mod modules;
mod settings;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use alicloud_wire::printable::printable;
use serde::Deserialize;
use toml::Spanned;

pub use modules::Module;
pub use settings::Constant;
use settings::{Entry, GroupTable, OperationSelection};
pub(crate) use settings::{
    EnumSettings, GroupSettings, ListStyle, LocationSetting, PagesSetting, ProductSettings,
    TypeSetting, WaiterSettings,
};

use super::diagnostics::{CommandError, Diagnostics, line_number};
use super::documentation::PublishedSentences;
use super::files::{io_error, utf8};

/// An overlay file, with a record of the entries that had an effect.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
/// let text = "[[fix]]\nat = \"StartGadgets\"\nwhy = \"it is tested\"\nidempotent = true\n";
/// let overlay = Overlay::parse(Path::new("overlay.toml"), text.to_owned())?;
/// let settings = Settings::default();
/// let generated = generate(Path::new("gadget.json"), DESCRIPTION, &overlay, &settings)?;
/// assert!(generated.product.dump().contains("\"idempotency\": \"idempotent\""));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Overlay {
    file: PathBuf,
    text: String,
    document: Document,
    /// The modules that are written by hand.
    modules: Vec<Module>,
    /// The sentences that texts of the overlay must not repeat.
    published: PublishedSentences,
    /// The index of the entry for each selector of an `at` and each key of its entry.
    index_by_key: BTreeMap<(String, &'static str), usize>,
    /// Selectors and keys of their entries that had an effect.
    used: RefCell<BTreeSet<(String, &'static str)>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    product: Option<ProductSettings>,
    operations: Option<OperationSelection>,
    groups: Option<GroupTable>,
    #[serde(default, rename = "fix")]
    entries: Vec<Spanned<Entry>>,
}

impl Overlay {
    /// Reads an overlay file and the modules that it names; `None` means an overlay without entries.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read, or if the file is not an overlay.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use alicloud_codegen::overlay::Overlay;
    ///
    /// assert!(Overlay::read(None).is_ok());
    /// let error = Overlay::read(Some(Path::new("no/such/overlay.toml"))).unwrap_err();
    /// assert!(error.to_string().starts_with("error: no/such/overlay.toml: cannot be read: "));
    /// ```
    pub fn read(path: Option<&Path>) -> Result<Self, CommandError> {
        let Some(path) = path else { return Ok(Overlay::default()) };
        let bytes = fs::read(path).map_err(|error| io_error(path, "cannot be read", &error))?;
        let mut overlay = Overlay::parse(path, utf8(path, bytes)?)?;
        overlay.modules = modules::read(path, &overlay.product().modules)?;
        overlay.published = PublishedSentences::read_beside(path)?;
        Ok(overlay)
    }

    /// Reads an overlay from its text. `path` is its name in messages.
    ///
    /// # Errors
    ///
    /// Returns an error with the line if the text is not an overlay, or if it decides something twice.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use alicloud_codegen::overlay::Overlay;
    ///
    /// let text = "[[fix]]\nat = \"PingGadget\"\nwhy = \"it only reads\"\nidempotent = true\n";
    /// assert!(Overlay::parse(Path::new("overlay.toml"), text.to_owned()).is_ok());
    /// ```
    pub fn parse(path: &Path, text: String) -> Result<Self, CommandError> {
        let document: Document = toml::from_str(&text).map_err(|error| {
            // The error's `Display` has several lines; messages have one.
            let line = line_number(&text, error.span().map_or(0, |span| span.start));
            CommandError::new(format!(
                "error: {}:{line}: invalid overlay: {}; correct or remove the key",
                path.display(),
                printable(error.message())
            ))
        })?;
        let mut index_by_key = BTreeMap::new();
        for (index, spanned) in document.entries.iter().enumerate() {
            let entry = spanned.get_ref();
            let fail = |what: String| {
                let line = line_number(&text, spanned.span().start);
                Err(CommandError::new(format!("error: {}:{line}: {what}", path.display())))
            };
            let selectors = entry.at.as_slice();
            let keys: Vec<&'static str> = entry.keys().collect();
            if selectors.is_empty() || selectors.iter().any(String::is_empty) {
                let what = "`at` names no element: write one, such as \"Operation?Parameter\"";
                return fail(what.to_owned());
            }
            if keys.is_empty() {
                let names = selectors.join("`, `");
                return fail(format!(
                    "the entry for `{names}` has no keys: add one, such as `rename`, or remove the entry"
                ));
            }
            for (selector, key) in
                selectors.iter().flat_map(|at| keys.iter().map(move |key| (at, *key)))
            {
                match index_by_key.insert((selector.clone(), key), index) {
                    Some(other) if other == index => {
                        return fail(format!("`at` has `{selector}` twice: remove one of them"));
                    }
                    Some(_) => {
                        return fail(format!(
                            "duplicate `{key}` for `{selector}`: keep it in one entry"
                        ));
                    }
                    None => {}
                }
            }
        }
        Ok(Overlay {
            file: path.to_owned(),
            text,
            document,
            modules: Vec::new(),
            published: PublishedSentences::default(),
            index_by_key,
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

    /// Returns the modules of the client that are written by hand.
    pub(crate) fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// Returns the operations to generate; `None` means all.
    pub(crate) fn only(&self) -> Option<&[String]> {
        self.document.operations.as_ref().map(|selection| selection.only.as_slice())
    }

    /// Returns the groups of operations by their features, if the overlay decides them.
    pub(crate) fn groups(&self) -> Option<&BTreeMap<String, GroupSettings>> {
        self.document.groups.as_ref().map(|table| &table.groups)
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

    /// Returns whether a parameter is required, if the overlay decides it against the description.
    pub(crate) fn required(&self, selector: &str, described: bool) -> Option<bool> {
        self.lookup(selector, "required", |entry| entry.required.filter(|own| *own != described))
    }

    /// Returns whether the example of an operation sets an optional parameter or a field of it.
    pub(crate) fn in_example(&self, selector: &str) -> bool {
        self.lookup(selector, "in_example", |entry| entry.in_example).unwrap_or(false)
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

    /// Returns one key of the entry for an element, and records that it had an effect.
    fn lookup<T>(
        &self,
        selector: &str,
        key: &'static str,
        get: impl Fn(&Entry) -> Option<T>,
    ) -> Option<T> {
        let index = *self.index_by_key.get(&(selector.to_owned(), key))?;
        let value = get(self.document.entries.get(index)?.get_ref())?;
        self.used.borrow_mut().insert((selector.to_owned(), key));
        Some(value)
    }

    /// Reports every entry, and every key of an entry, that had no effect on one of its elements.
    pub(crate) fn report_unused(&self, diagnostics: &mut Diagnostics) {
        let used = self.used.borrow();
        for spanned in &self.document.entries {
            let entry = spanned.get_ref();
            let keys: Vec<&'static str> = entry.keys().collect();
            let mut problems = Vec::new();
            for selector in entry.at.as_slice() {
                let is_unused = |key: &&&'static str| !used.contains(&(selector.clone(), **key));
                let unused: Vec<&str> = keys.iter().filter(is_unused).copied().collect();
                if !unused.is_empty() {
                    problems.push(format!(
                        "the entry for `{selector}` has no effect ({})",
                        unused.join(", ")
                    ));
                }
            }
            let line = line_number(&self.text, spanned.span().start);
            for what in problems {
                diagnostics.error_in(
                    &self.file,
                    format!("line {line}"),
                    what,
                    "no generated operation has such an element, or the key does not apply to it: correct `at` or remove the entry",
                );
            }
        }
    }
}
