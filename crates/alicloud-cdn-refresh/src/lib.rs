//! Refresh and preload on Alibaba Cloud CDN, from the first URL to the last edge.
//!
//! A program that has published something wants one thing of a CDN: that every visitor gets the new
//! content, and to know from when on. The service has separate operations for that, each with limits of
//! its own, and an answer of success says no more than that the job was taken. This crate is the whole
//! job: [`Plan`], [`Job::submit`], [`Job::wait`].
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
//! let report = plan.run(&client).await?; // submits, and waits until it is live everywhere
//! for object in report.not_live() {
//!     eprintln!("{object}"); // https://example.com/a.jpg: failed: Origin Timeout
//! }
//! assert!(report.is_live());
//! # Ok(()) }
//! ```
//!
//! # The steps
//!
//! 1. A [`Plan`] is made of any number of URLs and tags, by a [`Planner`]: trimmed, checked, encoded
//!    where they must be, each once, grouped by domain and kind, split by the [`Limits`] of a call.
//!    What the service would refuse is refused here, with the reason, because one bad URL loses a call
//!    of a thousand. [`Plan::shortages`] compares it with the [`Quota`] of the day. Nothing is sent yet.
//! 2. A [`Job`] is a plan on its way. [`Job::submit`] sends it, and knows of every call whether it was
//!    taken, refused, or perhaps taken; the last is looked for and never just sent again.
//! 3. [`Job::wait`] polls until each object is live or has failed, and is a stream of [`Progress`]. The
//!    [`Report`] has the [`ObjectStatus`] of each object, with the service's reason.
//!
//! Plans, jobs and reports are values with serde. A [`StateFile`] keeps a job through crashes: whatever
//! happens, going on from it submits nothing twice.
//!
//! # Limits and times
//!
//! As the service documents them, on the pages of `RefreshObjectCaches`, `PushObjectCache` and
//! `DescribeRefreshTaskById`: 1,000 files, 100 directories or 1 regular expression in a call of refresh,
//! 100 URLs in one of preload; 10,000 files, 100 directories, 20 regular expressions and 1,000 preloads
//! a day, which begins at 00:00 in UTC+8. A refresh takes 5 to 6 minutes, a preload 5 to 30. Tasks are
//! remembered for 3 days. Accounts differ: what a plan keeps to can be set.
//!
//! # The command
//!
//! The crate has a command, too, for pipelines and people: `cdn-refresh refresh --wait URL…`; see its
//! `--help` and the README. A program that only wants the library leaves out the feature `cli`, which is
//! on by default; `rustls-ring`, the other default, is the TLS of `alicloud-cdn`, and so are
//! `rustls-aws-lc` and `native-tls`.

mod error;
mod invalid_input;
mod job;
mod kind;
mod limits;
mod normalize;
mod plan;
mod quota;
mod remedy;
mod report;
mod state;
mod status;
mod submit;
mod time;
mod track;
mod url_key;
mod wait;

pub use error::{Error, RunError};
pub use invalid_input::{InvalidInput, InvalidReason};
pub use job::{CallState, Event, InvalidTaskId, Job, JobCall, JobObject, Journal, JournalError};
pub use kind::{TargetKind, UnknownTargetKind};
pub use limits::Limits;
pub use plan::{CallOptions, Duplicate, Object, Plan, PlannedCall, Planner, PreloadOptions};
pub use quota::{Quota, QuotaShortage, QuotaUsage};
pub use report::{Counts, ObjectReport, Report};
pub use state::{Snapshot, StateError, StateFile};
pub use status::{ObjectStatus, StoredError};
pub use submit::Submit;
pub use wait::{Progress, Wait};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
