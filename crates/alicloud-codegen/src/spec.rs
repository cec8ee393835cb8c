//! Reads an OpenMeta document into types, without interpreting it.

mod read;
pub mod shape;

pub use read::{parse, read_bytes};

/// The description of a product.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
/// use alicloud_codegen::diagnostics::Diagnostics;
/// use alicloud_codegen::spec;
///
/// let file = Path::new("gadget.json");
/// let spec = spec::parse(DESCRIPTION, file, &mut Diagnostics::new(file))?;
/// let names = spec.operations.iter().map(|operation| operation.name.as_str());
/// assert_eq!(names.collect::<Vec<_>>(), ["ListGadgets", "StartGadgets"]);
/// assert_eq!(spec.directories[0].operations, ["ListGadgets", "StartGadgets"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Spec {
    /// The product code.
    pub product: String,
    /// The version of the API.
    pub version: String,
    /// How operations are addressed: `RPC`, `ROA`, `V3` or a gateway of the product.
    pub style: String,
    /// The groups of operations in the documentation.
    pub directories: Vec<Directory>,
    /// Schemas that others refer to, by name.
    pub components: Vec<(String, Schema)>,
    /// The operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// Region ids and host names.
    pub endpoints: Vec<(String, String)>,
}

/// A group of operations in the documentation.
#[derive(Debug, Clone)]
pub struct Directory {
    /// The title, often in Chinese; empty if it is not known.
    pub title: String,
    /// The names of its operations.
    pub operations: Vec<String>,
}

/// An operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The name on the wire.
    pub name: String,
    /// Its JSON pointer in the document.
    pub pointer: String,
    /// The HTTP methods that it accepts.
    pub methods: Vec<String>,
    /// The kinds of authentication that it accepts, such as `AK` and `Anonymous`.
    pub security: Vec<String>,
    /// The path, if it is not addressed by name.
    pub path: Option<String>,
    /// Whether it reads or writes, according to the service.
    pub operation_type: Option<String>,
    /// What it does, according to the service, such as `get`.
    pub system_operation_type: Option<String>,
    /// Whether the service has deprecated it.
    pub deprecated: bool,
    /// Its name for people.
    pub title: Option<String>,
    /// What it does, in a sentence.
    pub summary: Option<String>,
    /// Everything else about it.
    pub description: Option<String>,
    /// Sentences about its limits, if a documentation file has some.
    pub limits: Vec<String>,
    /// The address of its documentation, if it is known.
    pub page: Option<String>,
    /// The parameters, in the order of the document.
    pub parameters: Vec<Parameter>,
    /// The schema of a successful response, if there is one.
    pub success: Option<Schema>,
    /// The documented errors.
    pub error_codes: Vec<ErrorCode>,
    /// The documented responses.
    pub demos: Vec<Demo>,
}

/// A parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// Its JSON pointer in the document.
    pub pointer: String,
    /// Where it is sent, such as `query`.
    pub location: String,
    /// How a list or an object is written, such as `repeatList` or `json`.
    pub style: Option<String>,
    /// Whether the service has deprecated it.
    pub deprecated: bool,
    /// The description of its value.
    pub schema: Schema,
}

/// A documented error.
#[derive(Debug, Clone)]
pub struct ErrorCode {
    /// The HTTP status.
    pub status: String,
    /// The code in the response.
    pub code: String,
    /// The message in the response, which can have placeholders.
    pub message: String,
}

/// A documented response.
#[derive(Debug, Clone)]
pub struct Demo {
    /// `json` or `xml`.
    pub format: String,
    /// The response.
    pub text: String,
}

/// The description of a value.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// Its JSON pointer in the document.
    pub pointer: String,
    /// The component that it refers to, such as `#/components/schemas/Task`.
    pub reference: Option<String>,
    /// The type, such as `string` or `object`; empty beside a reference.
    pub kind: String,
    /// The format, such as `int64` or `iso8601`.
    pub format: Option<String>,
    /// A short documentation.
    pub title: Option<String>,
    /// The documentation.
    pub description: Option<String>,
    /// Whether the value has to be present.
    pub required: bool,
    /// Whether the service has deprecated it.
    pub deprecated: bool,
    /// The documented values of an enum, as texts.
    pub values: Vec<String>,
    /// What the values of an enum mean.
    pub value_titles: Vec<(String, String)>,
    /// An example value, as text.
    pub example: Option<String>,
    /// The default, as text.
    pub default: Option<String>,
    /// The minimum, as text.
    pub minimum: Option<String>,
    /// Other limits, as texts, by the keys of the format, such as `maxLength`.
    pub limits: Vec<(&'static str, String)>,
    /// The items of a list.
    pub items: Option<Box<Schema>>,
    /// The properties of an object, in the order of the document.
    pub properties: Vec<(String, Schema)>,
    /// The values of a map.
    pub additional: Option<Box<Schema>>,
    /// Whether the value is JSON in a text. Only an overlay can say so.
    pub in_text: bool,
}
