//! From the text of an OpenMeta document to what the service needs of it.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::example::Examples;
use super::operation::{Described, Place, Required};
use super::route::Route;
use super::{Spec, SpecError};

/// A value and where it stands.
struct At<'a> {
    value: Option<&'a Value>,
    pointer: String,
}

impl<'a> At<'a> {
    fn child(&self, key: &str) -> Self {
        let value = self.value.and_then(|value| value.get(key));
        let key = key.replace('~', "~0").replace('/', "~1");
        Self { value, pointer: format!("{}/{key}", self.pointer) }
    }

    fn expected(&self, what: &str) -> SpecError {
        SpecError::expected(what, self.pointer.clone(), self.value)
    }

    fn text(&self) -> Result<&'a str, SpecError> {
        self.value.and_then(Value::as_str).ok_or_else(|| self.expected("a text"))
    }

    fn object(&self) -> Result<&'a Map<String, Value>, SpecError> {
        self.value.and_then(Value::as_object).ok_or_else(|| self.expected("an object"))
    }

    /// The items of a list; none if there is no list at all.
    fn items(&self) -> Result<Vec<Self>, SpecError> {
        let items = match self.value {
            None => return Ok(Vec::new()),
            Some(value) => value.as_array().ok_or_else(|| self.expected("a list"))?,
        };
        let place = |(index, value)| At {
            value: Some(value),
            pointer: format!("{}/{index}", self.pointer),
        };
        Ok(items.iter().enumerate().map(place).collect())
    }
}

pub(super) fn spec(text: &str) -> Result<Spec, SpecError> {
    let document: Value = serde_json::from_str(text).map_err(SpecError::not_json)?;
    let root = At { value: Some(&document), pointer: String::new() };
    root.object()?;
    let info = root.child("info");
    let (product, version) = (info.child("product").text()?, info.child("version").text()?);
    let style = info.child("style");
    let is_rpc = match style.text()? {
        "RPC" => true,
        // V3 is either, operation by operation: one that has a path is called there.
        "ROA" | "V3" => false,
        // The others have a gateway or a signature of their own.
        _ => return Err(style.expected("RPC, ROA or V3")),
    };
    let apis = root.child("apis");
    let operations = apis
        .object()?
        .keys()
        .map(|name| operation(name, &apis.child(name), is_rpc).map(Arc::new))
        .collect::<Result<_, _>>()?;
    Ok(Spec { product: product.to_owned(), version: version.to_owned(), operations })
}

fn operation(name: &str, at: &At<'_>, is_rpc: bool) -> Result<Described, SpecError> {
    at.object()?;
    let mut methods = Vec::new();
    for method in at.child("methods").items()? {
        let text = method.text()?.to_ascii_uppercase();
        let read = Method::from_bytes(text.as_bytes());
        methods.push(read.map_err(|_| method.expected("an HTTP method"))?);
    }
    if methods.is_empty() {
        methods.push(Method::POST);
    }
    let path = at.child("path");
    // RPC operations have a path in a few documents, and are called at the root all the same.
    let route = match path.value {
        Some(_) if !is_rpc => Some(Route::new(path.text()?)),
        _ => None,
    };
    let (status, says_something) = success(&at.child("responses"))?;
    let demo = at.child("responseDemo");
    let demo = demo.value.map(|_| demo.text()).transpose()?.unwrap_or_default();
    Ok(Described {
        name: name.to_owned(),
        methods,
        route,
        required: required(&at.child("parameters"))?,
        open: is_open(&at.child("security"))?,
        throttled: throttled(&at.child("errorCodes"))?,
        examples: Examples::read(name, demo, says_something),
        status,
    })
}

/// The parameters that have to be there. Those of the path are, or the path would be another.
fn required(at: &At<'_>) -> Result<Vec<Required>, SpecError> {
    let mut found = Vec::new();
    for parameter in at.items()? {
        let place = match parameter.child("in").text()? {
            "query" | "formData" => Place::Pairs,
            "header" => Place::Header,
            "body" => Place::Body,
            _ => continue,
        };
        let required = parameter.child("schema").child("required").value;
        if required == Some(&Value::Bool(true)) {
            found.push(Required { name: parameter.child("name").text()?.to_owned(), place });
        }
    }
    Ok(found)
}

/// Whether the operation is called without a signature.
fn is_open(at: &At<'_>) -> Result<bool, SpecError> {
    let ways = at.items()?;
    let has = |way: &str| ways.iter().any(|item| item.child(way).value.is_some());
    Ok(has("Anonymous") || has("ARS_OIDC"))
}

/// The status of success, and whether it comes with anything.
fn success(at: &At<'_>) -> Result<(StatusCode, bool), SpecError> {
    if at.value.is_none() {
        return Ok((StatusCode::OK, true));
    }
    let mut statuses: Vec<&str> = at
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
    Ok((status, at.child(first).child("schema").value.is_some()))
}

/// The error that tells of too many calls.
fn throttled(at: &At<'_>) -> Result<Option<(StatusCode, String)>, SpecError> {
    if at.value.is_none() {
        return Ok(None);
    }
    for key in at.object()?.keys() {
        // Keys that are no status, such as 999999, are error numbers of the product.
        let Ok(status) = key.parse::<StatusCode>() else {
            continue;
        };
        for entry in at.child(key).items()? {
            let code = entry.child("errorCode");
            let code = code.value.and_then(Value::as_str).unwrap_or_default();
            if code.starts_with("Throttling") || code == "TooManyRequests" {
                return Ok(Some((status, code.to_owned())));
            }
        }
    }
    Ok(None)
}
