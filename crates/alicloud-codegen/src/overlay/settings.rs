//! What an overlay can set.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Settings of the product as a whole.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductSettings {
    /// The name that people use.
    pub(crate) title: Option<String>,
    /// The endpoint of clients without a region, and of regions that are not listed.
    pub(crate) endpoint: Option<String>,
    /// The first label of the hosts of regions that are not listed.
    pub(crate) regional_endpoint: Option<String>,
    /// The version of the generated crates. Each product has its own.
    pub(crate) crate_version: Option<String>,
    /// The operation of the main task, which the front page of the client shows.
    pub(crate) main: Option<String>,
    /// The modules of the client that are written by hand, each in a file beside the overlay.
    #[serde(default)]
    pub(crate) modules: Vec<String>,
    #[serde(rename = "why")]
    _why: String,
}

/// The operations to generate, if not all.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperationSelection {
    pub(super) only: Vec<String>,
    #[serde(rename = "why")]
    _why: String,
}

/// The features of a product with groups of operations.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct GroupTable {
    #[serde(rename = "why")]
    _why: String,
    #[serde(flatten)]
    pub(super) groups: BTreeMap<String, GroupSettings>,
}

/// A group of operations with a feature of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupSettings {
    /// What its operations have in common, for people.
    pub(crate) title: String,
    pub(crate) operations: Vec<String>,
}

/// The decisions about elements of the description.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) at: Selectors,
    #[serde(rename = "why")]
    _why: String,
    pub(super) idempotent: Option<bool>,
    pub(super) rate_limit: Option<u32>,
    pub(super) retention_days: Option<u32>,
    pub(super) rename: Option<String>,
    pub(super) list: Option<ListStyle>,
    pub(super) items: Option<(usize, usize)>,
    pub(super) location: Option<LocationSetting>,
    pub(super) required: Option<bool>,
    pub(super) in_example: Option<bool>,
    pub(super) json: Option<String>,
    pub(super) pages: Option<PagesSetting>,
    pub(super) arguments: Option<Vec<String>>,
    pub(super) waiters: Option<Vec<WaiterSettings>>,
    pub(super) name: Option<String>,
    pub(super) r#type: Option<TypeSetting>,
    #[serde(rename = "enum")]
    pub(super) values: Option<EnumSettings>,
}

impl Entry {
    /// Returns the names of the keys that are set, without `at` and `why`.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static str> {
        let keys = [
            ("idempotent", self.idempotent.is_some()),
            ("rate_limit", self.rate_limit.is_some()),
            ("retention_days", self.retention_days.is_some()),
            ("rename", self.rename.is_some()),
            ("list", self.list.is_some()),
            ("items", self.items.is_some()),
            ("location", self.location.is_some()),
            ("required", self.required.is_some()),
            ("in_example", self.in_example.is_some()),
            ("json", self.json.is_some()),
            ("pages", self.pages.is_some()),
            ("arguments", self.arguments.is_some()),
            ("waiters", self.waiters.is_some()),
            ("name", self.name.is_some()),
            ("type", self.r#type.is_some()),
            ("enum", self.values.is_some()),
        ];
        keys.into_iter().filter(|(_, is_set)| *is_set).map(|(key, _)| key)
    }
}

/// The elements that an entry is about.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "`at` is a text or a list of texts")]
pub(super) enum Selectors {
    One(String),
    Several(Vec<String>),
}

impl Selectors {
    pub(super) fn as_slice(&self) -> &[String] {
        match self {
            Selectors::One(selector) => std::slice::from_ref(selector),
            Selectors::Several(selectors) => selectors,
        }
    }
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
#[serde(
    untagged,
    expecting = "a value of `parameters` is a boolean, a number, a text or a list of texts"
)]
pub enum Constant {
    /// `true` or `false`.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
}

/// Whether the responses of an operation are pages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "`pages` is true, false or the path of a list")]
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
    Number,
    Boolean,
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
    /// What its values say, if the documentation of the first element with them does not tell. Next to the values.
    pub(crate) doc: Option<String>,
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
