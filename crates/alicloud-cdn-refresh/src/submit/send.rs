//! Requests of a job's calls.

use std::future::{Future, IntoFuture};
use std::time::Duration;

use alicloud_cdn::model::{
    PushObjectCacheRequest, RefreshObjectCacheByCacheTagRequest, RefreshObjectCachesRequest,
};
use alicloud_cdn::{Client, Error};
use alicloud_core::{BoxFuture, Call};

use crate::job::JobCall;
use crate::kind::TargetKind;

/// Returns a future that sends a call and returns its task ids, or `None` for a call without a kind.
pub(super) fn send(
    client: &Client,
    call: &JobCall,
    timeout: Option<Duration>,
) -> Option<BoxFuture<'static, Result<Vec<String>, Error>>> {
    let urls = call.objects.iter().map(|object| object.url.as_str());
    Some(match call.kind? {
        TargetKind::File | TargetKind::Directory | TargetKind::Regex | TargetKind::IgnoreParams => {
            let mut request = RefreshObjectCachesRequest::new(urls);
            request.object_type = call.kind.and_then(TargetKind::refresh_target);
            request.force = call.options.force.then_some(true);
            task_ids_from(
                with_timeout(client.refresh_object_caches(request), timeout),
                |response| response.refresh_task_id,
            )
        }
        TargetKind::CacheTag => {
            let mut request = RefreshObjectCacheByCacheTagRequest::new(&call.domain, urls);
            request.force = call.options.force.then_some(true);
            let sent = client.refresh_object_cache_by_cache_tag(request);
            task_ids_from(with_timeout(sent, timeout), |response| response.refresh_task_id)
        }
        TargetKind::Preload => {
            let preload = &call.options.preload;
            let mut request = PushObjectCacheRequest::new(urls);
            request.area = preload.area.as_deref().map(Into::into);
            request.l2_preload = preload.l2.then_some(true);
            request.with_header.clone_from(&preload.headers);
            let sent = client.push_object_cache(request);
            task_ids_from(with_timeout(sent, timeout), |response| response.push_task_id)
        }
    })
}

fn with_timeout<T>(call: Call<T>, timeout: Option<Duration>) -> Call<T> {
    match timeout {
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
