//! Descriptions of other products, and their documented responses.

mod error;
mod example;
mod handler;
mod operation;
mod read;
mod route;

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

pub use error::SpecError;
pub(crate) use example::Example;
use handler::Handler;
pub use handler::{OperationError, ReceivedCall};
pub(crate) use operation::{Answer, DescribedOperation};

use serde_json::Value;

use crate::request::ParsedRequest;

/// The OpenMeta description of a product, as published by Alibaba Cloud.
///
/// The styles `RPC`, `ROA` and `V3` are supported; products of other styles have their own gateway
/// or signature. [`FakeServiceBuilder::spec`](crate::FakeServiceBuilder::spec) adds the operations
/// of the product: RPC operations by name, ROA operations by method and path.
///
/// A call is checked like any other, including its required parameters. Then it gets the documented
/// example response of the operation with a new request id. No state is kept: a resource that one
/// call creates is not found by the next, unless functions of your own [handle](Self::handle) the calls.
///
/// * A JSON response is the JSON example.
/// * An XML response is the XML example or, if that is missing or not well-formed, it is converted
///   from the JSON example, unless a nested list or a name makes that impossible.
/// * XML examples are not converted to JSON, because XML does not distinguish a list with one item
///   from a single value.
/// * A call without an example is `FakeService.NoExample` with status 501, as every call of a description
///   with facts only: [handle](Self::handle) it. An operation that is described as having no response
///   body returns its request id.
///
/// Several descriptions can have the same version. The first operation that matches a request is
/// used; simulated operations come first.
///
/// ```
/// use alicloud_fake::{FakeService, Spec};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let text = r#"{
///     "info": { "style": "RPC", "product": "Weather", "version": "2026-01-01" },
///     "apis": {
///         "DescribeSky": {
///             "methods": ["get", "post"],
///             "parameters": [
///                 { "name": "City", "in": "query", "schema": { "type": "string", "required": true } }
///             ],
///             "responseDemo": "[{\"type\":\"json\",\"example\":\"{\\\"Sky\\\":\\\"blue\\\"}\"}]"
///         }
///     }
/// }"#;
/// let service = FakeService::builder().spec(text)?.start().await?;
/// assert!(service.requests().is_empty());
///
/// let error = Spec::try_from(r#"{ "info": { "product": 7 } }"#).unwrap_err();
/// assert_eq!(error.to_string(), "/info/product: expected a string, found 7");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Spec {
    pub(crate) product: String,
    pub(crate) version: String,
    operations: Vec<Arc<DescribedOperation>>,
}

impl Spec {
    /// Reads a description from a file.
    ///
    /// # Errors
    ///
    /// Returns an error with the file's name if the file cannot be read, is not JSON, or is not a
    /// description of a supported style. [`SpecError::pointer`] returns the invalid position.
    ///
    /// ```
    /// use alicloud_fake::Spec;
    ///
    /// let error = Spec::open("missing.json").unwrap_err();
    /// assert!(error.to_string().starts_with("missing.json: "));
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SpecError> {
        let path = path.as_ref();
        std::fs::read_to_string(path)
            .map_err(SpecError::unreadable)
            .and_then(|text| Self::try_from(text.as_str()))
            .map_err(|error| error.in_file(path))
    }

    /// Answers the calls of an operation with a function, for example one that keeps the resources of a test.
    ///
    /// It is called after the checks, one call at a time. It returns the fields of the response, to which the
    /// request id is added, or the error of the call.
    ///
    /// # Errors
    ///
    /// Returns an error if the description has no operation with this name.
    ///
    /// ```
    /// use alicloud_fake::{OperationError, Spec};
    /// use http::StatusCode;
    /// use serde_json::json;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let text = r#"{
    ///     "info": { "style": "RPC", "product": "Weather", "version": "2026-01-01" },
    ///     "apis": { "DescribeSky": { "methods": ["post"] } }
    /// }"#;
    /// let spec = Spec::try_from(text)?.handle("DescribeSky", |call| match call.param("City") {
    ///     Some("Hangzhou") => Ok(json!({ "Sky": "blue" })),
    ///     _ => Err(OperationError::new(StatusCode::NOT_FOUND, "City.NotFound", "Unknown city.")),
    /// })?;
    ///
    /// let error = spec.handle("DescribeSea", |_| Ok(json!({}))).unwrap_err();
    /// assert_eq!(error.to_string(), "/apis: the description has no operation \"DescribeSea\"");
    /// # Ok(())
    /// # }
    /// ```
    pub fn handle(
        mut self,
        operation: &str,
        handler: impl Fn(&ReceivedCall) -> Result<Value, OperationError> + Send + Sync + 'static,
    ) -> Result<Self, SpecError> {
        let described = self.operations.iter_mut().find(|described| described.name == operation);
        let described = described.ok_or_else(|| SpecError::no_operation(operation))?;
        Arc::make_mut(described).handler = Some(Handler::new(handler));
        Ok(self)
    }

    pub(crate) fn operation_by_name(&self, name: &str) -> Option<&Arc<DescribedOperation>> {
        self.operations.iter().find(|operation| operation.name == name)
    }

    /// Returns the operation for the path and method of a request. If several paths match, the most
    /// specific one is used. `name` is the operation that the request names, if it does.
    pub(crate) fn operation_by_path(
        &self,
        request: &ParsedRequest,
        name: Option<&str>,
    ) -> Option<&Arc<DescribedOperation>> {
        self.operations
            .iter()
            .filter(|operation| name.is_none_or(|name| name == operation.name))
            .filter_map(|operation| Some((operation.route.as_ref()?, operation)))
            .filter(|(route, operation)| {
                operation.allows_method(&request.method) && route.matches(request)
            })
            .max_by_key(|(route, _)| route.specificity())
            .map(|(_, operation)| operation)
    }
}

impl From<Infallible> for SpecError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
