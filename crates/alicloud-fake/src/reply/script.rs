//! Which scripted reply is next.

use std::collections::VecDeque;

use super::{Moment, Reply};

/// The replies that are still to be given.
#[derive(Default)]
pub(crate) struct Script {
    waiting: VecDeque<Reply>,
}

impl Script {
    pub(crate) fn push(&mut self, reply: Reply) {
        self.waiting.push_back(reply);
    }

    /// Takes the reply that is next for a new connection.
    pub(crate) fn take_at_once(&mut self) -> Option<Reply> {
        let is_in_line =
            |reply: &Reply| reply.moment == Moment::Connection || reply.action.is_none();
        let next = self.waiting.iter().position(is_in_line)?;
        self.take_if(next, |reply| reply.moment == Moment::Connection)
    }

    pub(crate) fn has_before_body(&self) -> bool {
        self.waiting.iter().any(|reply| reply.moment == Moment::Head)
    }

    /// Takes the reply that is next for this operation, if it does not wait for the body.
    pub(crate) fn take_before_body(&mut self, action: Option<&str>) -> Option<Reply> {
        let next = self.waiting.iter().position(|reply| reply.is_for(action))?;
        self.take_if(next, |reply| reply.moment == Moment::Head)
    }

    /// Takes the reply that is next for this operation, if it does not wait for verification.
    pub(crate) fn take_unverified(&mut self, action: Option<&str>) -> Option<Reply> {
        let next = self.next_for(action)?;
        self.take_if(next, |reply| !reply.verified)
    }

    /// Takes the reply that is next for this operation.
    pub(crate) fn take(&mut self, action: Option<&str>) -> Option<Reply> {
        let next = self.next_for(action)?;
        self.waiting.remove(next)
    }

    /// Once the body is there, it is too late for what comes before it.
    fn next_for(&self, action: Option<&str>) -> Option<usize> {
        self.waiting
            .iter()
            .position(|reply| reply.moment == Moment::Request && reply.is_for(action))
    }

    fn take_if(&mut self, place: usize, wanted: impl Fn(&Reply) -> bool) -> Option<Reply> {
        self.waiting.get(place).filter(|reply| wanted(reply))?;
        self.waiting.remove(place)
    }
}
