//! The run of all cases by one client with one protocol.

use std::collections::BTreeMap;
use std::io;
use std::time::SystemTime;

use alicloud_fake::RecordedRequest;
use serde_json::Value;

use crate::cases::{CASES, Case};
use crate::client::{CallResult, ClientCall, ClientOutput, InteropClient};
use crate::protocol::Protocol;
use crate::service::Service;

pub(crate) struct Run {
    pub(crate) protocol: Protocol,
    pub(crate) results: Vec<CaseResult>,
}

/// The result of one case.
pub(crate) struct CaseResult {
    pub(crate) case: &'static Case,
    pub(crate) operation: &'static str,
    pub(crate) output: ClientOutput,
    /// The requests that the service received, one unless something is wrong.
    pub(crate) requests: Vec<RecordedRequest>,
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

    fn record(&mut self, case: &'static str, output: &ClientOutput) {
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

impl Run {
    /// Runs all cases against a new fake service.
    pub(crate) async fn run(
        protocol: Protocol,
        client: &mut InteropClient,
        start: SystemTime,
    ) -> io::Result<Self> {
        let service = Service::start(start).await?;
        let mut earlier = EarlierResponses::default();
        let mut results = Vec::new();
        for case in CASES {
            service.advance_clock(case.advance_seconds);
            let invocation = (case.invocation)(&earlier);
            let operation = invocation.operation;
            let earlier_requests = service.requests().len();
            let call =
                ClientCall { endpoint: service.endpoint(), key: case.key, protocol, invocation };
            let output = client.call(call).await;
            earlier.record(case.name, &output);
            let requests = service.requests().into_iter().skip(earlier_requests).collect();
            results.push(CaseResult { case, operation, output, requests });
        }
        Ok(Run { protocol, results })
    }
}
