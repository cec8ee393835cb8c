//! The difference between the clocks of the service and of this machine.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alicloud_core::testing::FakeTransport;
use alicloud_core::{Clock as _, ClockOffset};
use common::*;

const READ: &str = "DescribeRefreshTaskById";

/// Returns the offset from a response with these headers, received at 2026-01-02T03:04:05Z.
async fn offset(headers: &[(&str, &str)]) -> Option<ClockOffset> {
    let client = client(&FakeTransport::new().respond_raw(READ, 200, headers, "{}"));
    let response = client.generic_call(READ).into_call().response().await.unwrap();
    response.clock_offset(client.clock().now())
}

fn time(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

#[tokio::test]
async fn times_are_converted_into_those_of_the_service() {
    for (date, difference) in [
        ("Fri, 02 Jan 2026 03:04:05 GMT", 0),
        ("Fri, 02 Jan 2026 03:14:06 GMT", 601),
        ("Fri, 02 Jan 2026 02:04:05 GMT", -3_600),
        ("Sat, 03 Jan 2026 03:04:05 GMT", 86_400),
    ] {
        let offset = offset(&[("date", date)]).await.unwrap();
        assert_eq!(offset == ClockOffset::default(), difference == 0, "{date}");
        let service_time = 1_000_000_u64.checked_add_signed(difference).unwrap();
        assert_eq!(offset.to_service_time(time(1_000_000)), time(service_time), "{date}");
    }
}

#[tokio::test]
async fn an_implausible_date_is_ignored() {
    for headers in [
        &[][..],
        &[("date", "soon")],
        &[("date", "Sat, 03 Jan 2026 03:04:06 GMT")],
        &[("date", "Thu, 01 Jan 2026 03:04:04 GMT")],
        &[("date", "Fri, 02 Jan 2026 03:04:05 GMT"), ("age", "0")],
    ] {
        assert_eq!(offset(headers).await, None, "{headers:?}");
    }
}
