//! Which scripted reply is next.

use std::collections::VecDeque;

use super::Reply;

/// The replies that are still to be given.
#[derive(Default)]
pub(crate) struct Script {
    waiting: VecDeque<Reply>,
}

impl Script {
    pub(crate) fn push(&mut self, reply: Reply) {
        self.waiting.push_back(reply);
    }

    /// Takes the reply that is next for this operation, if it does not wait for verification.
    pub(crate) fn take_unverified(&mut self, action: Option<&str>) -> Option<Reply> {
        let next = self.next_for(action)?;
        if self.waiting.get(next)?.verified {
            return None;
        }
        self.waiting.remove(next)
    }

    /// Takes the reply that is next for this operation.
    pub(crate) fn take(&mut self, action: Option<&str>) -> Option<Reply> {
        let next = self.next_for(action)?;
        self.waiting.remove(next)
    }

    fn next_for(&self, action: Option<&str>) -> Option<usize> {
        self.waiting.iter().position(|reply| reply.is_for(action))
    }
}
