//! The policies of a call: how often it is retried, when it may start, and how wrong the clock is.

pub(crate) mod limit;
pub(crate) mod retry;
pub(crate) mod skew;

pub use self::limit::{AttemptResult, RateLimitPermit, RateLimitRequest, RateLimiter, RateLimits};
pub use self::retry::{RetryBudget, RetryPolicy};
pub use self::skew::ClockOffset;
