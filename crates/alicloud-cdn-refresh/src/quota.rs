//! How much the account may still do today.

use std::fmt;

use alicloud_cdn::Client;
use alicloud_cdn::model::{DescribeRefreshQuotaRequest, DescribeRefreshQuotaResponse};
use serde::{Deserialize, Serialize};

use crate::kind::TargetKind;

/// How much the account may refresh and preload today, and how much of that is left. Days begin at
/// 00:00 in UTC+8.
///
/// From `DescribeRefreshQuota`, which says nothing of cache tags.
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

/// How much of one kind. What the service did not say, or said in a way that is no number, is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QuotaUsage {
    /// What is left today.
    pub remaining: Option<u64>,
    /// What a day has.
    pub limit: Option<u64>,
}

impl Quota {
    /// Asks the service.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn fetch(client: &Client) -> Result<Self, alicloud_cdn::Error> {
        let response = client.describe_refresh_quota(DescribeRefreshQuotaRequest::new()).await?;
        Ok(Quota::from(&response))
    }

    /// What it says of a kind; nothing of cache tags.
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
        // A negative rest is what an account that was reduced shows.
        let count = |number: Option<i64>| number.map(|number| u64::try_from(number).unwrap_or(0));
        let usage =
            |remaining, limit| QuotaUsage { remaining: count(remaining), limit: count(limit) };
        Quota {
            files: usage(response.url_remain_as_integer(), response.url_quota_as_integer()),
            directories: usage(response.dir_remain_as_integer(), response.dir_quota_as_integer()),
            regexes: usage(response.regex_remain_as_integer(), response.regex_quota_as_integer()),
            ignore_params: usage(
                response.ignore_params_remain_as_integer(),
                response.ignore_params_quota_as_integer(),
            ),
            preloads: usage(
                response.preload_remain_as_integer(),
                response.preload_quota_as_integer(),
            ),
        }
    }
}

/// More of a kind than is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QuotaShortage {
    /// The kind.
    pub kind: TargetKind,
    /// How many are planned.
    pub requested: u64,
    /// How many are left today.
    pub remaining: u64,
    /// How many a day has.
    pub limit: Option<u64>,
}

impl fmt::Display for QuotaShortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let QuotaShortage { kind, requested, remaining, limit } = self;
        let noun = kind.noun(usize::try_from(*requested).unwrap_or(usize::MAX));
        let verb = if *requested == 1 { "is" } else { "are" };
        write!(f, "{requested} {noun} {verb} planned and {remaining} ")?;
        if let Some(limit) = limit {
            write!(f, "of {limit} ")?;
        }
        f.write_str("left today; the quota begins anew at 00:00 in UTC+8")
    }
}
