//! Which products, versions and operations the service simulates.

use http::Method;
use serde_json::{Map, Value};

use crate::cdn::{self, Task};
use crate::incoming::Incoming;
use crate::refusal::Refusal;

/// Everything that operations look at and change.
pub(crate) struct World {
    pub(crate) tasks: Vec<Task>,
}

/// The fields of a reply, without the request id.
pub(crate) type Fields = Map<String, Value>;

pub(crate) struct Product {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) operations: &'static [Operation],
}

pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Incoming, &mut World) -> Result<Fields, Refusal>,
}

/// On one loopback address the host name says nothing, so a product is known by its version.
const PRODUCTS: &[Product] = &[cdn::PRODUCT];

pub(crate) fn product(version: Option<&str>) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| Some(product.version) == version)
}

/// Finds the operation that a request asks for.
pub(crate) fn operation(request: &Incoming) -> Result<&'static Operation, Refusal> {
    let version = request.version().ok_or_else(|| Refusal::missing("Version"))?;
    let product = product(Some(&version)).ok_or_else(|| Refusal::invalid("Version"))?;
    let action = request.action().ok_or_else(|| Refusal::missing("Action"))?;
    let operation = product
        .operations
        .iter()
        .find(|operation| operation.name == action)
        .ok_or_else(Refusal::unknown_action)?;
    // All of them are RPC operations: one path, two methods.
    if !matches!(request.path.as_str(), "" | "/") {
        return Err(Refusal::unknown_api());
    }
    if request.method != Method::GET && request.method != Method::POST {
        return Err(Refusal::http_method());
    }
    Ok(operation)
}
