//! Looking at one thing.

use std::future::IntoFuture;
use std::task::{Context, Poll, ready};

use super::PollStatus;
use super::course::Watch;
use crate::BoxFuture;
use crate::error::Error;

/// A look and a judgement, both given by the caller.
pub(super) struct Single<S, F, J> {
    look: F,
    judge: J,
    running: Option<BoxFuture<'static, Result<S, Error>>>,
    state: Option<S>,
}

impl<S, F, J> Single<S, F, J> {
    pub(super) fn new(look: F, judge: J) -> Self {
        Single { look, judge, running: None, state: None }
    }
}

impl<S, F, J, C> Watch<S> for Single<S, F, J>
where
    S: Send,
    F: FnMut() -> C + Send,
    J: Fn(&S) -> PollStatus + Send,
    C: IntoFuture<Output = Result<S, Error>>,
    C::IntoFuture: Send + 'static,
{
    fn poll_look(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let running = self.running.get_or_insert_with(|| Box::pin((self.look)().into_future()));
        let result = ready!(running.as_mut().poll(context));
        self.running = None;
        Poll::Ready(result.map(|state| self.state = Some(state)))
    }

    fn give_up(&mut self) {
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
            Some(state) => (self.judge)(state),
            None => PollStatus::InProgress("nothing was seen".to_owned()),
        }
    }
}
