//! Cdn 2018-05-10: the operations that refresh and preload, and those that tell how it goes.

mod by_id;
mod kind;
mod list;
mod pinned;
mod quota;
mod refusal;
mod submit;
mod task;
mod urls;

use http::StatusCode;

use crate::products::{Operation, Product};
pub(crate) use kind::Kind;
pub(crate) use pinned::Pinned;
pub(crate) use refusal::CdnRefusal;
pub use task::Task;
pub(crate) use urls::Target;

pub(crate) const PRODUCT: Product = Product {
    name: "Cdn",
    version: "2018-05-10",
    operations: &[
        Operation {
            name: "DescribeRefreshTaskById",
            run: by_id::describe_refresh_task_by_id,
            simulated: false,
            rate: Some(30),
            throttled: StatusCode::TOO_MANY_REQUESTS,
        },
        Operation {
            name: "DescribeRefreshTasks",
            run: list::describe_refresh_tasks,
            simulated: true,
            // The newest page of the documentation says 5.
            rate: Some(10),
            throttled: StatusCode::TOO_MANY_REQUESTS,
        },
        Operation {
            name: "DescribePreloadDetailById",
            run: by_id::describe_preload_detail_by_id,
            simulated: true,
            rate: Some(30),
            throttled: StatusCode::TOO_MANY_REQUESTS,
        },
        Operation {
            name: "DescribeRefreshQuota",
            run: quota::describe_refresh_quota,
            simulated: true,
            rate: Some(20),
            throttled: StatusCode::TOO_MANY_REQUESTS,
        },
        Operation {
            name: "DescribeCdnUserQuota",
            run: quota::describe_cdn_user_quota,
            simulated: true,
            rate: Some(30),
            throttled: StatusCode::TOO_MANY_REQUESTS,
        },
        Operation {
            name: "RefreshObjectCaches",
            run: submit::refresh_object_caches,
            simulated: true,
            rate: Some(50),
            throttled: StatusCode::TOO_MANY_REQUESTS,
        },
        Operation {
            name: "RefreshObjectCacheByCacheTag",
            run: submit::refresh_object_cache_by_cache_tag,
            simulated: true,
            // No document tells one.
            rate: None,
            throttled: StatusCode::TOO_MANY_REQUESTS,
        },
        Operation {
            name: "PushObjectCache",
            run: submit::push_object_cache,
            simulated: true,
            rate: Some(50),
            throttled: StatusCode::BAD_REQUEST,
        },
    ],
};
