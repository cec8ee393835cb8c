//! `DescribeRefreshQuota` and `DescribeCdnUserQuota`.

use std::time::SystemTime;

use serde_json::Value;

use crate::backend::Backend;
use crate::cdn::QuotaKind;
use crate::error_code::ServiceError;
use crate::format::ResponseFields;
use crate::request::ParsedRequest;

/// Quotas that no simulated operation consumes.
const EDGE_PRELOADS: u64 = 20;
const BLOCKS: u64 = 300;
const DOMAINS: u64 = 50;

/// Returns the quotas as strings, like the service.
pub(super) fn describe_refresh_quota(
    _: &ParsedRequest,
    backend: &mut Backend,
    now: SystemTime,
) -> Result<ResponseFields, ServiceError> {
    let mut fields = quota_fields(
        backend,
        now,
        [
            ("Url", QuotaKind::Files),
            ("Dir", QuotaKind::Directories),
            ("Regex", QuotaKind::Regexes),
            ("IgnoreParams", QuotaKind::IgnoreParams),
            ("Preload", QuotaKind::Preloads),
        ],
    )?;
    insert(&mut fields, "PreloadEdge", EDGE_PRELOADS, EDGE_PRELOADS);
    insert(&mut fields, "Block", BLOCKS, BLOCKS);
    Ok(fields.into_iter().map(|(name, value)| (name, value.to_string().into())).collect())
}

/// Returns the quotas as numbers, like the service.
pub(super) fn describe_cdn_user_quota(
    _: &ParsedRequest,
    backend: &mut Backend,
    now: SystemTime,
) -> Result<ResponseFields, ServiceError> {
    let mut fields = quota_fields(
        backend,
        now,
        [
            ("RefreshUrl", QuotaKind::Files),
            ("RefreshDir", QuotaKind::Directories),
            ("Preload", QuotaKind::Preloads),
            ("IgnoreParams", QuotaKind::IgnoreParams),
        ],
    )?;
    insert(&mut fields, "Block", BLOCKS, BLOCKS);
    fields.insert("DomainQuota".to_owned(), DOMAINS.into());
    Ok(fields)
}

fn quota_fields<const N: usize>(
    backend: &mut Backend,
    now: SystemTime,
    kinds: [(&str, QuotaKind); N],
) -> Result<ResponseFields, ServiceError> {
    let (_, simulation) = backend.require_simulation()?;
    let mut fields = ResponseFields::new();
    for (name, kind) in kinds {
        let (quota, remaining) = simulation.quota(kind, now);
        insert(&mut fields, name, quota, remaining);
    }
    Ok(fields)
}

fn insert(fields: &mut ResponseFields, name: &str, quota: u64, remaining: u64) {
    fields.insert(format!("{name}Quota"), Value::from(quota));
    fields.insert(format!("{name}Remain"), Value::from(remaining));
}
