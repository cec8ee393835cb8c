//! The delay that a service asks for.

use std::time::Duration;

use alicloud_core::Outcome;

use crate::responses::error_of;

/// A date an hour and ten seconds after the time of the client's clock.
const LATER: &str = "Fri, 02 Jan 2026 04:04:15 GMT";

/// The time of the client's clock.
const NOW: &str = "Fri, 02 Jan 2026 03:04:05 GMT";

#[tokio::test]
async fn retry_after_is_read_from_the_headers() {
    let body = r#"{"Code":"Any","Message":"M"}"#;
    for (headers, expected) in [
        (&[("x-acs-retry-after", "1500")][..], Some(1_500)),
        (&[("x-acs-retry-after", "0"), ("retry-after", "2")], Some(2_000)),
        (&[("x-acs-retry-after", "-1")], None),
        (&[("x-acs-retry-after", "99999999999999999999999")], None),
        (
            &[
                ("x-ratelimit-user-api", "Limit:30,Remain:0,TimeLeft:820,Reset:1"),
                ("x-ratelimit-user", "TimeLeft:900"),
            ],
            Some(900),
        ),
        (&[("x-ratelimit-user", "TimeLeft:5"), ("x-acs-retry-after", "7")], Some(7)),
        (&[("retry-after", "1.5")], Some(1_500)),
        (&[("retry-after", " 2 ")], Some(2_000)),
        (&[("retry-after", "0.25")], Some(250)),
        (&[("retry-after", "0")], Some(0)),
        (&[("retry-after", "-1.5")], None),
        (&[("retry-after", "1e3")], None),
        (&[("retry-after", "inf")], None),
        (&[("retry-after", ".")], None),
        (&[("retry-after", "1.2.3")], None),
        (&[("retry-after", "99999999999999999999999")], None),
        (&[("retry-after", "")], None),
        (&[("retry-after-ms", "1500")], Some(1_500)),
        (&[("retry-after-ms", "1500"), ("retry-after", "2")], Some(1_500)),
        (&[("retry-after-ms", "soon"), ("retry-after", "2")], Some(2_000)),
        (&[("retry-after-ms", "1500"), ("x-acs-retry-after", "7")], Some(7)),
        (&[("retry-after-ms", "1500"), ("x-ratelimit-user", "TimeLeft:5")], Some(5)),
        // The clock of the client shows 03:04:05.
        (&[("retry-after", "Fri, 02 Jan 2026 03:04:15 GMT")], Some(10_000)),
        (&[("retry-after", "Friday, 02-Jan-26 03:04:15 GMT")], Some(10_000)),
        (&[("retry-after", "Fri Jan  2 03:04:15 2026")], Some(10_000)),
        (&[("retry-after", NOW)], None),
        (&[("retry-after", "Fri, 02 Jan 2026 03:04:04 GMT")], None),
        (&[("retry-after", "Fri, 02 Jan 2026 03:04:15 CET")], None),
        // The clock of the service decides, but not that of a cached response.
        (&[("retry-after", LATER), ("date", "Fri, 02 Jan 2026 04:04:10 GMT")], Some(5_000)),
        (&[("retry-after", LATER), ("date", "Fri, 02 Jan 2026 04:04:15 GMT")], None),
        (&[("retry-after", LATER), ("date", NOW), ("age", "60")], Some(3_610_000)),
        (&[("retry-after", LATER), ("date", "today")], Some(3_610_000)),
        (&[], None),
    ] {
        let error = error_of(503, headers, body).await;
        assert_eq!(error.retry_after(), expected.map(Duration::from_millis), "{headers:?}");
    }
    // This header alone means throttling.
    let error = error_of(503, &[("x-acs-retry-after", "10")], body).await;
    assert!(error.is_throttling() && !error.is_server_error());
    assert_eq!(error.outcome(), Outcome::Rejected);
}
