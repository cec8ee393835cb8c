//! Refresh and preload of cached objects on Alibaba Cloud CDN, from planning until they are live
//! everywhere.
//!
//! After new content is published, every visitor should get it, and the publishing program must know
//! when that is the case. The service has several operations for this, each with its own limits, and a
//! successful call only means that the service accepted a task. This crate does the whole job: it plans calls ([`Plan`]), submits
//! them once ([`Job::submit`]) and waits for the result ([`Job::wait`]).
//!
//! ```
//! use alicloud_cdn::Client;
//! use alicloud_cdn_refresh::Plan;
//! # use std::time::Duration;
//! # use alicloud_core::Credentials;
//! # use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, Simulation};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let soon = Duration::from_millis(1);
//! # let fast = Simulation::new().listing_delay(soon).pending_duration(soon).refresh_duration(soon);
//! # let fake = FakeService::builder().simulation(fast.fail_matching("broken", "Origin Timeout")).start().await?;
//! let client = Client::from_env()?; // ALIBABA_CLOUD_ACCESS_KEY_ID and _SECRET
//! # let client: Client = Client::builder().endpoint(fake.endpoint())
//! #     .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET)).build()?;
//! let plan = Plan::refresh(["https://example.com/a.jpg", "https://example.com/static/"]);
//! println!("{plan}"); // 1 file, 1 directory in 2 calls
//!
//! let report = plan.run(&client).await?; // submits, then waits until everything is live
//! for object in report.not_live() {
//!     eprintln!("{object}"); // https://example.com/a.jpg: failed: Origin Timeout
//! }
//! assert!(report.is_live());
//! # Ok(()) }
//! ```
//!
//! # Steps
//!
//! 1. A [`Planner`] builds a [`Plan`] from any number of URLs and cache tags. Inputs are trimmed,
//!    validated, encoded where required and deduplicated, then grouped by domain and kind and split by
//!    the [`Limits`] of a call. Inputs that the service would reject are reported with the reason,
//!    because one bad URL fails a call of a thousand. [`Plan::shortages`] compares the plan with the
//!    daily [`Quota`]. Nothing is sent yet.
//! 2. A [`Job`] is a plan that is being executed. [`Job::submit`] sends it and records the result of
//!    every call: accepted, rejected, or unknown because the response was lost. An unknown call is looked
//!    up in the task list, never blindly resent.
//! 3. [`Job::wait`] polls until each object is live or has failed, and is a stream of [`Progress`]. The
//!    [`Report`] has the [`ObjectStatus`] of each object, with the service's reason.
//!
//! Plans, jobs and reports can be serialized. A [`StateFile`] preserves a job through crashes: resuming
//! from it submits nothing twice. With the feature `redis`, a `RedisStore` does the same for jobs that move
//! between machines.
//!
//! # Limits and durations
//!
//! As documented for `RefreshObjectCaches`, `PushObjectCache` and `DescribeRefreshTaskById`:
//!
//! | | per call | per day |
//! |---|---|---|
//! | refresh of files | 1,000 | 10,000 |
//! | refresh of directories | 100 | 100 |
//! | refresh of regular expressions | 1 | 20 |
//! | preload | 100 | 1,000 |
//!
//! The daily quota resets at 00:00 UTC+8. A refresh takes 5 to 6 minutes, a preload 5 to 30 minutes. The
//! service lists tasks for 3 days. Accounts can have other limits; see [`Limits`].
//!
//! # Command
//!
//! The crate also contains the command `cdn-refresh` for pipelines and terminals, such as
//! `cdn-refresh refresh --wait URL…`; see its `--help` and the README.
//!
//! # Features
//!
//! * `cli` (default): the command. Disable it if you only use the library.
//! * `redis`: jobs in Redis. `cli` includes it. URLs with `rediss://` need `rustls-ring`, too.
//! * `rustls-ring` (default), `rustls-aws-lc`, `native-tls`: the TLS of `alicloud-cdn`.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
mod invalid_input;
mod invalid_reason;
mod job;
mod kind;
mod limits;
mod normalize;
mod plan;
mod quota;
mod remedy;
mod report;
mod run;
mod state;
mod status;
mod stored_error;
mod submit;
mod time;
mod track;
mod url_key;
mod wait;

pub use alicloud_core::BoxFuture;
#[cfg(feature = "redis")]
pub use alicloud_limit_redis::{RedisConfig, RedisConnection, RedisError};
pub use error::Error;
pub use invalid_input::InvalidInput;
pub use invalid_reason::InvalidReason;
pub use job::{
    CallState, Event, InvalidTaskId, Job, JobCall, JobObject, Journal, JournalError, Lease,
};
pub use kind::{TargetKind, UnknownTargetKind};
pub use limits::Limits;
pub use plan::{CallOptions, Duplicate, Object, Plan, PlannedCall, Planner, PreloadOptions};
pub use quota::{Quota, QuotaShortage, QuotaUsage};
pub use report::{Counts, ObjectReport, Report};
pub use run::RunError;
#[cfg(feature = "redis")]
pub use state::{RedisJournal, RedisStore};
pub use state::{ServiceId, Snapshot, StateError, StateFile};
pub use status::ObjectStatus;
pub use stored_error::StoredError;
pub use submit::Submit;
pub use wait::{Progress, Wait};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
