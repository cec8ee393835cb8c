//! What is to be printed: every decision made, nothing left to a template but the layout.

use serde::Serialize;

/// A product: two crates.
#[derive(Debug, Serialize)]
pub(crate) struct Product {
    /// The product code of the service.
    pub(crate) code: String,
    pub(crate) version: String,
    /// What people call it.
    pub(crate) title: String,
    /// `alicloud-cdn-model`.
    pub(crate) model_crate: String,
    /// `alicloud-cdn`.
    pub(crate) client_crate: String,
    pub(crate) style: Style,
    pub(crate) default_endpoint: Option<String>,
    /// Region and host, in the order of the regions.
    pub(crate) regions: Vec<(String, String)>,
    pub(crate) operations: Vec<Operation>,
    /// Types that several operations share.
    pub(crate) types: Vec<Type>,
    pub(crate) error_codes: Vec<ErrorCode>,
    /// Groups of operations that have a feature each, in a product that is too large to compile whole.
    pub(crate) groups: Vec<Group>,
}

/// A group of operations with a feature of its own.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Group {
    pub(crate) feature: String,
    pub(crate) title: String,
}

/// Whether an operation can be repeated without changing the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Idempotency {
    /// It only reads.
    ReadOnly,
    /// It writes, and a second call has no further effect.
    Idempotent,
    /// A second call can have a further effect.
    Mutating,
}

/// How a product's operations are addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum Style {
    /// By name, at `/`.
    Rpc,
    /// By method and path.
    Roa,
    /// Not at the common gateway: models only.
    Other,
}

/// One operation.
#[derive(Debug, Serialize)]
pub(crate) struct Operation {
    /// The name on the wire.
    pub(crate) name: String,
    /// The module in both crates.
    pub(crate) module: String,
    /// The method of the client.
    pub(crate) method: String,
    /// The name of the file in both crates: the module without `r#`.
    pub(crate) file: String,
    /// The constant.
    pub(crate) constant: String,
    pub(crate) docs: Vec<String>,
    pub(crate) notes: Vec<String>,
    pub(crate) deprecated: bool,
    pub(crate) style: Style,
    pub(crate) http_method: String,
    /// The template of the path; `/` for an operation that is addressed by name.
    pub(crate) path: String,
    /// Whether it is signed.
    pub(crate) anonymous: bool,
    pub(crate) idempotency: Idempotency,
    /// Calls a second that an account may make.
    pub(crate) rate_limit: Option<u32>,
    /// How its response continues, where it comes in pages.
    pub(crate) pager: Option<Pager>,
    /// How to wait with it, where it describes things by their ids.
    pub(crate) waiter: Option<Waiter>,
    /// The feature that it belongs to, in a product with features.
    pub(crate) group: Option<String>,
    /// Why a client cannot call it, where it cannot.
    pub(crate) not_callable: Option<String>,
    pub(crate) request: Struct,
    pub(crate) response: Response,
    /// Types of this operation alone.
    pub(crate) types: Vec<Type>,
}

/// How a response that comes in pages continues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Pager {
    /// The way to the list of items, by the fields' Rust names.
    pub(crate) items: Vec<String>,
    /// The Rust type of an item.
    pub(crate) item: Ty,
    pub(crate) step: Step,
}

/// What leads from one page to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) enum Step {
    /// A number in the request, and the way to the total in the response.
    Number { parameter: String, total: Vec<String> },
    /// A token in the request, and the way to the next one in the response.
    Token { parameter: String, next: Vec<String> },
}

/// How to wait for things that an operation describes by their ids. Fields are by their Rust names.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Waiter {
    /// The method, `wait_for_refresh_tasks`.
    pub(crate) method: String,
    /// The parameter that takes the ids, by its name on the wire.
    pub(crate) parameter: String,
    pub(crate) items: String,
    /// The type of an item.
    pub(crate) item: String,
    pub(crate) id: String,
    pub(crate) state: String,
    /// The enum of the state, where it is one.
    pub(crate) state_enum: Option<String>,
    pub(crate) detail: Option<String>,
    pub(crate) success: Vec<String>,
    pub(crate) failure: Vec<String>,
}

/// What comes back.
#[derive(Debug, Serialize)]
pub(crate) struct Response {
    /// The name of the type.
    pub(crate) name: String,
    pub(crate) root: Root,
}

/// The root of a response.
#[derive(Debug, Serialize)]
pub(crate) enum Root {
    /// An object with fields.
    Struct(Struct),
    /// Anything else, under the name of the response.
    Alias { docs: Vec<String>, target: Ty },
}

/// A type of the model crate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) enum Type {
    Struct(Struct),
    Enum(Enum),
}

impl Type {
    pub(crate) fn name(&self) -> &str {
        match self {
            Type::Struct(all) => &all.name,
            Type::Enum(all) => &all.name,
        }
    }
}

/// A struct.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Struct {
    pub(crate) name: String,
    pub(crate) docs: Vec<String>,
    pub(crate) fields: Vec<Field>,
    /// Whether a user builds it: then it has `new` and setters.
    pub(crate) input: bool,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// The name on the wire.
    pub(crate) wire: String,
    /// The wrapper around the items, where there is one.
    pub(crate) item: Option<String>,
    pub(crate) docs: Vec<String>,
    pub(crate) deprecated: bool,
    pub(crate) ty: Ty,
    /// Whether it is an argument of `new` and no `Option`.
    pub(crate) required: bool,
    /// Where it travels, as the chain of the request table: `query.comma_list().items(1, 10)`.
    pub(crate) travels: Option<String>,
    /// The method that reads the text, and as what.
    pub(crate) reading: Option<(String, Reading)>,
}

/// What a text is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum Reading {
    Time,
    Percentage,
    Integer,
    List,
}

/// An open enum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) docs: Vec<String>,
    pub(crate) variants: Vec<Variant>,
}

/// A value that is known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) docs: Vec<String>,
}

/// The type of a field, without the `Option` of one that may be absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) enum Ty {
    Text,
    Integer,
    Number,
    Boolean,
    Bytes,
    Any,
    Unit,
    /// A type of the crate.
    Named(String),
    /// A type of the crate that would otherwise hold itself.
    Boxed(String),
    List(Box<Ty>),
    Map(Box<Ty>),
}

/// A documented error code.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorCode {
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) docs: Vec<String>,
}

impl Ty {
    /// The type as Rust writes it.
    pub(crate) fn rust(&self) -> String {
        match self {
            Ty::Text => "String".to_owned(),
            Ty::Integer => "i64".to_owned(),
            Ty::Number => "f64".to_owned(),
            Ty::Boolean => "bool".to_owned(),
            Ty::Bytes => "Bytes".to_owned(),
            Ty::Any => "Value".to_owned(),
            Ty::Unit => "()".to_owned(),
            Ty::Named(name) => name.clone(),
            Ty::Boxed(name) => format!("Box<{name}>"),
            Ty::List(item) => format!("Vec<{}>", item.rust()),
            Ty::Map(value) => format!("BTreeMap<String, {}>", value.rust()),
        }
    }

    /// Whether absence needs no `Option`: an empty list says it.
    pub(crate) fn is_collection(&self) -> bool {
        matches!(self, Ty::List(_) | Ty::Map(_))
    }

    /// The type inside of lists and maps.
    pub(crate) fn innermost(&self) -> &Ty {
        match self {
            Ty::List(inner) | Ty::Map(inner) => inner.innermost(),
            other => other,
        }
    }

    /// The types of the crate that it names.
    pub(crate) fn named(&self) -> Option<&str> {
        match self.innermost() {
            Ty::Named(name) | Ty::Boxed(name) => Some(name),
            _ => None,
        }
    }
}

impl Product {
    /// The whole of it as JSON, for people and tests.
    pub(crate) fn dump(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_else(|error| error.to_string()) + "\n"
    }

    /// How many types there are besides requests and responses.
    pub(crate) fn nested_types(&self) -> usize {
        self.types.len()
            + self.operations.iter().map(|operation| operation.types.len()).sum::<usize>()
    }
}
