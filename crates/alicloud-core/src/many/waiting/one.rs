//! Polling of one resource.

use std::future::IntoFuture;
use std::task::{Context, Poll, ready};

use super::PollStatus;
use super::course::{MapRequest, PollTarget};
use crate::error::Error;
use crate::future::BoxFuture;

/// A resource that is polled with two closures of the caller.
pub(super) struct PollOne<S, F, J> {
    poll: F,
    status: J,
    running: Option<BoxFuture<'static, Result<S, Error>>>,
    state: Option<S>,
}

impl<S, F, J> PollOne<S, F, J> {
    pub(super) fn new(poll: F, status: J) -> Self {
        PollOne { poll, status, running: None, state: None }
    }
}

/// The caller makes the requests.
impl<S, F, J, C> MapRequest<S, ()> for PollOne<S, F, J>
where
    S: Send,
    F: FnMut() -> C + Send,
    J: Fn(&S) -> PollStatus + Send,
    C: IntoFuture<Output = Result<S, Error>>,
    C::IntoFuture: Send + 'static,
{
    fn map_request(&mut self, _: Box<dyn Fn(()) + Send>) {}
}

impl<S, F, J, C> PollTarget<S> for PollOne<S, F, J>
where
    S: Send,
    F: FnMut() -> C + Send,
    J: Fn(&S) -> PollStatus + Send,
    C: IntoFuture<Output = Result<S, Error>>,
    C::IntoFuture: Send + 'static,
{
    fn poll_once(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let running = self.running.get_or_insert_with(|| Box::pin((self.poll)().into_future()));
        let result = ready!(running.as_mut().poll(context));
        self.running = None;
        Poll::Ready(result.map(|state| self.state = Some(state)))
    }

    fn cancel(&mut self) {
        self.running = None;
    }

    fn state(&self) -> Option<&S> {
        self.state.as_ref()
    }

    fn take_state(&mut self) -> Option<S> {
        self.state.take()
    }

    fn status(&self) -> PollStatus {
        match &self.state {
            Some(state) => (self.status)(state),
            None => PollStatus::InProgress("no poll has succeeded yet".to_owned()),
        }
    }
}
