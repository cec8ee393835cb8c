//! The cases of an operation.

use std::collections::{BTreeMap, BTreeSet};

use alicloud_codegen::ir::{Location, Operation, Parameter, ParameterStyle, Product, Root};
use alicloud_core::wire::to_xml;
use serde_json::{Map, Value, json};

use super::description::Types;
use super::sample::{Kind, Sampler, join, scalar_text};

/// A call with derived parameters, and the response that it gets.
#[derive(Debug, Default)]
pub(crate) struct Case {
    /// The product code and the version of the API.
    pub(crate) product: String,
    pub(crate) version: String,
    pub(crate) operation: String,
    /// Whether calls are sent without a signature.
    pub(crate) is_anonymous: bool,
    pub(crate) name: &'static str,
    /// The values of the parameters.
    pub(crate) parameters: Value,
    /// The texts of those parameters that are one text on the wire.
    pub(crate) texts: Value,
    /// All parameters as the service has to decode them.
    pub(crate) pairs: BTreeMap<String, String>,
    /// The parameters that our client adds if they are absent.
    pub(crate) tokens: BTreeSet<String>,
    pub(crate) response: Value,
}

/// The parameters that a case sets.
#[derive(Clone, Copy, PartialEq)]
enum Parameters {
    All,
    Required,
}

/// The cases of each operation: their name, their parameters, and the values of these and of the response.
const KINDS: [(&str, Parameters, Kind, Kind); 3] = [
    ("all parameters", Parameters::All, Kind::Full, Kind::Full),
    ("edge values", Parameters::All, Kind::Edge, Kind::Edge),
    ("required parameters", Parameters::Required, Kind::Full, Kind::Empty),
];

/// Derives the cases of all operations that a client can call.
///
/// # Errors
///
/// Returns an error for a parameter that these cases cannot check.
pub(crate) fn derive(products: &[Product]) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for product in products {
        for operation in product.operations.iter().filter(|one| one.not_callable.is_none()) {
            let types = Types::new(product, operation);
            for (name, parameters, of_request, of_response) in KINDS {
                let mut case = Case {
                    product: product.code.clone(),
                    version: product.version.clone(),
                    operation: operation.name.clone(),
                    is_anonymous: operation.anonymous,
                    name,
                    response: response(operation, Sampler::new(of_response, types)),
                    ..Case::default()
                };
                case.add_parameters(operation, parameters, Sampler::new(of_request, types))?;
                cases.push(case);
            }
        }
    }
    Ok(cases)
}

impl Case {
    /// Returns the response in XML.
    pub(crate) fn xml(&self) -> String {
        to_xml(&format!("{}Response", self.operation), "item", &self.response)
    }

    /// Returns the product, its version and the operation.
    pub(crate) fn key(&self) -> (&str, &str, &str) {
        (&self.product, &self.version, &self.operation)
    }

    fn add_parameters<'a>(
        &mut self,
        operation: &'a Operation,
        parameters: Parameters,
        mut sampler: Sampler<'a>,
    ) -> Result<(), String> {
        let (mut values, mut texts) = (Map::new(), Map::new());
        for field in &operation.request.fields {
            let Some(parameter) = &field.parameter else { continue };
            if parameter.token {
                self.tokens.insert(field.wire.clone());
            }
            if parameters == Parameters::Required && !field.required {
                continue;
            }
            if !matches!(parameter.location, Location::Query | Location::Form) {
                let (name, location) = (&operation.name, parameter.location);
                return Err(format!(
                    "{name}, {}: parameters in {location:?} are not checked yet; extend derived/case.rs",
                    field.wire
                ));
            }
            let value = sampler.parameter(field, parameter.items);
            match text(parameter, &value) {
                Some(text) => {
                    self.pairs.insert(field.wire.clone(), text.clone());
                    texts.insert(field.wire.clone(), text.into());
                }
                None => flatten(&field.wire, &value, &mut self.pairs),
            }
            values.insert(field.wire.clone(), value);
        }
        (self.parameters, self.texts) = (values.into(), texts.into());
        Ok(())
    }
}

fn response<'a>(operation: &'a Operation, mut sampler: Sampler<'a>) -> Value {
    match &operation.response.root {
        Root::Struct(root) => Value::Object(sampler.object(root)),
        // The service always sends an id.
        Root::Alias { .. } => json!({ "RequestId": "0000-0000" }),
    }
}

/// Returns the text of a parameter that is one text.
fn text(parameter: &Parameter, value: &Value) -> Option<String> {
    Some(match (parameter.style, value) {
        (Some(ParameterStyle::CommaList), Value::Array(items)) => scalar_text(&join(items, ",")),
        (Some(ParameterStyle::Lines), Value::Array(items)) => scalar_text(&join(items, "\n")),
        (None, Value::Array(_) | Value::Object(_)) => return None,
        _ => scalar_text(value),
    })
}

/// Adds a parameter that is several: `Tag.1.Key`.
fn flatten(name: &str, value: &Value, pairs: &mut BTreeMap<String, String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(&format!("{name}.{}", index + 1), item, pairs);
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                flatten(&format!("{name}.{key}"), value, pairs);
            }
        }
        scalar => drop(pairs.insert(name.to_owned(), scalar_text(scalar))),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use alicloud_codegen::overlay::Overlay;
    use alicloud_codegen::{Settings, generate};

    use super::*;

    const DESCRIPTION: &str = r##"{
        "info": { "product": "Gadget", "version": "2026-01-01", "style": "RPC" },
        "components": { "schemas": {
            "Node": { "type": "object", "properties": {
                "Name": { "type": "string" },
                "Node": { "$ref": "#/components/schemas/Node" }
            } }
        } },
        "apis": { "ListGadgets": {
            "methods": ["post"],
            "parameters": [
                { "name": "Ids", "in": "query", "style": "json",
                  "schema": { "type": "array", "items": { "type": "integer", "format": "int64" } } },
                { "name": "Tag", "in": "query", "style": "repeatList", "schema": { "type": "array", "items": {
                    "type": "object", "properties": { "Key": { "type": "string" } } } } },
                { "name": "Kind", "in": "formData",
                  "schema": { "type": "string", "required": true, "enum": ["small"] } }
            ],
            "responses": { "200": { "schema": { "type": "object", "properties": {
                "RequestId": { "type": "string" },
                "Node": { "$ref": "#/components/schemas/Node" },
                "Counts": { "type": "array", "items": { "type": "integer", "format": "int64" } }
            } } } }
        } }
    }"##;

    fn cases() -> Vec<Case> {
        let (file, overlay) = (Path::new("gadget.json"), Overlay::default());
        let generated =
            generate(file, DESCRIPTION.as_bytes(), &overlay, &Settings::default()).unwrap();
        derive(&[generated.product]).unwrap()
    }

    #[test]
    fn parameters_are_sent_as_described() {
        let [all, edge, required] = &cases()[..] else { panic!("three cases") };
        let names: Vec<&str> = all.pairs.keys().map(String::as_str).collect();
        assert_eq!(names, ["Ids", "Kind", "Tag.1.Key", "Tag.2.Key"]);
        assert_eq!(all.pairs["Ids"], "[9007199254740997,9007199254740999]");
        assert_eq!(all.texts["Ids"], all.pairs["Ids"]);
        assert_eq!(all.parameters["Tag"][1]["Key"], all.pairs["Tag.2.Key"]);
        assert!(all.texts.get("Tag").is_none(), "it is not one text");
        assert_eq!(edge.pairs["Ids"], "[-2]");
        assert_eq!(required.pairs, [("Kind".to_owned(), "small".to_owned())].into());
    }

    #[test]
    fn responses_have_all_fields() {
        let [all, edge, required] = &cases()[..] else { panic!("three cases") };
        assert_eq!(all.response["Counts"].as_array().unwrap().len(), 2);
        let node = &all.response["Node"];
        assert!(node["Name"].is_string());
        assert_eq!(node["Node"], json!({}), "a type that contains itself ends");
        assert_eq!(edge.response["Counts"].as_array().unwrap().len(), 1);
        assert_eq!(required.response["Counts"], json!([]));
        assert!(edge.xml().starts_with("<ListGadgetsResponse><Counts>-"), "{}", edge.xml());
    }

    #[test]
    fn a_location_that_is_not_checked_is_an_error() {
        let description = DESCRIPTION.replace("\"formData\"", "\"header\"");
        let (file, overlay) = (Path::new("gadget.json"), Overlay::default());
        let generated =
            generate(file, description.as_bytes(), &overlay, &Settings::default()).unwrap();
        let error = derive(&[generated.product]).unwrap_err();
        assert!(error.starts_with("ListGadgets, Kind: parameters in Header"), "{error}");
    }
}
