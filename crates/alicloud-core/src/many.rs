//! Operations that are made of several calls.

mod batch;
mod concurrent_calls;
mod paging;
mod waiting;

pub use self::batch::{Batch, BatchReport, Batches, BatchesFuture};
pub use self::paging::{Items, Page, Pages};
pub use self::waiting::{ItemTracker, PollStatus, PolledItem, Progress};
pub use self::waiting::{Wait, WaitError, WaitFuture, Waiter};
