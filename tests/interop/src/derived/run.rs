//! The run of all derived cases by one client with one protocol.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use alicloud_core::http::StatusCode;
use alicloud_core::{Client, ClientBuilder, Format, RateLimits};
use alicloud_fake::{FakeService, RecordedRequest, ScriptedResponse};
use serde_json::Value;

use super::case::Case;
use super::our_client::OurOperation;
use crate::access_key::AccessKey;
use crate::call_result::{CallResult, ClientOutput};
use crate::driver::{Driver, DriverCall};
use crate::protocol::Protocol;

/// What a client did for one case.
pub(crate) struct Outcome {
    pub(crate) output: ClientOutput,
    /// The requests that the service received, one unless something is wrong.
    pub(crate) requests: Vec<RecordedRequest>,
    /// Our typed request, serialized again.
    pub(crate) request: Option<Value>,
}

/// A fake service that answers each call with the response of its case.
struct Service {
    fake: FakeService,
    requests: Arc<Mutex<Vec<RecordedRequest>>>,
}

impl Service {
    async fn start() -> io::Result<Self> {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&requests);
        let fake = FakeService::builder()
            .on_request(move |request| {
                recorded.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
            })
            .start()
            .await?;
        Ok(Service { fake, requests })
    }

    fn prepare(&self, case: &Case, format: Format) {
        let response = match format {
            Format::Json => ScriptedResponse::json(StatusCode::OK, case.response.to_string()),
            _ => ScriptedResponse::xml(StatusCode::OK, case.xml()),
        };
        let response = response.for_operation(&case.operation);
        self.fake.enqueue(match case.is_anonymous {
            true => response.skip_verification(),
            false => response,
        });
    }

    /// Returns the requests since the last time.
    fn take_requests(&self) -> Vec<RecordedRequest> {
        std::mem::take(&mut *self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Runs all cases with our client.
pub(crate) async fn run_ours(
    protocol: Protocol,
    cases: &[Case],
    operations: &'static [OurOperation],
) -> io::Result<Vec<Outcome>> {
    let service = Service::start().await?;
    let by_key: BTreeMap<_, _> = operations
        .iter()
        .map(|one| ((one.product.code(), one.product.version(), one.operation.name()), one))
        .collect();
    // Creating a client takes longer than a call.
    let mut clients: BTreeMap<(&str, &str), Client> = BTreeMap::new();
    let mut outcomes = Vec::new();
    for case in cases {
        service.prepare(case, protocol.format);
        let call = match by_key.get(&case.key()) {
            None => Err("no committed crate has this operation".to_owned()),
            Some(operation) => {
                let key = (operation.product.code(), operation.product.version());
                let client = match clients.entry(key) {
                    Entry::Occupied(client) => client.into_mut(),
                    Entry::Vacant(entry) => entry.insert(
                        our_client(operation, &service, protocol).map_err(io::Error::other)?,
                    ),
                };
                (operation.call)(client, operation.operation, &case.parameters)
            }
        };
        let (request, result) = match call {
            Ok(call) => (Some(call.request), call.result.await),
            Err(message) => (None, CallResult::ClientError(message)),
        };
        let requests = service.take_requests();
        outcomes.push(Outcome { output: result.into(), requests, request });
    }
    Ok(outcomes)
}

fn our_client(
    operation: &OurOperation,
    service: &Service,
    protocol: Protocol,
) -> Result<Client, alicloud_core::Error> {
    ClientBuilder::<Client>::new(operation.product)
        .endpoint(service.fake.endpoint())
        .credentials(AccessKey::Valid.credentials())
        .signature(protocol.signature)
        .format(protocol.format)
        .rate_limiter(RateLimits::off())
        .no_proxy()
        .build()
}

/// Runs all cases with an official client.
pub(crate) async fn run_official(
    protocol: Protocol,
    cases: &[Case],
    driver: &mut Driver,
) -> io::Result<Vec<Outcome>> {
    let service = Service::start().await?;
    let endpoint = service.fake.endpoint().trim_start_matches("http://");
    let mut outcomes = Vec::new();
    for case in cases {
        service.prepare(case, protocol.format);
        let output = driver
            .call(&DriverCall {
                product: &case.product,
                version: &case.version,
                endpoint,
                key: AccessKey::Valid,
                protocol,
                operation: &case.operation,
                parameters: &case.parameters,
                texts: &case.texts,
            })
            .await;
        outcomes.push(Outcome { output, requests: service.take_requests(), request: None });
    }
    Ok(outcomes)
}
