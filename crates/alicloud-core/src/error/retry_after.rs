//! The delay that a service asks for before a retry.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, header};

use super::text::header_text;
use crate::policy::skew;
use crate::time::parse_http_date;

/// Returns the delay of the first of these headers that has a valid one: `x-acs-retry-after`, the two
/// rate limit headers, `retry-after-ms` and `Retry-After`. `now` is needed for a date in `Retry-After` if
/// the response has no date of its own.
pub(super) fn retry_after(headers: &HeaderMap, now: Option<SystemTime>) -> Option<Duration> {
    acs_retry_after(headers)
        .or_else(|| rate_limit_reset(headers))
        .or_else(|| decimal(&header_text(headers, "retry-after-ms")?, 1_000.0))
        .or_else(|| {
            let text = header_text(headers, header::RETRY_AFTER.as_str())?;
            decimal(&text, 1.0).or_else(|| time_until(parse_http_date(&text)?, headers, now))
        })
}

/// Returns the delay of the platform's own header, which marks a response as throttling.
pub(super) fn acs_retry_after(headers: &HeaderMap) -> Option<Duration> {
    milliseconds(&header_text(headers, "x-acs-retry-after")?)
}

/// Parses a positive number of milliseconds.
fn milliseconds(text: &str) -> Option<Duration> {
    let number: u64 = text.trim().parse().ok()?;
    (number > 0).then(|| Duration::from_millis(number))
}

/// Returns the larger `TimeLeft` of the two rate limit headers, which have the form
/// `Limit:30,Remain:0,TimeLeft:820,Reset:…`.
fn rate_limit_reset(headers: &HeaderMap) -> Option<Duration> {
    ["x-ratelimit-user-api", "x-ratelimit-user"]
        .into_iter()
        .filter_map(|name| {
            let text = header_text(headers, name)?;
            text.split(',')
                .filter_map(|part| part.trim().strip_prefix("TimeLeft:"))
                .find_map(milliseconds)
        })
        .max()
}

/// Parses a delay such as `1.5`, in units of which one second has `per_second`: 1 for seconds, 1,000 for milliseconds.
fn decimal(text: &str, per_second: f64) -> Option<Duration> {
    // Rust's numbers can also have a sign or an exponent, or be infinite.
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    Duration::try_from_secs_f64(text.parse::<f64>().ok()? / per_second).ok()
}

/// Returns the time from the response until `date`, if that is later. Measured by the clock of the service,
/// because the local clock may be wrong.
fn time_until(date: SystemTime, headers: &HeaderMap, now: Option<SystemTime>) -> Option<Duration> {
    // The date of a cached response is the time at which it was cached.
    let sent_at = skew::date(headers).filter(|_| !headers.contains_key(header::AGE)).or(now)?;
    date.duration_since(sent_at).ok().filter(|delay| !delay.is_zero())
}
