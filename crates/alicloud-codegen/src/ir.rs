//! The intermediate representation: every decision is made, and templates only lay it out.

mod paging;
mod types;
mod waiting;

use serde::Serialize;

use crate::overlay;

pub use paging::{CounterParameter, FieldPath, Pager, TokenParameter};
pub use types::{
    Enum, Field, Location, Parameter, ParameterStyle, Predicate, Struct, Ty, Type, Variant,
};
pub use waiting::{Waiter, WaiterValue};

/// A product, which becomes crates or a module.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
#[doc = include_str!("doctest/product.txt")]
/// assert_eq!((product.code.as_str(), product.client_crate.as_str()), ("Gadget", "alicloud-gadget"));
/// let methods = product.operations.iter().map(|operation| operation.method.as_str());
/// assert_eq!(methods.collect::<Vec<_>>(), ["list_gadgets", "start_gadgets"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Serialize)]
pub struct Product {
    /// What its code becomes.
    #[serde(skip_serializing_if = "Layout::is_crate_pair")]
    pub layout: Layout,
    /// The product code of the service.
    pub code: String,
    /// The version of the API.
    pub version: String,
    /// The version of both crates, if it differs from the runtime's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crate_version: Option<String>,
    /// The name that people use.
    pub title: String,
    /// `alicloud-cdn-model`.
    pub model_crate: String,
    /// `alicloud-cdn`.
    pub client_crate: String,
    /// How its operations are addressed.
    pub style: Style,
    /// The host of clients without a region, and of regions without a host of their own.
    pub default_endpoint: Option<String>,
    /// The first label of the hosts of regions that are not listed: `ecs` for `ecs.<region>.aliyuncs.com`.
    pub regional_endpoint: Option<String>,
    /// Region ids and hosts, sorted by region id.
    pub regions: Vec<(String, String)>,
    /// The operation of the main task, by its name on the wire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main: Option<String>,
    /// The operations, sorted by file name.
    pub operations: Vec<Operation>,
    /// Named types, which several operations can use.
    pub types: Vec<Type>,
    /// The documented error codes, sorted.
    pub error_codes: Vec<ErrorCode>,
    /// Groups of operations with one feature each; only large products have them.
    pub groups: Vec<Group>,
    /// Modules of the client that are written by hand, sorted by name.
    #[serde(skip)]
    pub modules: Vec<overlay::Module>,
}

/// What the code of a product becomes.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
/// use alicloud_codegen::ir::Layout;
/// use alicloud_codegen::lower::Choice;
///
/// let choice = Choice { layout: Layout::Crate, ..Choice::default() };
/// let settings = Settings { choice, ..Settings::default() };
/// let generated = generate(Path::new("gadget.json"), DESCRIPTION, &Overlay::default(), &settings)?;
/// assert!(generated.tree.contains_key(Path::new("alicloud-gadget/src/model/list_gadgets.rs")));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub enum Layout {
    /// Two crates: one with the types alone, which needs no client to compile, and one with the client.
    #[default]
    CratePair,
    /// One crate, with the types in its module `model`.
    Crate,
    /// A module of an existing crate, with the types in its module `model`.
    Module {
        /// The path of the module from the root of the crate, `aliyun::ecs`.
        path: String,
    },
}

impl Layout {
    /// Returns whether there are two crates.
    pub(crate) fn is_crate_pair(&self) -> bool {
        *self == Layout::CratePair
    }

    /// Returns the path of the module with the client, as its own code writes it.
    pub(crate) fn client_root(&self) -> String {
        match self {
            Layout::CratePair | Layout::Crate => "crate".to_owned(),
            Layout::Module { path } => format!("crate::{path}"),
        }
    }

    /// Returns the path of the module with the types, as its own code writes it.
    pub(crate) fn model_root(&self) -> String {
        match self {
            Layout::CratePair => "crate".to_owned(),
            Layout::Crate | Layout::Module { .. } => format!("{}::model", self.client_root()),
        }
    }
}

/// A group of operations with a feature of its own.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// The name of the feature.
    pub feature: String,
    /// What its operations have in common, for people.
    pub title: String,
}

/// Whether a second call of an operation has an effect.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
#[doc = include_str!("doctest/product.txt")]
/// use alicloud_codegen::ir::Idempotency;
///
/// let [list, start] = &product.operations[..] else { panic!("two operations") };
/// assert_eq!(list.idempotency, Idempotency::ReadOnly);
/// assert_eq!(start.idempotency, Idempotency::Mutating, "the description does not say more");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Idempotency {
    /// The operation only reads.
    ReadOnly,
    /// The operation writes, and a second call has no further effect.
    Idempotent,
    /// A second call can have a further effect.
    Mutating,
}

/// How a product's operations are addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Style {
    /// By name, at `/`.
    Rpc,
    /// By method and path.
    Roa,
    /// The product has a gateway of its own: only models are generated.
    Other,
}

/// An operation.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
#[doc = include_str!("doctest/product.txt")]
/// let operation = &product.operations[0];
/// assert_eq!((operation.name.as_str(), operation.method.as_str()), ("ListGadgets", "list_gadgets"));
/// assert_eq!((operation.http_method.as_str(), operation.path.as_str()), ("GET", "/"));
/// assert_eq!(operation.request.name, "ListGadgetsRequest");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Serialize)]
pub struct Operation {
    /// The name on the wire.
    pub name: String,
    /// The module in both crates, `r#match`.
    pub module: String,
    /// The method of the client.
    pub method: String,
    /// The file name in both crates: the module without `r#`.
    pub file: String,
    /// The name of the static item that describes it.
    pub static_name: String,
    /// The lines of its documentation, in Markdown.
    pub docs: Vec<String>,
    /// Sentences of its documentation about limits.
    pub notes: Vec<String>,
    /// The address of its page in the documentation of the service, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Whether the service has deprecated it.
    pub deprecated: bool,
    /// How it is addressed.
    pub style: Style,
    /// The HTTP method, in upper case.
    pub http_method: String,
    /// The path template; `/` for an operation that is addressed by name.
    pub path: String,
    /// Whether calls are sent without a signature.
    pub anonymous: bool,
    /// Whether a second call has an effect.
    pub idempotency: Idempotency,
    /// Maximum calls per second of an account.
    pub rate_limit: Option<u32>,
    /// How to get the next page, if responses are paged.
    pub pager: Option<Pager>,
    /// How to poll with it, if it returns the states of resources by their ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiters: Vec<Waiter>,
    /// The feature that enables it, in a product with groups.
    pub group: Option<String>,
    /// Why a client cannot call it, if so.
    pub not_callable: Option<String>,
    /// The parameters, as a struct.
    pub request: Struct,
    /// The response.
    pub response: Response,
    /// Types that only this operation uses.
    pub types: Vec<Type>,
}

/// The response of an operation.
#[derive(Debug, Serialize)]
pub struct Response {
    /// The name of the type.
    pub name: String,
    /// Its content.
    pub root: Root,
}

/// The root of a response.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
#[doc = include_str!("doctest/product.txt")]
/// use alicloud_codegen::ir::{Root, Ty};
///
/// let [list, start] = &product.operations[..] else { panic!("two operations") };
/// assert!(matches!(&list.response.root, Root::Struct(root) if root.fields.len() == 3));
/// assert!(matches!(&start.response.root, Root::Alias { target: Ty::Unit, .. }), "it has no body");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Serialize)]
pub enum Root {
    /// An object with fields.
    Struct(Struct),
    /// Any other type; the name of the response is an alias of it.
    Alias {
        /// The lines of its documentation, in Markdown.
        docs: Vec<String>,
        /// The type.
        target: Ty,
    },
}

/// A documented error code.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
#[doc = include_str!("doctest/product.txt")]
/// let code = &product.error_codes[0];
/// assert_eq!((code.name.as_str(), code.code.as_str()), ("GADGET_NOT_FOUND", "Gadget.NotFound"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Serialize)]
pub struct ErrorCode {
    /// The name of the constant.
    pub name: String,
    /// The code on the wire.
    pub code: String,
    /// The lines of its documentation, in Markdown.
    pub docs: Vec<String>,
}

impl Operation {
    /// Returns the name of a method of the pager; `suffix` is `items` or `pages`.
    pub(crate) fn paged_method(&self, suffix: &str) -> String {
        // The underscore of a reserved name is not needed before a suffix.
        format!("{}_{suffix}", self.file.trim_end_matches('_'))
    }
}

impl Product {
    /// Returns the product as JSON, for `--dump-ir` and tests.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("doctest/gadget.txt")]
    #[doc = include_str!("doctest/product.txt")]
    /// assert!(product.dump().starts_with("{\n  \"code\": \"Gadget\",\n"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn dump(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_else(|error| error.to_string()) + "\n"
    }

    /// Returns the number of types, without requests and responses.
    pub(crate) fn nested_types(&self) -> usize {
        self.types.len()
            + self.operations.iter().map(|operation| operation.types.len()).sum::<usize>()
    }
}
