//! Structs, enums, their fields and the types of fields.

use serde::Serialize;

/// A type of the model crate.
///
/// # Examples
///
/// ```
#[doc = include_str!("../doctest/gadget.txt")]
#[doc = include_str!("../doctest/product.txt")]
/// let names: Vec<&str> = product.types.iter().map(|ty| ty.name()).collect();
/// assert_eq!(names, ["Gadget", "GadgetStatus"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Type {
    /// A struct.
    Struct(Struct),
    /// An open enum.
    Enum(Enum),
}

impl Type {
    /// Returns the name in Rust.
    pub fn name(&self) -> &str {
        match self {
            Type::Struct(item) => &item.name,
            Type::Enum(item) => &item.name,
        }
    }

    /// Returns the struct, if it is one with this name.
    pub(crate) fn as_struct(&self, name: &str) -> Option<&Struct> {
        match self {
            Type::Struct(structure) if structure.name == name => Some(structure),
            _ => None,
        }
    }
}

/// A struct.
///
/// # Examples
///
/// ```
#[doc = include_str!("../doctest/gadget.txt")]
#[doc = include_str!("../doctest/product.txt")]
/// let request = &product.operations[1].request;
/// assert_eq!((request.name.as_str(), request.input), ("StartGadgetsRequest", true));
/// assert_eq!(request.arguments, ["gadget_ids"], "it is required");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Struct {
    /// The name in Rust.
    pub name: String,
    /// The lines of its documentation, in Markdown.
    pub docs: Vec<String>,
    /// The fields, in the order of the description.
    pub fields: Vec<Field>,
    /// Whether it is part of a request; it has `new` and setters then.
    pub input: bool,
    /// The fields that are arguments of `new`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<String>,
    /// Whether all fields implement `Eq` and `Hash`.
    pub eq: bool,
}

/// A field.
///
/// # Examples
///
/// ```
#[doc = include_str!("../doctest/gadget.txt")]
#[doc = include_str!("../doctest/product.txt")]
/// use alicloud_codegen::ir::{Location, ParameterStyle};
///
/// let field = &product.operations[1].request.fields[0];
/// assert_eq!((field.name.as_str(), field.wire.as_str()), ("gadget_ids", "GadgetIds"));
/// let parameter = field.parameter.as_ref().unwrap();
/// assert_eq!(parameter.location, Location::Query);
/// assert_eq!(parameter.style, Some(ParameterStyle::Json));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// The name in Rust, with `r#` for a keyword.
    pub name: String,
    /// The name on the wire.
    pub wire: String,
    /// The name of the items inside a wrapper, if the list has one.
    pub item: Option<String>,
    /// The lines of its documentation, in Markdown.
    pub docs: Vec<String>,
    /// Its name on the wire for the documentation, with those of the parameters it is in, if the name
    /// in Rust does not tell: `Tag.N.key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wire_path: Option<String>,
    /// Whether the service has deprecated it.
    pub deprecated: bool,
    /// The name of the field that supersedes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
    /// The type, without the `Option` of an optional field.
    pub ty: Ty,
    /// Whether it has to be present in a request.
    pub required: bool,
    /// How it is sent, if it is a parameter of an operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<Parameter>,
    /// Whether the list is one text with commas between the items. Only for fields of responses;
    /// parameters have a style.
    #[serde(skip_serializing_if = "is_false")]
    pub comma_list: bool,
    /// Whether a number or a boolean is text on the wire. Parameters are text anyway.
    #[serde(skip_serializing_if = "is_false")]
    pub text: bool,
    /// Whether an object or list is JSON in one text. Only for fields of responses; parameters have a style.
    #[serde(skip_serializing_if = "is_false")]
    pub json_text: bool,
    /// The example value of the description, if it is a value of the type and no secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// Whether the example of the operation sets it although it is optional.
    #[serde(skip_serializing_if = "is_false")]
    pub in_example: bool,
    /// The example value as the documentation shows it, if it says something new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_example: Option<String>,
}

impl Field {
    /// Returns whether the runtime sends the region of the client if the parameter is required and absent.
    pub(crate) fn is_client_region(&self) -> bool {
        let locations = [Location::Query, Location::Form, Location::Header];
        self.wire.eq_ignore_ascii_case("RegionId")
            && self.parameter.as_ref().is_some_and(|found| locations.contains(&found.location))
    }
}

/// How a parameter is sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parameter {
    /// The part of the HTTP request, as in `alicloud_wire::request::Parameter`.
    pub location: Location,
    /// The format, if it is not the default of its location.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<ParameterStyle>,
    /// Minimum and maximum number of items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<(usize, usize)>,
    /// Whether the runtime generates a value if it is absent.
    #[serde(skip_serializing_if = "is_false")]
    pub token: bool,
}

/// The part of the HTTP request that has a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// The query of the URL.
    Query,
    /// A field of a form in the body.
    Form,
    /// The whole body.
    Body,
    /// A header.
    Header,
    /// A part of the path, or the whole path.
    Path,
    /// A part of the host name.
    Host,
}

impl Location {
    /// Returns whether no request can be sent without the parameter.
    pub(crate) fn is_always_required(self) -> bool {
        matches!(self, Location::Path | Location::Host)
    }
}

/// The format of a parameter, if it is not the default of its location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterStyle {
    /// A text with commas between the items.
    CommaList,
    /// A text with one item per line.
    Lines,
    /// A text that is JSON.
    Json,
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// An open enum.
///
/// # Examples
///
/// ```
#[doc = include_str!("../doctest/gadget.txt")]
#[doc = include_str!("../doctest/product.txt")]
/// use alicloud_codegen::ir::Type;
///
/// let Type::Enum(status) = &product.types[1] else { panic!("an enum") };
/// let values = status.variants.iter().map(|variant| variant.text.as_str());
/// assert_eq!(values.collect::<Vec<_>>(), ["Ready", "Failed"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Enum {
    /// The name in Rust.
    pub name: String,
    /// The lines of its documentation, in Markdown.
    pub docs: Vec<String>,
    /// The known values.
    pub variants: Vec<Variant>,
    /// The methods that return whether a value is one of some.
    pub predicates: Vec<Predicate>,
}

/// A method that returns whether a value is one of some.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Predicate {
    /// The name of the method.
    pub name: String,
    /// The names of the variants, at least one.
    pub variants: Vec<String>,
}

/// A known value of an enum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variant {
    /// The name in Rust.
    pub name: String,
    /// The value on the wire.
    pub text: String,
    /// The lines of its documentation, in Markdown.
    pub docs: Vec<String>,
}

/// The type of a field, without the `Option` of an optional field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Ty {
    /// `String`.
    Text,
    /// A text that is not shown.
    Secret,
    /// A text that is usually a time.
    Timestamp,
    /// A text that is usually a percentage.
    Percent,
    /// `i64`.
    Integer,
    /// `f64`.
    Number,
    /// `bool`.
    Boolean,
    /// Bytes.
    Bytes,
    /// Any JSON value.
    Any,
    /// Nothing: a response without a body.
    Unit,
    /// A type of the crate.
    Named(String),
    /// A type of the crate that would otherwise contain itself.
    Boxed(String),
    /// A list of this type.
    List(Box<Ty>),
    /// A map from texts to this type.
    Map(Box<Ty>),
}

impl Ty {
    /// Returns the type in Rust syntax.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_codegen::ir::Ty;
    ///
    /// let ty = Ty::Map(Box::new(Ty::List(Box::new(Ty::Named("Gadget".to_owned())))));
    /// assert_eq!(ty.rust(), "BTreeMap<String, Vec<Gadget>>");
    /// ```
    pub fn rust(&self) -> String {
        match self {
            Ty::Text => "String".to_owned(),
            Ty::Secret => "Secret".to_owned(),
            Ty::Timestamp => "Timestamp".to_owned(),
            Ty::Percent => "Percent".to_owned(),
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

    /// Returns whether it is a text, or a type that keeps a text.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Ty::Text | Ty::Secret | Ty::Timestamp | Ty::Percent)
    }

    /// Returns whether it is one value, and not an enum.
    pub(crate) fn is_scalar(&self) -> bool {
        self.is_text() || matches!(self, Ty::Integer | Ty::Number | Ty::Boolean | Ty::Bytes)
    }

    /// Returns whether an empty value means absent, so that no `Option` is needed.
    pub(crate) fn is_collection(&self) -> bool {
        matches!(self, Ty::List(_) | Ty::Map(_))
    }

    /// Returns the type inside lists and maps.
    pub(crate) fn innermost(&self) -> &Ty {
        match self {
            Ty::List(inner) | Ty::Map(inner) => inner.innermost(),
            other => other,
        }
    }

    /// Returns the type of the crate that it refers to.
    pub(crate) fn named(&self) -> Option<&str> {
        match self.innermost() {
            Ty::Named(name) | Ty::Boxed(name) => Some(name),
            _ => None,
        }
    }
}
