//! Streams as iterators.

use std::fmt;

use alicloud_wire::Paged;

use super::block_on;
use crate::error::Error;
use crate::many::{Items, Page, Pages};
use crate::many::{Progress, WaitError};

/// A stream as an iterator that blocks the thread while it waits for the next item.
///
/// # Examples
///
/// ```
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, PollStatus};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
/// #     .transport(FakeTransport::new()).build()?;
/// let progress = client
///     .wait_until(|| async { Ok("Running") }, |_| PollStatus::Succeeded)
///     .progress()
///     .blocking();
/// for state in progress {
///     assert_eq!(state?, "Running");
/// }
/// # Ok(()) }
/// ```
#[must_use = "an iterator does nothing until its next item is requested"]
pub struct Blocking<S>(pub(super) S);

impl<S> Blocking<S> {
    /// Converts back into the stream, to continue asynchronously.
    pub fn into_inner(self) -> S {
        self.0
    }

    /// Returns the stream, for example for its `request`.
    pub fn get_ref(&self) -> &S {
        &self.0
    }
}

impl<R: Paged> Iterator for Blocking<Pages<R>> {
    type Item = Result<Page<R>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.next()).unwrap_or_else(|error| Some(Err(error)))
    }
}

impl<R: Paged> Iterator for Blocking<Items<R>> {
    type Item = Result<R::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.next()).unwrap_or_else(|error| Some(Err(error)))
    }
}

impl<S: Clone> Iterator for Blocking<Progress<S>> {
    type Item = Result<S, WaitError<S>>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.next())
            .unwrap_or_else(|error| Some(Err(WaitError::before_first_poll(error))))
    }
}

impl<S: fmt::Debug> fmt::Debug for Blocking<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Blocking").field(&self.0).finish()
    }
}
