//! The simulated life of refreshes and preloads.

mod final_status;
mod progress;
mod quota_settings;
mod rate_limiter;
mod running;
mod settings;
mod submission;
mod usage;

pub(crate) use progress::percent_text;
pub(crate) use rate_limiter::RateLimiter;
pub(crate) use running::{ListedObject, RunningSimulation};
pub use settings::Simulation;
pub use submission::Submission;
pub(crate) use submission::SubmissionRequest;
