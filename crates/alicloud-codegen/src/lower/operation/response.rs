//! The response of an operation.

use crate::diagnostics::Diagnostics;
use crate::ir::{Field, Response, Root, Struct, Ty};
use crate::lower::module_types::ModuleTypes;
use crate::lower::secrets;
use crate::lower::types::{SchemaContext, Types};
use crate::spec;
use crate::spec::shape::{self, Shape};

/// A response whose types have no names yet.
pub(super) struct UnnamedResponse {
    docs: Vec<String>,
    /// The fields of an object, or one field for a response of another type.
    pub(super) fields: Vec<Field>,
    is_object: bool,
}

impl UnnamedResponse {
    pub(super) fn into_response(self, name: String) -> Response {
        let UnnamedResponse { docs, mut fields, is_object } = self;
        let root = if is_object {
            Root::Struct(Struct { name: name.clone(), docs, fields, ..Struct::default() })
        } else {
            let target = fields.pop().map_or(Ty::Unit, |field| field.ty);
            Root::Alias { docs, target }
        };
        Response { name, root }
    }
}

pub(super) fn lower<'a>(
    operation: &'a spec::Operation,
    types: &mut Types<'a>,
    module_types: &mut ModuleTypes,
    diagnostics: &mut Diagnostics,
) -> UnnamedResponse {
    let docs = vec![format!("Response of `{}`.", operation.name.replace('`', ""))];
    let mut context = SchemaContext {
        selector: format!("{}!", operation.name),
        name_path: vec!["Response".to_owned()],
        name: &operation.name,
        nesting: 0,
        wire_path: None,
    };
    let Some(schema) = &operation.success else {
        return UnnamedResponse { docs, fields: Vec::new(), is_object: false };
    };
    if let Some(Shape::Struct(_)) = shape::classify(schema) {
        let root = types.structure(schema, &context, module_types, diagnostics);
        return UnnamedResponse { docs, fields: root.fields, is_object: true };
    }
    if let Some(Shape::List(_) | Shape::Map(_)) = shape::classify(schema) {
        context.name_path.push("Item".to_owned());
    }
    let ty = match types.ty(schema, &context, module_types, diagnostics) {
        Ty::Text
            if secrets::returns_secret(&operation.name)
                && types.overlay.r#type(&context.selector).is_none() =>
        {
            Ty::Secret
        }
        ty => ty,
    };
    let root = Field {
        name: "root".to_owned(),
        wire: String::new(),
        item: None,
        docs: Vec::new(),
        wire_path: None,
        deprecated: false,
        superseded_by: None,
        ty,
        required: false,
        parameter: None,
        comma_list: false,
        text: false,
        json_text: false,
        example: None,
        in_example: false,
        shown_example: None,
    };
    UnnamedResponse { docs, fields: vec![root], is_object: false }
}
