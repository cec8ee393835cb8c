//! The run of all cases by one client with one protocol.

use std::io;
use std::time::SystemTime;

use alicloud_fake::RecordedRequest;

use crate::call_result::{ClientOutput, EarlierResponses};
use crate::protocol::Protocol;
use crate::written::call::ClientCall;
use crate::written::cases::{CASES, Case};
use crate::written::client::InteropClient;
use crate::written::service::Service;

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
