//! What the catalogue says about an operation, as data for tables and JSON.

use std::path::Path;

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::ir::{Field, Operation, Product, Root, Struct, Type};
use alicloud_codegen::metadata::{BASE_URL, Metadata};
use alicloud_codegen::spec;
use serde::Serialize;

use crate::project::{Project, Source, find};

/// Returns the source that an option names, or that of the project, or the public one; and the project, if its source
/// is used.
pub(crate) fn source(
    option: Option<&str>,
    folder: Option<&Path>,
) -> Result<(Source, Option<Project>), CommandError> {
    match option {
        Some(option) => Ok((Source::parse(option, Path::new(""), "--source")?, None)),
        None if folder.is_some() || find(None)?.is_some() => {
            let project = Project::read(folder)?;
            Ok((project.source.clone(), Some(project)))
        }
        None => Ok((Source::Service(Metadata::new(BASE_URL, "the public service")?), None)),
    }
}

/// An operation with everything that a caller has to know.
#[derive(Serialize)]
pub(crate) struct OperationPage {
    pub(crate) product: String,
    pub(crate) version: String,
    pub(crate) operation: String,
    pub(crate) summary: String,
    pub(crate) deprecated: bool,
    pub(crate) http_method: String,
    pub(crate) path: String,
    pub(crate) idempotency: alicloud_codegen::ir::Idempotency,
    /// Why no client can call it, if so.
    pub(crate) not_callable: Option<String>,
    pub(crate) parameters: Vec<Row>,
    pub(crate) response: Vec<Row>,
    /// The types that parameters and response refer to.
    pub(crate) types: Vec<TypePage>,
    pub(crate) errors: Vec<ErrorRow>,
}

/// A parameter or a field.
#[derive(Serialize)]
pub(crate) struct Row {
    /// The name on the wire.
    pub(crate) name: String,
    /// The name in Rust.
    pub(crate) field: String,
    /// The type in Rust, without the `Option` of an optional field.
    pub(crate) r#type: String,
    pub(crate) required: bool,
    /// Where a parameter is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<alicloud_codegen::ir::Location>,
    pub(crate) description: String,
}

/// A type.
#[derive(Serialize)]
pub(crate) struct TypePage {
    pub(crate) name: String,
    /// The fields of a struct.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<Row>,
    /// The known values of an enum.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) values: Vec<String>,
}

/// A documented error.
#[derive(Serialize)]
pub(crate) struct ErrorRow {
    pub(crate) status: String,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl OperationPage {
    /// Returns the page of the only operation of a product.
    pub(crate) fn new(product: &Product, described: &spec::Operation) -> Option<Self> {
        let operation: &Operation = product.operations.first()?;
        let (response, alias) = match &operation.response.root {
            Root::Struct(root) => (rows(root), None),
            Root::Alias { target, .. } => (Vec::new(), Some(target.rust())),
        };
        let mut types: Vec<TypePage> =
            operation.types.iter().chain(&product.types).map(TypePage::new).collect();
        if let Some(alias) = alias {
            let name = format!("{} = {alias}", operation.response.name);
            types.insert(0, TypePage { name, fields: Vec::new(), values: Vec::new() });
        }
        Some(OperationPage {
            product: product.code.clone(),
            version: product.version.clone(),
            operation: operation.name.clone(),
            summary: operation.docs.first().cloned().unwrap_or_default(),
            deprecated: operation.deprecated,
            http_method: operation.http_method.clone(),
            path: operation.path.clone(),
            idempotency: operation.idempotency,
            not_callable: operation.not_callable.clone(),
            parameters: rows(&operation.request),
            response,
            types,
            errors: described
                .error_codes
                .iter()
                .map(|error| ErrorRow {
                    status: error.status.clone(),
                    code: error.code.clone(),
                    message: error.message.clone(),
                })
                .collect(),
        })
    }
}

impl TypePage {
    fn new(ty: &Type) -> Self {
        let name = ty.name().to_owned();
        match ty {
            Type::Struct(structure) => {
                TypePage { name, fields: rows(structure), values: Vec::new() }
            }
            Type::Enum(enumeration) => {
                let values =
                    enumeration.variants.iter().map(|variant| variant.text.clone()).collect();
                TypePage { name, fields: Vec::new(), values }
            }
        }
    }
}

fn rows(structure: &Struct) -> Vec<Row> {
    let row = |field: &Field| Row {
        name: field.wire.clone(),
        field: field.name.clone(),
        r#type: field.ty.rust(),
        required: field.required,
        location: field.parameter.as_ref().map(|parameter| parameter.location),
        description: field.docs.first().cloned().unwrap_or_default(),
    };
    structure.fields.iter().map(row).collect()
}
