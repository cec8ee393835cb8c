//! Descriptions of other products, whose documented responses are answered.

mod error;
mod example;
mod operation;
mod read;
mod route;

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

pub use error::SpecError;
pub(crate) use example::Example;
pub(crate) use operation::Described;

use crate::request::Incoming;

/// A product that is described by an OpenMeta document, as Alibaba Cloud publishes one for each of
/// its products. The styles `RPC`, `ROA` and `V3` are taken; products of any other have a gateway or
/// a signature of their own.
///
/// Given to [`spec`](crate::FakeServiceBuilder::spec), its operations exist: an RPC operation by its
/// name, a ROA operation by method and path. A call is checked like any other, required parameters
/// included, and then answered with the operation's documented response, in which only the request id
/// is a fresh one. Nothing is kept: what one call creates another does not find.
///
/// JSON is answered from the JSON example. XML is answered from the XML example or, where there is
/// none that is well-formed, from the JSON example, unless a list in a list or a name forbids it.
/// JSON is never made of XML, which does not tell a list of one item from no list. A call for which
/// there is no response is `FakeService.NoExample` with status 501; an operation that is described as
/// answering nothing answers its request id.
///
/// Two descriptions may share a version. The first operation that fits a request is taken, those
/// that the service simulates before those that are described.
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
/// # drop(service);
///
/// let error = Spec::try_from(r#"{ "info": { "product": 7 } }"#).unwrap_err();
/// assert_eq!(error.to_string(), "/info/product: expected a text, found 7");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Spec {
    pub(crate) product: String,
    pub(crate) version: String,
    operations: Vec<Arc<Described>>,
}

impl Spec {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is not such a document. The error names the file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SpecError> {
        let path = path.as_ref();
        std::fs::read_to_string(path)
            .map_err(SpecError::unreadable)
            .and_then(|text| Self::try_from(text.as_str()))
            .map_err(|error| error.in_file(path))
    }

    pub(crate) fn by_name(&self, name: &str) -> Option<&Arc<Described>> {
        self.operations.iter().find(|operation| operation.name == name)
    }

    /// The operation at the path and method of a request. Where paths of several fit, the one with
    /// the most literal text.
    pub(crate) fn by_path(
        &self,
        request: &Incoming,
        action: Option<&str>,
    ) -> Option<&Arc<Described>> {
        self.operations
            .iter()
            .filter(|operation| action.is_none_or(|action| action == operation.name))
            .filter_map(|operation| Some((operation.route.as_ref()?, operation)))
            .filter(|(route, operation)| operation.takes(&request.method) && route.leads(request))
            .max_by_key(|(route, _)| route.precision())
            .map(|(_, operation)| operation)
    }
}

impl TryFrom<&str> for Spec {
    type Error = SpecError;

    fn try_from(text: &str) -> Result<Self, SpecError> {
        read::spec(text)
    }
}

impl TryFrom<String> for Spec {
    type Error = SpecError;

    fn try_from(text: String) -> Result<Self, SpecError> {
        read::spec(&text)
    }
}

impl From<Infallible> for SpecError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
