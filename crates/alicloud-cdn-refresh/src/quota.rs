//! How much the account may still do today.

use std::fmt;

use alicloud_cdn::Client;
use alicloud_cdn::model::{DescribeRefreshQuotaRequest, DescribeRefreshQuotaResponse};
use serde::{Deserialize, Serialize};

use crate::kind::Kind;

/// How much the account may refresh and preload today, and how much of that is left. Days begin at
/// 00:00 in UTC+8.
///
/// From `DescribeRefreshQuota`, which says nothing of cache tags.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Quota {
    /// Files.
    pub files: Allowance,
    /// Directories.
    pub directories: Allowance,
    /// Regular expressions.
    pub regexes: Allowance,
    /// Parameterless URLs.
    pub ignore_params: Allowance,
    /// Preloads.
    pub preloads: Allowance,
}

/// How much of one kind. What the service did not say, or said in a way that is no number, is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Allowance {
    /// What is left today.
    pub left: Option<u64>,
    /// What a day has.
    pub of: Option<u64>,
}

impl Quota {
    /// Asks the service.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn fetch(client: &Client) -> Result<Self, alicloud_cdn::Error> {
        let reply = client.describe_refresh_quota(DescribeRefreshQuotaRequest::new()).await?;
        Ok(Quota::from(&reply))
    }

    /// What it says of a kind; nothing of cache tags.
    pub fn allowance(&self, kind: Kind) -> Allowance {
        match kind {
            Kind::File => self.files,
            Kind::Directory => self.directories,
            Kind::Regex => self.regexes,
            Kind::IgnoreParams => self.ignore_params,
            Kind::Preload => self.preloads,
            Kind::CacheTag => Allowance::default(),
        }
    }

    pub(crate) fn left(&self, kind: Kind) -> Option<u64> {
        self.allowance(kind).left
    }

    pub(crate) fn of(&self, kind: Kind) -> Option<u64> {
        self.allowance(kind).of
    }
}

impl From<&DescribeRefreshQuotaResponse> for Quota {
    fn from(reply: &DescribeRefreshQuotaResponse) -> Self {
        // A negative rest is what an account that was reduced shows.
        let count = |number: Option<i64>| number.map(|number| u64::try_from(number).unwrap_or(0));
        let allowance = |left, of| Allowance { left: count(left), of: count(of) };
        Quota {
            files: allowance(reply.url_remain_as_integer(), reply.url_quota_as_integer()),
            directories: allowance(reply.dir_remain_as_integer(), reply.dir_quota_as_integer()),
            regexes: allowance(reply.regex_remain_as_integer(), reply.regex_quota_as_integer()),
            ignore_params: allowance(
                reply.ignore_params_remain_as_integer(),
                reply.ignore_params_quota_as_integer(),
            ),
            preloads: allowance(
                reply.preload_remain_as_integer(),
                reply.preload_quota_as_integer(),
            ),
        }
    }
}

/// More of a kind than is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Shortage {
    /// The kind.
    pub kind: Kind,
    /// How many are planned.
    pub wanted: u64,
    /// How many are left today.
    pub left: u64,
    /// How many a day has.
    pub of: Option<u64>,
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shortage { kind, wanted, left, of } = self;
        let noun = kind.noun(usize::try_from(*wanted).unwrap_or(usize::MAX));
        let verb = if *wanted == 1 { "is" } else { "are" };
        write!(f, "{wanted} {noun} {verb} planned and {left} ")?;
        if let Some(of) = of {
            write!(f, "of {of} ")?;
        }
        f.write_str("left today; the quota begins anew at 00:00 in UTC+8")
    }
}
