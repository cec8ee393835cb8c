//! Requests of a job's calls.

use std::future::{Future, IntoFuture};
use std::time::Duration;

use alicloud_cdn::model::{
    PushObjectCacheRequest, RefreshObjectCacheByCacheTagRequest, RefreshObjectCachesRequest,
};
use alicloud_cdn::operations::{
    PUSH_OBJECT_CACHE, REFRESH_OBJECT_CACHE_BY_CACHE_TAG, REFRESH_OBJECT_CACHES,
};
use alicloud_cdn::{Client, Error};
use alicloud_core::{BoxFuture, Call, Operation, RateLimitPermit};

use crate::job::JobCall;
use crate::kind::TargetKind;

/// The options of one call.
pub(super) struct SendOptions {
    pub(super) timeout: Option<Duration>,
    pub(super) permit: RateLimitPermit,
}

/// Returns the operation of a call, or `None` for a call without a kind.
pub(super) fn operation(call: &JobCall) -> Option<&'static Operation> {
    Some(match call.kind? {
        TargetKind::File | TargetKind::Directory | TargetKind::Regex | TargetKind::IgnoreParams => {
            &REFRESH_OBJECT_CACHES
        }
        TargetKind::CacheTag => &REFRESH_OBJECT_CACHE_BY_CACHE_TAG,
        TargetKind::Preload => &PUSH_OBJECT_CACHE,
    })
}

/// Returns a future that sends a call and returns its task ids, or `None` for a call without a kind.
pub(super) fn send(
    client: &Client,
    call: &JobCall,
    options: SendOptions,
) -> Option<BoxFuture<'static, Result<Vec<String>, Error>>> {
    let urls = call.objects.iter().map(|object| object.url.as_str());
    Some(match call.kind? {
        TargetKind::File | TargetKind::Directory | TargetKind::Regex | TargetKind::IgnoreParams => {
            let mut request = RefreshObjectCachesRequest::new(urls);
            request.object_type = call.kind.and_then(TargetKind::refresh_target);
            request.force = call.options.force.then_some(true);
            task_ids_from(
                with_options(client.refresh_object_caches(request), options),
                |response| response.refresh_task_ids,
            )
        }
        TargetKind::CacheTag => {
            let mut request = RefreshObjectCacheByCacheTagRequest::new(&call.domain, urls);
            request.force = call.options.force.then_some(true);
            let sent = client.refresh_object_cache_by_cache_tag(request);
            task_ids_from(with_options(sent, options), |response| response.refresh_task_ids)
        }
        TargetKind::Preload => {
            let preload = &call.options.preload;
            let mut request = PushObjectCacheRequest::new(urls);
            request.area = preload.area.as_deref().map(Into::into);
            request.l2_preload = preload.l2.then_some(true);
            request.with_header.clone_from(&preload.headers);
            let sent = client.push_object_cache(request);
            task_ids_from(with_options(sent, options), |response| response.push_task_ids)
        }
    })
}

fn with_options<T>(call: Call<T>, options: SendOptions) -> Call<T> {
    let call = call.permit(options.permit);
    match options.timeout {
        Some(timeout) => call.timeout(timeout),
        None => call,
    }
}

/// Sends a call and extracts the task ids from its response.
fn task_ids_from<C, R: 'static>(
    call: C,
    extract: fn(R) -> Vec<String>,
) -> BoxFuture<'static, Result<Vec<String>, Error>>
where
    C: IntoFuture<Output = Result<R, Error>>,
    C::IntoFuture: Future + Send + 'static,
{
    let response = call.into_future();
    Box::pin(async move { response.await.map(extract) })
}
