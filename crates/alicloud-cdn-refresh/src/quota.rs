//! The account's daily quota.

use std::fmt;

use alicloud_cdn::Client;
use alicloud_cdn::model::{DescribeRefreshQuotaRequest, DescribeRefreshQuotaResponse};
use serde::{Deserialize, Serialize};

use crate::kind::TargetKind;

/// The account's daily quota of each kind, from `DescribeRefreshQuota`.
///
/// The quota resets at 00:00 UTC+8. The service does not report a quota of cache tags.
///
/// ```
/// use alicloud_cdn::model::DescribeRefreshQuotaResponse;
/// use alicloud_cdn_refresh::Quota;
///
/// let mut response = DescribeRefreshQuotaResponse::default();
/// response.dir_remain = Some(99);
/// assert_eq!(Quota::from(&response).directories.remaining, Some(99));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Quota {
    /// Files.
    pub files: QuotaUsage,
    /// Directories.
    pub directories: QuotaUsage,
    /// Regular expressions.
    pub regexes: QuotaUsage,
    /// Parameterless URLs.
    pub ignore_params: QuotaUsage,
    /// Preloads.
    pub preloads: QuotaUsage,
}

/// The daily quota of one kind. A number is `None` if the service does not report it, or not as a
/// number.
///
/// ```
/// use alicloud_cdn_refresh::{Quota, QuotaUsage, TargetKind};
///
/// let mut quota = Quota::default();
/// assert_eq!(quota.usage(TargetKind::Preload), QuotaUsage::default());
/// quota.preloads.remaining = Some(1_000);
/// assert_eq!(quota.usage(TargetKind::Preload).remaining, Some(1_000));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QuotaUsage {
    /// Objects that can still be submitted today.
    pub remaining: Option<u64>,
    /// Objects per day.
    pub limit: Option<u64>,
}

impl Quota {
    /// Fetches the quota from the service.
    ///
    /// ```
    /// use alicloud_cdn_refresh::Quota;
    /// # use alicloud_core::{Credentials, testing::FakeTransport};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota",
    /// #     r#"{"UrlRemain": "9998", "UrlQuota": "10000"}"#);
    /// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    ///
    /// let quota = Quota::fetch(&client).await?;
    /// assert_eq!((quota.files.remaining, quota.files.limit), (Some(9_998), Some(10_000)));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the error of the call `DescribeRefreshQuota`.
    pub async fn fetch(client: &Client) -> Result<Self, alicloud_cdn::Error> {
        let response = client.describe_refresh_quota(DescribeRefreshQuotaRequest::new()).await?;
        Ok(Quota::from(&response))
    }

    /// Returns the quota of a kind; for cache tags, both numbers are `None`.
    pub fn usage(&self, kind: TargetKind) -> QuotaUsage {
        match kind {
            TargetKind::File => self.files,
            TargetKind::Directory => self.directories,
            TargetKind::Regex => self.regexes,
            TargetKind::IgnoreParams => self.ignore_params,
            TargetKind::Preload => self.preloads,
            TargetKind::CacheTag => QuotaUsage::default(),
        }
    }
}

impl From<&DescribeRefreshQuotaResponse> for Quota {
    fn from(response: &DescribeRefreshQuotaResponse) -> Self {
        // The remaining quota is negative after the account's limit was reduced.
        let count = |number: Option<i64>| number.map(|number| u64::try_from(number).unwrap_or(0));
        let usage =
            |remaining, limit| QuotaUsage { remaining: count(remaining), limit: count(limit) };
        Quota {
            files: usage(response.url_remain, response.url_quota),
            directories: usage(response.dir_remain, response.dir_quota),
            regexes: usage(response.regex_remain, response.regex_quota),
            ignore_params: usage(response.ignore_params_remain, response.ignore_params_quota),
            preloads: usage(response.preload_remain, response.preload_quota),
        }
    }
}

/// A quota shortage: a [`Plan`](crate::Plan) has more objects of a kind than the remaining quota.
///
/// ```
/// use alicloud_cdn_refresh::{Plan, Quota};
///
/// let mut quota = Quota::default();
/// quota.files.remaining = Some(0);
/// let shortages = Plan::refresh(["https://example.com/a.jpg"]).shortages(&quota);
/// assert_eq!(
///     shortages[0].to_string(),
///     "1 file requested, but only 0 left today; the quota resets at 00:00 UTC+8",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QuotaShortage {
    /// The kind.
    pub kind: TargetKind,
    /// Objects in the plan.
    pub requested: u64,
    /// Objects that can still be submitted today.
    pub remaining: u64,
    /// Objects per day.
    pub limit: Option<u64>,
}

impl fmt::Display for QuotaShortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let QuotaShortage { kind, requested, remaining, limit } = self;
        let noun = kind.noun(usize::try_from(*requested).unwrap_or(usize::MAX));
        write!(f, "{requested} {noun} requested, but only {remaining} ")?;
        if let Some(limit) = limit {
            write!(f, "of {limit} ")?;
        }
        f.write_str("left today; the quota resets at 00:00 UTC+8")
    }
}

/// Returns whether an error code means that the minute quota is exhausted.
pub(crate) fn is_minute_quota_code(code: &str) -> bool {
    code.starts_with("QuotaPerMinuteExceeded") || code.starts_with("TooMany.")
}
