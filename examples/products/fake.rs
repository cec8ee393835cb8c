//! A fake service in this process, for clients whose waits take no time.

use std::error::Error;
use std::sync::{Arc, Mutex};

use alicloud_core::testing::ManualClock;
use alicloud_core::{ClientBuilder, Clock as _, Credentials};
use alicloud_fake::{
    DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, OperationError, ReceivedCall,
    Spec,
};
use http::StatusCode;
use serde_json::Value;

/// A running service. Its clock moves when a client sleeps.
pub(crate) struct Fake {
    pub(crate) service: FakeService,
    clock: ManualClock,
}

impl Fake {
    pub(crate) async fn start(spec: Spec) -> Result<Self, Box<dyn Error>> {
        let clock = ManualClock::from_unix_seconds(1_767_323_045);
        let time = clock.clone();
        let service = FakeService::builder().clock(move || time.now()).spec(spec)?.start().await?;
        Ok(Fake { service, clock })
    }

    /// Builds a client that calls this service instead of the real one.
    pub(crate) fn client<C: From<alicloud_core::Client>>(
        &self,
        builder: ClientBuilder<C>,
    ) -> Result<C, alicloud_core::Error> {
        builder
            .endpoint(self.service.endpoint())
            .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
            .clock(self.clock.clone())
            .build()
    }

    /// Returns how many calls of an operation the service has received.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        let calls = self.service.requests();
        calls.iter().filter(|call| call.operation.as_deref() == Some(operation)).count()
    }
}

type Handled = Result<Value, OperationError>;

/// Returns a handler that reads and changes the state of a fake.
pub(crate) fn with_state<T: Send + 'static>(
    state: &Arc<Mutex<T>>,
    operation: fn(&mut T, &ReceivedCall) -> Handled,
) -> impl Fn(&ReceivedCall) -> Handled + Send + Sync + 'static {
    let state = Arc::clone(state);
    move |call| match state.lock() {
        Ok(mut state) => operation(&mut state, call),
        Err(_) => Err(refused("InternalError", "An earlier call panicked.")),
    }
}

pub(crate) fn refused(code: &str, message: &str) -> OperationError {
    OperationError::new(StatusCode::BAD_REQUEST, code, message)
}

/// The page that a call asks for.
pub(crate) struct Page {
    pub(crate) number: usize,
    pub(crate) size: usize,
}

impl Page {
    pub(crate) fn requested(call: &ReceivedCall) -> Self {
        let number = |name: &str, default: usize| {
            call.param(name).and_then(|text| text.parse().ok()).unwrap_or(default).max(1)
        };
        Page { number: number("PageNumber", 1), size: number("PageSize", 20) }
    }

    pub(crate) fn select<'a, T>(&self, items: &'a [T]) -> &'a [T] {
        items.chunks(self.size).nth(self.number - 1).unwrap_or_default()
    }
}
