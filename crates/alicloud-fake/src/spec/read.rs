//! Parsing of OpenMeta documents.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::example::Examples;
use super::operation::{DescribedOperation, ParamLocation, RequiredParam};
use super::route::Route;
use super::{Spec, SpecError};

/// A position in the document.
struct Node<'a> {
    /// `None` if the document has no value at this position.
    value: Option<&'a Value>,
    /// As a JSON pointer.
    pointer: String,
}

impl<'a> Node<'a> {
    fn child(&self, key: &str) -> Self {
        let value = self.value.and_then(|value| value.get(key));
        let key = key.replace('~', "~0").replace('/', "~1");
        Self { value, pointer: format!("{}/{key}", self.pointer) }
    }

    fn expected(&self, what: &str) -> SpecError {
        SpecError::expected(what, self.pointer.clone(), self.value)
    }

    fn string(&self) -> Result<&'a str, SpecError> {
        self.value.and_then(Value::as_str).ok_or_else(|| self.expected("a string"))
    }

    fn object(&self) -> Result<&'a Map<String, Value>, SpecError> {
        self.value.and_then(Value::as_object).ok_or_else(|| self.expected("an object"))
    }

    /// Returns the items of an array; empty if the value is missing.
    fn items(&self) -> Result<Vec<Self>, SpecError> {
        let items = match self.value {
            None => return Ok(Vec::new()),
            Some(value) => value.as_array().ok_or_else(|| self.expected("an array"))?,
        };
        let item = |(index, value)| Node {
            value: Some(value),
            pointer: format!("{}/{index}", self.pointer),
        };
        Ok(items.iter().enumerate().map(item).collect())
    }
}

fn parse_spec(text: &str) -> Result<Spec, SpecError> {
    let document: Value = serde_json::from_str(text).map_err(SpecError::not_json)?;
    let root = Node { value: Some(&document), pointer: String::new() };
    root.object()?;
    let info = root.child("info");
    let (product, version) = (info.child("product").string()?, info.child("version").string()?);
    let style = info.child("style");
    let is_rpc = match style.string()? {
        "RPC" => true,
        // A V3 product can have both: an operation with a path is called there.
        "ROA" | "V3" => false,
        // Products of other styles have their own gateway or signature.
        _ => return Err(style.expected("RPC, ROA or V3")),
    };
    let apis = root.child("apis");
    let operations = apis
        .object()?
        .keys()
        .map(|name| parse_operation(name, &apis.child(name), is_rpc).map(Arc::new))
        .collect::<Result<_, _>>()?;
    Ok(Spec { product: product.to_owned(), version: version.to_owned(), operations })
}

fn parse_operation(
    name: &str,
    node: &Node<'_>,
    is_rpc: bool,
) -> Result<DescribedOperation, SpecError> {
    node.object()?;
    let mut methods = Vec::new();
    for method in node.child("methods").items()? {
        let text = method.string()?.to_ascii_uppercase();
        let parsed = Method::from_bytes(text.as_bytes());
        methods.push(parsed.map_err(|_| method.expected("an HTTP method"))?);
    }
    if methods.is_empty() {
        methods.push(Method::POST);
    }
    let path = node.child("path");
    // In a few documents RPC operations have a path, but they are called at the root.
    let route = match path.value {
        Some(_) if !is_rpc => Some(Route::new(path.string()?)),
        _ => None,
    };
    let (status, has_body) = success_response(&node.child("responses"))?;
    let demo = node.child("responseDemo");
    let demo = demo.value.map(|_| demo.string()).transpose()?.unwrap_or_default();
    Ok(DescribedOperation {
        name: name.to_owned(),
        methods,
        route,
        required: required_params(&node.child("parameters"))?,
        anonymous: is_anonymous(&node.child("security"))?,
        throttled: throttling_error(&node.child("errorCodes"))?,
        examples: Examples::parse(name, demo, has_body),
        handler: None,
        status,
    })
}

/// Returns the required parameters, except those of the path, which every matching path contains.
fn required_params(node: &Node<'_>) -> Result<Vec<RequiredParam>, SpecError> {
    let mut params = Vec::new();
    for parameter in node.items()? {
        let location = match parameter.child("in").string()? {
            "query" | "formData" => ParamLocation::QueryOrForm,
            "header" => ParamLocation::Header,
            "body" => ParamLocation::Body,
            _ => continue,
        };
        let required = parameter.child("schema").child("required").value;
        if required == Some(&Value::Bool(true)) {
            let name = parameter.child("name").string()?.to_owned();
            params.push(RequiredParam { name, location });
        }
    }
    Ok(params)
}

/// Returns whether calls of the operation need no signature.
fn is_anonymous(node: &Node<'_>) -> Result<bool, SpecError> {
    let schemes = node.items()?;
    let has = |scheme: &str| schemes.iter().any(|item| item.child(scheme).value.is_some());
    Ok(has("Anonymous") || has("ARS_OIDC"))
}

/// Returns the status of a success, and whether the response has a body.
fn success_response(node: &Node<'_>) -> Result<(StatusCode, bool), SpecError> {
    if node.value.is_none() {
        return Ok((StatusCode::OK, true));
    }
    let mut statuses: Vec<&str> = node
        .object()?
        .keys()
        .map(String::as_str)
        .filter(|key| key.len() == 3 && key.starts_with('2'))
        .collect();
    statuses.sort_unstable();
    let Some(first) = statuses.first() else {
        return Ok((StatusCode::OK, true));
    };
    let status = first.parse().unwrap_or(StatusCode::OK);
    Ok((status, node.child(first).child("schema").value.is_some()))
}

/// Returns status and code of the error for calls above the rate limit.
fn throttling_error(node: &Node<'_>) -> Result<Option<(StatusCode, String)>, SpecError> {
    if node.value.is_none() {
        return Ok(None);
    }
    for key in node.object()?.keys() {
        // Keys that are not a status, such as 999999, are error numbers of the product.
        let Ok(status) = key.parse::<StatusCode>() else {
            continue;
        };
        for entry in node.child(key).items()? {
            let code = entry.child("errorCode");
            let code = code.value.and_then(Value::as_str).unwrap_or_default();
            if code.starts_with("Throttling") || code == "TooManyRequests" {
                return Ok(Some((status, code.to_owned())));
            }
        }
    }
    Ok(None)
}

impl TryFrom<&str> for Spec {
    type Error = SpecError;

    fn try_from(text: &str) -> Result<Self, SpecError> {
        parse_spec(text)
    }
}

impl TryFrom<String> for Spec {
    type Error = SpecError;

    fn try_from(text: String) -> Result<Self, SpecError> {
        parse_spec(&text)
    }
}
