//! The result of a call, and what later calls use of it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// The output of a client for one call.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ClientOutput {
    #[serde(flatten)]
    pub(crate) result: CallResult,
    /// Whether the call was made without types, because the client has none for it.
    #[serde(default)]
    pub(crate) is_generic: bool,
    /// The fields of the response whose types are not those that the client declares, with the declared ones.
    #[serde(default)]
    pub(crate) other_types: BTreeMap<String, String>,
}

impl From<CallResult> for ClientOutput {
    fn from(result: CallResult) -> Self {
        ClientOutput { result, is_generic: false, other_types: BTreeMap::new() }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallResult {
    /// The decoded response, with the field names of the service.
    Response(Value),
    /// The error of the service, as the client reports it.
    ServiceError(ServiceError),
    /// The client has no such operation. It made no call.
    NotSupported(String),
    /// An error of the client itself, which is not an error of the service.
    ClientError(String),
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ServiceError {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
}

/// Values from earlier responses that later cases use.
#[derive(Default)]
pub(crate) struct EarlierResponses {
    ids: BTreeMap<&'static str, String>,
    time: String,
}

impl EarlierResponses {
    /// Returns the task ids in the response of a case. Without a response it returns an invalid id,
    /// which makes the later case fail.
    pub(crate) fn id(&self, case: &str) -> &str {
        self.ids.get(case).map_or("none", String::as_str)
    }

    /// Returns the creation time of the first listed task.
    pub(crate) fn time(&self) -> &str {
        &self.time
    }

    pub(crate) fn record(&mut self, case: &'static str, output: &ClientOutput) {
        let CallResult::Response(response) = &output.result else { return };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let id = ["RefreshTaskId", "PushTaskId"].into_iter().find_map(|name| response.get(name));
        if let Some(id) = id.and_then(text) {
            self.ids.insert(case, id);
        }
        if self.time.is_empty() {
            let time = response.pointer("/Tasks/0/CreationTime").and_then(text);
            self.time = time.unwrap_or_default();
        }
    }
}
