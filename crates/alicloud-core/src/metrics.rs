//! Metrics of calls and attempts, for programs that use the crate [`metrics`](https://docs.rs/metrics).
//!
//! With the feature `metrics`, every call reports to the recorder that the program has installed; without a
//! recorder, nothing is kept. Names and units follow Prometheus, so exporters can use them unchanged.
//!
//! | Metric | Type | Unit | Labels | Counts or measures |
//! |---|---|---|---|---|
//! | [`alicloud_calls_total`](CALLS) | counter | calls | `product`, `operation`, `result` | finished calls |
//! | [`alicloud_call_duration_seconds`](CALL_DURATION) | histogram | seconds | `product`, `operation` | a whole call: credentials, rate limit, attempts, the delays between them |
//! | [`alicloud_attempts_total`](ATTEMPTS) | counter | attempts | `product`, `operation`, `result` | requests sent; `result="throttling"` counts the throttled ones |
//! | [`alicloud_attempt_duration_seconds`](ATTEMPT_DURATION) | histogram | seconds | `product`, `operation` | one attempt: from sending the request to the decoded response |
//! | [`alicloud_retries_total`](RETRIES) | counter | attempts | `product`, `operation` | attempts after the first of their call |
//!
//! | Label | Value | Number of values |
//! |---|---|---|
//! | `product` | the product code, such as `Cdn` | the products that the program calls |
//! | `operation` | the name of the operation, such as `DescribeRefreshTaskById` | the operations that the program calls |
//! | `result` | `success`, the text of an [`ErrorKind`](crate::ErrorKind) such as `not_found`, or `cancelled` if the future was dropped first | at most 18 |
//!
//! Labels never contain a text of the service, an error code, a host, an account or a parameter. A program that
//! passes text from outside as the name of a generic call has to limit the number of names itself.
//!
//! A call that fails before it sends a request, for example because of an invalid parameter, counts as a call
//! without attempts. The requests of credentials providers are not counted. Durations come from the
//! [`Clock`](crate::Clock) of the client.
//!
//! # Set-up
//!
//! Install an exporter, then call [`describe`]. With `metrics-exporter-prometheus`:
//!
//! ```text
//! PrometheusBuilder::new()
//!     .set_buckets_for_metric(
//!         Matcher::Full(alicloud_core::metrics::CALL_DURATION.to_owned()),
//!         &[0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0],
//!     )?
//!     .install()?;
//! alicloud_core::metrics::describe();
//! ```
//!
//! The exporter has to use the same minor version of the crate `metrics` as this crate: 0.24. `examples/metrics.rs`
//! in the repository has a recorder of its own.
//!
//! # Cost
//!
//! A call with one attempt looks up four metrics in the recorder, for which the facade needs one allocation each. A
//! generic call also copies the names of the product and the operation.

use ::metrics::{Unit, describe_counter, describe_histogram};

/// Counter of finished calls.
pub const CALLS: &str = "alicloud_calls_total";

/// Histogram of the duration of calls, in seconds.
pub const CALL_DURATION: &str = "alicloud_call_duration_seconds";

/// Counter of attempts, which are the requests sent.
pub const ATTEMPTS: &str = "alicloud_attempts_total";

/// Histogram of the duration of attempts, in seconds.
pub const ATTEMPT_DURATION: &str = "alicloud_attempt_duration_seconds";

/// Counter of attempts after the first of their call.
pub const RETRIES: &str = "alicloud_retries_total";

/// Passes the units and descriptions of all metrics to the current recorder, for exporters that show them. Call it
/// once, after the recorder is installed.
///
/// # Examples
///
/// ```
/// // After the installation of an exporter:
/// alicloud_core::metrics::describe();
/// ```
pub fn describe() {
    describe_counter!(CALLS, Unit::Count, "Finished calls of Alibaba Cloud operations.");
    describe_histogram!(CALL_DURATION, Unit::Seconds, "Duration of calls, with all their retries.");
    describe_counter!(ATTEMPTS, Unit::Count, "Requests sent, each an attempt of a call.");
    describe_histogram!(ATTEMPT_DURATION, Unit::Seconds, "Duration of attempts.");
    describe_counter!(RETRIES, Unit::Count, "Attempts after the first of their call.");
}
