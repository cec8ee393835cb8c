//! The simulated operations of Cdn 2018-05-10.

mod by_id;
mod list;
mod quota;
mod submit;

use http::StatusCode;

use crate::backend::{Product, SimulatedOperation};

pub(crate) const CDN: Product = Product {
    name: "Cdn",
    version: "2018-05-10",
    operations: &[
        SimulatedOperation {
            name: "DescribeRefreshTaskById",
            handler: by_id::describe_refresh_task_by_id,
            needs_simulation: false,
            rate_limit: Some(30),
            throttled_status: StatusCode::TOO_MANY_REQUESTS,
        },
        SimulatedOperation {
            name: "DescribeRefreshTasks",
            handler: list::describe_refresh_tasks,
            needs_simulation: true,
            // The newest page of the documentation says 5.
            rate_limit: Some(10),
            throttled_status: StatusCode::TOO_MANY_REQUESTS,
        },
        SimulatedOperation {
            name: "DescribePreloadDetailById",
            handler: by_id::describe_preload_detail_by_id,
            needs_simulation: true,
            rate_limit: Some(30),
            throttled_status: StatusCode::TOO_MANY_REQUESTS,
        },
        SimulatedOperation {
            name: "DescribeRefreshQuota",
            handler: quota::describe_refresh_quota,
            needs_simulation: true,
            rate_limit: Some(20),
            throttled_status: StatusCode::TOO_MANY_REQUESTS,
        },
        SimulatedOperation {
            name: "DescribeCdnUserQuota",
            handler: quota::describe_cdn_user_quota,
            needs_simulation: true,
            rate_limit: Some(30),
            throttled_status: StatusCode::TOO_MANY_REQUESTS,
        },
        SimulatedOperation {
            name: "RefreshObjectCaches",
            handler: submit::refresh_object_caches,
            needs_simulation: true,
            rate_limit: Some(50),
            throttled_status: StatusCode::TOO_MANY_REQUESTS,
        },
        SimulatedOperation {
            name: "RefreshObjectCacheByCacheTag",
            handler: submit::refresh_object_cache_by_cache_tag,
            needs_simulation: true,
            // Not documented.
            rate_limit: None,
            throttled_status: StatusCode::TOO_MANY_REQUESTS,
        },
        SimulatedOperation {
            name: "PushObjectCache",
            handler: submit::push_object_cache,
            needs_simulation: true,
            rate_limit: Some(50),
            throttled_status: StatusCode::BAD_REQUEST,
        },
    ],
};
