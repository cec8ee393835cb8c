//! The simulated life of refreshes and preloads.

mod progress;
mod rate_limiter;
mod running;
mod settings;
mod usage;

pub(crate) use progress::percent_text;
pub(crate) use rate_limiter::RateLimiter;
pub use running::Submission;
pub(crate) use running::{ListedObject, RunningSimulation, SubmissionRequest};
pub use settings::Simulation;
