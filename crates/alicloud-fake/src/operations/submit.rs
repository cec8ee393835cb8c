//! `RefreshObjectCaches`, `PushObjectCache` and `RefreshObjectCacheByCacheTag`.

use std::collections::HashMap;
use std::time::SystemTime;

use crate::backend::Backend;
use crate::cdn::{CdnError, ObjectKind};
use crate::error_code::ServiceError;
use crate::format::ResponseFields;
use crate::request::ParsedRequest;
use crate::simulation::SubmissionRequest;

pub(super) fn refresh_object_caches(
    request: &ParsedRequest,
    backend: &mut Backend,
    now: SystemTime,
) -> Result<ResponseFields, ServiceError> {
    let text = object_path(request)?;
    let kind = match non_empty_param(request, "ObjectType") {
        None => ObjectKind::File,
        Some(name) => {
            ObjectKind::from_refresh_type(&name).ok_or_else(CdnError::invalid_object_type)?
        }
    };
    let targets = crate::cdn::parse_urls(&text, kind)?;
    let submission = SubmissionRequest { operation: "RefreshObjectCaches", kind, targets };
    submit("RefreshTaskId", submission, backend, now)
}

pub(super) fn push_object_cache(
    request: &ParsedRequest,
    backend: &mut Backend,
    now: SystemTime,
) -> Result<ResponseFields, ServiceError> {
    let kind = ObjectKind::Preload;
    let targets = crate::cdn::parse_urls(&object_path(request)?, kind)?;
    if let Some(headers) = non_empty_param(request, "WithHeader") {
        serde_json::from_str::<HashMap<String, Vec<String>>>(&headers)
            .map_err(|_| CdnError::invalid_custom_header())?;
    }
    let submission = SubmissionRequest { operation: "PushObjectCache", kind, targets };
    submit("PushTaskId", submission, backend, now)
}

pub(super) fn refresh_object_cache_by_cache_tag(
    request: &ParsedRequest,
    backend: &mut Backend,
    now: SystemTime,
) -> Result<ResponseFields, ServiceError> {
    let domain = non_empty_param(request, "DomainName")
        .ok_or_else(|| ServiceError::missing_param("DomainName"))?;
    let tags = request.param("CacheTag").ok_or_else(|| ServiceError::missing_param("CacheTag"))?;
    let targets = crate::cdn::parse_tags(&domain, &tags)?;
    let submission = SubmissionRequest {
        operation: "RefreshObjectCacheByCacheTag",
        kind: ObjectKind::CacheTag,
        targets,
    };
    submit("RefreshTaskId", submission, backend, now)
}

fn object_path(request: &ParsedRequest) -> Result<String, ServiceError> {
    request.param("ObjectPath").ok_or_else(|| ServiceError::missing_param("ObjectPath"))
}

/// Returns a parameter unless it is missing or empty: clients send unset parameters as empty ones.
pub(super) fn non_empty_param(request: &ParsedRequest, name: &str) -> Option<String> {
    request.param(name).filter(|text| !text.is_empty())
}

fn submit(
    id_field: &str,
    submission: SubmissionRequest,
    backend: &mut Backend,
    now: SystemTime,
) -> Result<ResponseFields, ServiceError> {
    let (pinned, simulation) = backend.require_simulation()?;
    let ids = simulation.submit(submission, now, |id| pinned.has_id(id))?;
    let mut fields = ResponseFields::new();
    fields.insert(id_field.to_owned(), ids.join(",").into());
    Ok(fields)
}
