//! A simulated CDN and its client, on a clock that stands still until it is moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use alicloud_fake::{FakeService, Simulation};
use serde_json::Value;

use crate::client::{Response, now, send};
use crate::sign::Call;

pub(crate) struct Cdn {
    pub(crate) service: FakeService,
    passed: Arc<AtomicU64>,
    calls: AtomicU64,
}

impl Cdn {
    /// Without pinned tasks.
    pub(crate) async fn new(simulation: Simulation) -> Self {
        Self::with(simulation, []).await
    }

    pub(crate) async fn with(
        simulation: Simulation,
        pinned: impl IntoIterator<Item = alicloud_fake::Task>,
    ) -> Self {
        let passed = Arc::new(AtomicU64::new(0));
        let clock = Arc::clone(&passed);
        let service = FakeService::builder()
            .clock(move || now() + Duration::from_millis(clock.load(Ordering::Relaxed)))
            .tasks(pinned)
            .simulation(simulation)
            .start()
            .await
            .unwrap();
        Self { service, passed, calls: AtomicU64::new(0) }
    }

    pub(crate) fn time(&self) -> SystemTime {
        now() + Duration::from_millis(self.passed.load(Ordering::Relaxed))
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.passed.fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }

    pub(crate) fn pass_seconds(&self, seconds: u64) {
        self.pass(Duration::from_secs(seconds));
    }

    pub(crate) async fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Response {
        self.send(action, parameters, |call| call.rpc_form()).await
    }

    pub(crate) async fn send(
        &self,
        action: &str,
        parameters: &[(&str, &str)],
        sign: fn(&Call<'_>) -> String,
    ) -> Response {
        let nonce = self.calls.fetch_add(1, Ordering::Relaxed).to_string();
        let time = humantime::format_rfc3339_seconds(self.time()).to_string();
        let mut parameters = parameters.to_vec();
        if !parameters.iter().any(|(name, _)| *name == "Format") {
            parameters.push(("Format", "JSON"));
        }
        let call =
            Call { action, nonce: &nonce, time: &time, parameters: &parameters, ..Call::default() };
        send(&self.service, sign(&call)).await
    }

    /// The answer to a call that succeeds.
    pub(crate) async fn ask(&self, action: &str, parameters: &[(&str, &str)]) -> Value {
        let response = self.call(action, parameters).await;
        assert_eq!(response.status, 200, "{action} {}", response.body);
        response.json()
    }

    /// Status and code of a call that does not.
    pub(crate) async fn refused(&self, action: &str, parameters: &[(&str, &str)]) -> (u16, String) {
        let response = self.call(action, parameters).await;
        (response.status, response.code().unwrap_or_default())
    }

    /// Refreshes URLs and returns the ids.
    pub(crate) async fn refresh(&self, urls: &str) -> String {
        self.refresh_as("File", urls).await
    }

    pub(crate) async fn refresh_as(&self, kind: &str, urls: &str) -> String {
        let parameters = [("ObjectPath", urls), ("ObjectType", kind)];
        let response = self.ask("RefreshObjectCaches", &parameters).await;
        response["RefreshTaskId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn preload(&self, urls: &str) -> String {
        let response = self.ask("PushObjectCache", &[("ObjectPath", urls)]).await;
        response["PushTaskId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn by_id(&self, ids: &str) -> Vec<Value> {
        let response = self.ask("DescribeRefreshTaskById", &[("TaskId", ids)]).await;
        let tasks = response["Tasks"].as_array().unwrap().clone();
        assert_eq!(response["TotalCount"], tasks.len());
        tasks
    }
}

/// One field of each of these.
pub(crate) fn each<'a>(items: &'a [Value], field: &str) -> Vec<&'a str> {
    items.iter().map(|item| item[field].as_str().unwrap()).collect()
}

/// So many different URLs of a domain, a line each.
pub(crate) fn urls(domain: &str, count: usize) -> String {
    let urls: Vec<String> = (0..count).map(|n| format!("https://{domain}/{n}")).collect();
    urls.join("\n")
}
