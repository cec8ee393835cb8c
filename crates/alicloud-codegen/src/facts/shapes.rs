//! The keys of the format, and whether their values are facts.

/// What happens to a value under a known key. Every text that is kept, and every name in an object, passes the rule for
/// text for people ([`super::prose`]), or the import fails; the exception is `Values`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule {
    /// Kept.
    Keep,
    /// Kept if it has no text for people.
    KeepUnlessProse,
    /// Values of an enum, which can be words of any language: kept, and listed if they look like text for people.
    Values,
    /// Kept if it is a value of the type, a value of the enum, or an id.
    Example,
    /// Left out.
    Omit,
    /// Titles with the names of operations: the names are kept, for the features of large products.
    Directories,
    /// An object with known keys.
    Object(&'static Shape),
    /// A list of such objects.
    List(&'static Shape),
    /// An object whose keys are names, and whose values are such objects; sorted by name.
    Map(&'static Shape),
    /// As `Map`, in the order of the document, which decides the order of arguments.
    Properties(&'static Shape),
    /// An object whose values are lists of such objects; sorted by key and by error code.
    ErrorCodes(&'static Shape),
    /// The values of an enum with their titles, which are left out.
    ValueTitles,
}

/// The known keys of an object, in the order in which they are written.
#[derive(Debug)]
pub(super) struct Shape(pub(super) &'static [(&'static str, Rule)]);

impl Shape {
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(name, _)| *name == key)
    }
}

pub(super) static ROOT: Shape = Shape(&[
    ("version", Rule::Keep),
    ("info", Rule::Object(&INFO)),
    ("directories", Rule::Directories),
    ("components", Rule::Object(&COMPONENTS)),
    ("apis", Rule::Map(&OPERATION)),
    ("endpoints", Rule::List(&ENDPOINT)),
]);

static INFO: Shape =
    Shape(&[("style", Rule::Keep), ("product", Rule::Keep), ("version", Rule::Keep)]);

static COMPONENTS: Shape = Shape(&[("schemas", Rule::Map(&SCHEMA))]);

static ENDPOINT: Shape = Shape(&[("regionId", Rule::Keep), ("endpoint", Rule::Keep)]);

static OPERATION: Shape = Shape(&[
    ("path", Rule::Keep),
    ("methods", Rule::Keep),
    ("schemes", Rule::Keep),
    ("consumes", Rule::Keep),
    ("produces", Rule::Keep),
    ("security", Rule::Keep),
    ("operationType", Rule::Keep),
    ("deprecated", Rule::Keep),
    ("systemTags", Rule::Object(&SYSTEM_TAGS)),
    ("staticInfo", Rule::KeepUnlessProse),
    ("parameters", Rule::List(&PARAMETER)),
    ("responses", Rule::Map(&RESPONSE)),
    ("errorCodes", Rule::ErrorCodes(&ERROR_CODE)),
    ("title", Rule::Omit),
    ("summary", Rule::Omit),
    ("description", Rule::Omit),
    ("requestParamsDescription", Rule::Omit),
    ("responseParamsDescription", Rule::Omit),
    ("extraInfo", Rule::Omit),
    ("responseDemo", Rule::Omit),
    ("tags", Rule::Omit),
]);

static SYSTEM_TAGS: Shape = Shape(&[
    ("operationType", Rule::Keep),
    ("riskType", Rule::Omit),
    ("chargeType", Rule::Omit),
    ("abilityTreeCode", Rule::Omit),
    ("abilityTreeNodes", Rule::Omit),
]);

pub(super) static PARAMETER: Shape = Shape(&[
    ("name", Rule::Keep),
    ("in", Rule::Keep),
    ("style", Rule::Keep),
    ("deprecated", Rule::Keep),
    ("allowEmptyValue", Rule::Keep),
    ("schema", Rule::Object(&SCHEMA)),
    ("examples", Rule::Omit),
    ("description", Rule::Omit),
]);

static RESPONSE: Shape = Shape(&[
    ("schema", Rule::Object(&SCHEMA)),
    ("headers", Rule::Map(&HEADER)),
    ("description", Rule::Omit),
    ("examples", Rule::Omit),
]);

static HEADER: Shape =
    Shape(&[("schema", Rule::Object(&SCHEMA)), ("style", Rule::Keep), ("description", Rule::Omit)]);

static ERROR_CODE: Shape =
    Shape(&[("errorCode", Rule::Keep), ("errorMessage", Rule::Omit), ("description", Rule::Omit)]);

pub(super) static SCHEMA: Shape = Shape(&[
    ("type", Rule::Keep),
    ("format", Rule::Keep),
    ("$ref", Rule::Keep),
    ("required", Rule::Keep),
    ("deprecated", Rule::Keep),
    ("readOnly", Rule::Keep),
    ("enum", Rule::Values),
    ("enumValueTitles", Rule::ValueTitles),
    ("default", Rule::KeepUnlessProse),
    ("example", Rule::Example),
    ("minimum", Rule::Keep),
    ("maximum", Rule::Keep),
    ("exclusiveMinimum", Rule::Keep),
    ("exclusiveMaximum", Rule::Keep),
    ("minLength", Rule::Keep),
    ("maxLength", Rule::Keep),
    ("pattern", Rule::Keep),
    ("minItems", Rule::Keep),
    ("maxItems", Rule::Keep),
    ("index", Rule::Keep),
    ("itemName", Rule::Keep),
    ("parseType", Rule::Keep),
    ("backendName", Rule::Keep),
    ("sdkPropertyName", Rule::Keep),
    ("isFileTransferUrl", Rule::Keep),
    ("items", Rule::Object(&SCHEMA)),
    ("properties", Rule::Properties(&SCHEMA)),
    ("additionalProperties", Rule::Object(&SCHEMA)),
    ("docRequired", Rule::Omit),
    ("title", Rule::Omit),
    ("description", Rule::Omit),
]);
