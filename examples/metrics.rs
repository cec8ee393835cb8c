//! Shows the metrics of calls, with a recorder that prints what it counted. A program installs an exporter instead,
//! such as `metrics-exporter-prometheus`.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex};

use alicloud_cdn::Client;
use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use alicloud_core::Credentials;
use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let recorder = PrintingRecorder::default();
    metrics::set_global_recorder(recorder.clone())?;
    alicloud_core::metrics::describe();

    // A service that throttles the first attempt and loses the connection of the second.
    let fake = FakeTransport::new()
        .error("DescribeRefreshTaskById", 400, "Throttling.User", "Too many requests.")
        .fault("DescribeRefreshTaskById", Fault::ConnectionReset)
        .respond_json("DescribeRefreshTaskById", r#"{"TotalCount": 0}"#);
    let client: Client = Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(fake)
        .clock(ManualClock::from_unix_seconds(1_767_323_045))
        .build()?;
    client.describe_refresh_task_by_id(DescribeRefreshTaskByIdRequest::new(["704225667"])).await?;

    let sums = recorder.lock();
    for (metric, sum) in sums.iter() {
        println!("{metric} {sum}");
    }
    let retries = sums.iter().find(|(metric, _)| metric.starts_with("alicloud_retries_total"));
    assert_eq!(retries.map(|(_, count)| *count), Some(2.0));
    Ok(())
}

/// A recorder that keeps the sum of each metric.
#[derive(Clone, Default)]
struct PrintingRecorder(Arc<Mutex<BTreeMap<String, f64>>>);

impl PrintingRecorder {
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, f64>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn metric(&self, key: &Key) -> Arc<Metric> {
        let labels: Vec<String> =
            key.labels().map(|label| format!("{}={:?}", label.key(), label.value())).collect();
        let name = format!("{}{{{}}}", key.name(), labels.join(","));
        Arc::new(Metric { recorder: self.clone(), name })
    }
}

impl Recorder for PrintingRecorder {
    fn describe_counter(&self, name: KeyName, _: Option<Unit>, text: SharedString) {
        println!("# {}: {text}", name.as_str());
    }

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, name: KeyName, _: Option<Unit>, text: SharedString) {
        println!("# {}: {text}", name.as_str());
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.metric(key))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.metric(key))
    }
}

struct Metric {
    recorder: PrintingRecorder,
    name: String,
}

impl Metric {
    fn add(&self, value: f64) {
        *self.recorder.lock().entry(self.name.clone()).or_default() += value;
    }
}

impl CounterFn for Metric {
    fn increment(&self, value: u64) {
        self.add(value as f64);
    }

    fn absolute(&self, _: u64) {}
}

impl HistogramFn for Metric {
    fn record(&self, value: f64) {
        self.add(value);
    }
}
