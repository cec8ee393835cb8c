//! A recorder of metrics that a test can read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

/// The recorded metrics by name and labels, as in `alicloud_calls_total{product="Cdn"}`.
#[derive(Clone, Default)]
pub(crate) struct TestRecorder(Arc<Mutex<Recorded>>);

#[derive(Clone, Default)]
pub(crate) struct Recorded {
    pub(crate) counters: BTreeMap<String, u64>,
    pub(crate) histograms: BTreeMap<String, Vec<f64>>,
    /// The unit and the description of each name.
    pub(crate) descriptions: BTreeMap<String, (Option<Unit>, String)>,
}

impl TestRecorder {
    pub(crate) fn recorded(&self) -> Recorded {
        self.0.lock().unwrap().clone()
    }

    fn metric(&self, key: &Key) -> Arc<Metric> {
        let labels: Vec<String> =
            key.labels().map(|label| format!("{}={:?}", label.key(), label.value())).collect();
        let name = format!("{}{{{}}}", key.name(), labels.join(","));
        Arc::new(Metric { recorder: self.clone(), name })
    }

    fn describe(&self, name: &KeyName, unit: Option<Unit>, text: &SharedString) {
        let description = (unit, text.to_string());
        self.0.lock().unwrap().descriptions.insert(name.as_str().to_owned(), description);
    }
}

impl Recorder for TestRecorder {
    fn describe_counter(&self, name: KeyName, unit: Option<Unit>, text: SharedString) {
        self.describe(&name, unit, &text);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, text: SharedString) {
        self.describe(&name, unit, &text);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, text: SharedString) {
        self.describe(&name, unit, &text);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.metric(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        panic!("{key} is a gauge")
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.metric(key))
    }
}

struct Metric {
    recorder: TestRecorder,
    name: String,
}

impl CounterFn for Metric {
    fn increment(&self, value: u64) {
        let mut recorded = self.recorder.0.lock().unwrap();
        *recorded.counters.entry(self.name.clone()).or_default() += value;
    }

    fn absolute(&self, value: u64) {
        panic!("{} is set to {value}", self.name)
    }
}

impl HistogramFn for Metric {
    fn record(&self, value: f64) {
        let mut recorded = self.recorder.0.lock().unwrap();
        recorded.histograms.entry(self.name.clone()).or_default().push(value);
    }
}
