//! A call of a job as a request of the service.

use std::future::{Future, IntoFuture};

use alicloud_cdn::model::{
    PushObjectCacheRequest, RefreshObjectCacheByCacheTagRequest, RefreshObjectCachesRequest,
};
use alicloud_cdn::{Client, Error};
use alicloud_core::BoxFuture;

use crate::job::JobCall;
use crate::kind::TargetKind;

/// Sends a call, when it is awaited. The result is the ids of its tasks. Nothing for a call of which nobody
/// knows what it is about.
pub(super) fn send(
    client: &Client,
    call: &JobCall,
) -> Option<BoxFuture<'static, Result<Vec<String>, Error>>> {
    let urls = call.objects.iter().map(|object| object.url.as_str());
    Some(match call.kind? {
        TargetKind::File | TargetKind::Directory | TargetKind::Regex | TargetKind::IgnoreParams => {
            let mut request = RefreshObjectCachesRequest::new(urls);
            request.object_type = call.kind.and_then(TargetKind::refresh_kind);
            request.force = call.options.force.then_some(true);
            task_ids(client.refresh_object_caches(request), |response| {
                owned(response.refresh_task_id_as_list())
            })
        }
        TargetKind::CacheTag => {
            let mut request = RefreshObjectCacheByCacheTagRequest::new(&call.domain, urls);
            request.force = call.options.force.then_some(true);
            task_ids(client.refresh_object_cache_by_cache_tag(request), |response| {
                owned(response.refresh_task_id_as_list())
            })
        }
        TargetKind::Preload => {
            let preload = &call.options.preload;
            let mut request = PushObjectCacheRequest::new(urls);
            request.area = preload.area.as_deref().map(Into::into);
            request.l2_preload = preload.l2.then_some(true);
            request.with_header.clone_from(&preload.headers);
            task_ids(client.push_object_cache(request), |response| {
                owned(response.push_task_id_as_list())
            })
        }
    })
}

fn task_ids<C, R: 'static>(
    call: C,
    ids: fn(&R) -> Vec<String>,
) -> BoxFuture<'static, Result<Vec<String>, Error>>
where
    C: IntoFuture<Output = Result<R, Error>>,
    C::IntoFuture: Future + Send + 'static,
{
    let sent = call.into_future();
    Box::pin(async move { sent.await.map(|response| ids(&response)) })
}

fn owned(ids: Vec<&str>) -> Vec<String> {
    ids.into_iter().map(str::to_owned).collect()
}
