//! What the account may still do today: `DescribeRefreshQuota` and `DescribeCdnUserQuota`.

use std::time::SystemTime;

use serde_json::Value;

use crate::error_code::Refusal;
use crate::products::{Fields, World};
use crate::request::Incoming;
use crate::simulation::Allowance;

/// Nothing that is simulated takes from these.
const PRELOADS_TO_THE_EDGE: u64 = 20;
const BLOCKS: u64 = 300;
const DOMAINS: u64 = 50;

/// Text, as the service answers it.
pub(super) fn describe_refresh_quota(
    _: &Incoming,
    world: &mut World,
    now: SystemTime,
) -> Result<Fields, Refusal> {
    let mut fields = quotas(
        world,
        now,
        [
            ("Url", Allowance::Files),
            ("Dir", Allowance::Directories),
            ("Regex", Allowance::Regexes),
            ("IgnoreParams", Allowance::IgnoreParams),
            ("Preload", Allowance::Preloads),
        ],
    )?;
    insert(&mut fields, "PreloadEdge", PRELOADS_TO_THE_EDGE, PRELOADS_TO_THE_EDGE);
    insert(&mut fields, "Block", BLOCKS, BLOCKS);
    Ok(fields.into_iter().map(|(name, value)| (name, value.to_string().into())).collect())
}

/// Numbers, as the service answers them.
pub(super) fn describe_cdn_user_quota(
    _: &Incoming,
    world: &mut World,
    now: SystemTime,
) -> Result<Fields, Refusal> {
    let mut fields = quotas(
        world,
        now,
        [
            ("RefreshUrl", Allowance::Files),
            ("RefreshDir", Allowance::Directories),
            ("Preload", Allowance::Preloads),
            ("IgnoreParams", Allowance::IgnoreParams),
        ],
    )?;
    insert(&mut fields, "Block", BLOCKS, BLOCKS);
    fields.insert("DomainQuota".to_owned(), DOMAINS.into());
    Ok(fields)
}

fn quotas<const N: usize>(
    world: &mut World,
    now: SystemTime,
    names: [(&str, Allowance); N],
) -> Result<Fields, Refusal> {
    let (_, running) = world.simulated()?;
    let mut fields = Fields::new();
    for (name, allowance) in names {
        let (quota, remain) = running.quota(allowance, now);
        insert(&mut fields, name, quota, remain);
    }
    Ok(fields)
}

fn insert(fields: &mut Fields, name: &str, quota: u64, remain: u64) {
    fields.insert(format!("{name}Quota"), Value::from(quota));
    fields.insert(format!("{name}Remain"), Value::from(remain));
}
