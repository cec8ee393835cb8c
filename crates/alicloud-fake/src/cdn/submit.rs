//! The operations that begin something: `RefreshObjectCaches`, `PushObjectCache` and
//! `RefreshObjectCacheByCacheTag`.

use std::collections::HashMap;
use std::time::SystemTime;

use super::urls;
use super::{CdnRefusal, Kind};
use crate::error_code::Refusal;
use crate::products::{Fields, World};
use crate::request::Incoming;
use crate::simulation::Order;

pub(super) fn refresh_object_caches(
    request: &Incoming,
    world: &mut World,
    now: SystemTime,
) -> Result<Fields, Refusal> {
    let text = object_path(request)?;
    let kind = match filled(request, "ObjectType") {
        None => Kind::File,
        Some(name) => Kind::of_refresh(&name).ok_or_else(CdnRefusal::object_type)?,
    };
    let targets = urls::targets(&text, kind)?;
    submit("RefreshTaskId", Order { operation: "RefreshObjectCaches", kind, targets }, world, now)
}

pub(super) fn push_object_cache(
    request: &Incoming,
    world: &mut World,
    now: SystemTime,
) -> Result<Fields, Refusal> {
    let kind = Kind::Preload;
    let targets = urls::targets(&object_path(request)?, kind)?;
    if let Some(headers) = filled(request, "WithHeader") {
        serde_json::from_str::<HashMap<String, Vec<String>>>(&headers)
            .map_err(|_| CdnRefusal::custom_header())?;
    }
    submit("PushTaskId", Order { operation: "PushObjectCache", kind, targets }, world, now)
}

pub(super) fn refresh_object_cache_by_cache_tag(
    request: &Incoming,
    world: &mut World,
    now: SystemTime,
) -> Result<Fields, Refusal> {
    let domain = filled(request, "DomainName").ok_or_else(|| Refusal::missing("DomainName"))?;
    let tags = request.parameter("CacheTag").ok_or_else(|| Refusal::missing("CacheTag"))?;
    let targets = urls::tags(&domain, &tags)?;
    let operation = "RefreshObjectCacheByCacheTag";
    submit("RefreshTaskId", Order { operation, kind: Kind::CacheTag, targets }, world, now)
}

fn object_path(request: &Incoming) -> Result<String, Refusal> {
    request.parameter("ObjectPath").ok_or_else(|| Refusal::missing("ObjectPath"))
}

/// A parameter that is there and not empty: clients send what was not set as empty text.
pub(super) fn filled(request: &Incoming, name: &str) -> Option<String> {
    request.parameter(name).filter(|text| !text.is_empty())
}

fn submit(
    field: &str,
    order: Order,
    world: &mut World,
    now: SystemTime,
) -> Result<Fields, Refusal> {
    let (pinned, running) = world.simulated()?;
    let ids = running.submit(order, now, |id| pinned.has(id))?;
    let mut fields = Fields::new();
    fields.insert(field.to_owned(), ids.join(",").into());
    Ok(fields)
}
