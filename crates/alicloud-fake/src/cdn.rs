//! Cdn 2018-05-10: refreshes, preloads, their tasks and quotas.

mod error_code;
mod kind;
mod pinned;
mod quota_kind;
mod task;
mod urls;

pub(crate) use error_code::CdnError;
pub(crate) use kind::ObjectKind;
pub(crate) use pinned::PinnedTasks;
pub(crate) use quota_kind::QuotaKind;
pub use task::Task;
pub(crate) use urls::{Target, domain_of, parse_tags, parse_urls, path_of};
