//! A simulated CDN and its client, with a manual clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use alicloud_fake::{FakeService, Simulation};
use serde_json::Value;

use crate::client::{Response, now, send};
use crate::sign::Call;

pub(crate) struct Cdn {
    pub(crate) service: FakeService,
    elapsed_millis: Arc<AtomicU64>,
    call_count: AtomicU64,
}

impl Cdn {
    /// Starts a service without pinned tasks.
    pub(crate) async fn new(simulation: Simulation) -> Self {
        Self::with_pinned(simulation, []).await
    }

    pub(crate) async fn with_pinned(
        simulation: Simulation,
        pinned: impl IntoIterator<Item = alicloud_fake::Task>,
    ) -> Self {
        let elapsed_millis = Arc::new(AtomicU64::new(0));
        let clock = Arc::clone(&elapsed_millis);
        let service = FakeService::builder()
            .clock(move || now() + Duration::from_millis(clock.load(Ordering::Relaxed)))
            .tasks(pinned)
            .simulation(simulation)
            .start()
            .await
            .unwrap();
        Self { service, elapsed_millis, call_count: AtomicU64::new(0) }
    }

    pub(crate) fn now(&self) -> SystemTime {
        now() + Duration::from_millis(self.elapsed_millis.load(Ordering::Relaxed))
    }

    pub(crate) fn advance(&self, time: Duration) {
        self.elapsed_millis.fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }

    pub(crate) fn advance_seconds(&self, seconds: u64) {
        self.advance(Duration::from_secs(seconds));
    }

    pub(crate) async fn call(&self, operation: &str, params: &[(&str, &str)]) -> Response {
        self.send(operation, params, |call| call.rpc_form()).await
    }

    pub(crate) async fn send(
        &self,
        operation: &str,
        params: &[(&str, &str)],
        sign: fn(&Call<'_>) -> String,
    ) -> Response {
        let nonce = self.call_count.fetch_add(1, Ordering::Relaxed).to_string();
        let time = humantime::format_rfc3339_seconds(self.now()).to_string();
        let mut params = params.to_vec();
        if !params.iter().any(|(name, _)| *name == "Format") {
            params.push(("Format", "JSON"));
        }
        let call =
            Call { operation, nonce: &nonce, time: &time, params: &params, ..Call::default() };
        send(&self.service, sign(&call)).await
    }

    /// Returns the response of a successful call.
    pub(crate) async fn call_ok(&self, operation: &str, params: &[(&str, &str)]) -> Value {
        let response = self.call(operation, params).await;
        assert_eq!(response.status, 200, "{operation} {}", response.body);
        response.json()
    }

    /// Returns the status and code of a call that fails.
    pub(crate) async fn call_error(
        &self,
        operation: &str,
        params: &[(&str, &str)],
    ) -> (u16, String) {
        let response = self.call(operation, params).await;
        (response.status, response.code().unwrap_or_default())
    }

    /// Refreshes URLs and returns the task ids.
    pub(crate) async fn refresh(&self, urls: &str) -> String {
        self.refresh_as("File", urls).await
    }

    pub(crate) async fn refresh_as(&self, kind: &str, urls: &str) -> String {
        let params = [("ObjectPath", urls), ("ObjectType", kind)];
        let response = self.call_ok("RefreshObjectCaches", &params).await;
        response["RefreshTaskId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn preload(&self, urls: &str) -> String {
        let response = self.call_ok("PushObjectCache", &[("ObjectPath", urls)]).await;
        response["PushTaskId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn tasks_by_id(&self, ids: &str) -> Vec<Value> {
        let response = self.call_ok("DescribeRefreshTaskById", &[("TaskId", ids)]).await;
        let tasks = response["Tasks"].as_array().unwrap().clone();
        assert_eq!(response["TotalCount"], tasks.len());
        tasks
    }
}

/// Returns one field of every item.
pub(crate) fn field_values<'a>(items: &'a [Value], field: &str) -> Vec<&'a str> {
    items.iter().map(|item| item[field].as_str().unwrap()).collect()
}

/// Returns different URLs of a domain, one per line.
pub(crate) fn urls(domain: &str, count: usize) -> String {
    let urls: Vec<String> = (0..count).map(|n| format!("https://{domain}/{n}")).collect();
    urls.join("\n")
}
