//! Which scripted response is next.

use std::collections::VecDeque;

use super::{Moment, ScriptedResponse};

/// The responses that are still to be given.
#[derive(Default)]
pub(crate) struct Script {
    waiting: VecDeque<ScriptedResponse>,
}

impl Script {
    pub(crate) fn push(&mut self, response: ScriptedResponse) {
        self.waiting.push_back(response);
    }

    /// Takes the response that is next for a new connection.
    pub(crate) fn take_at_once(&mut self) -> Option<ScriptedResponse> {
        let is_in_line = |response: &ScriptedResponse| {
            response.moment == Moment::Connection || response.action.is_none()
        };
        let next = self.waiting.iter().position(is_in_line)?;
        self.take_if(next, |response| response.moment == Moment::Connection)
    }

    pub(crate) fn has_before_body(&self) -> bool {
        self.waiting.iter().any(|response| response.moment == Moment::Head)
    }

    /// Takes the response that is next for this operation, if it does not wait for the body.
    pub(crate) fn take_before_body(&mut self, action: Option<&str>) -> Option<ScriptedResponse> {
        let next = self.waiting.iter().position(|response| response.is_for(action))?;
        self.take_if(next, |response| response.moment == Moment::Head)
    }

    /// Takes the response that is next for this operation, if it does not wait for verification.
    pub(crate) fn take_unverified(&mut self, action: Option<&str>) -> Option<ScriptedResponse> {
        let next = self.next_for(action)?;
        self.take_if(next, |response| !response.verified)
    }

    /// Takes the response that is next for this operation.
    pub(crate) fn take(&mut self, action: Option<&str>) -> Option<ScriptedResponse> {
        let next = self.next_for(action)?;
        self.waiting.remove(next)
    }

    /// Once the body is there, it is too late for what comes before it.
    fn next_for(&self, action: Option<&str>) -> Option<usize> {
        self.waiting
            .iter()
            .position(|response| response.moment == Moment::Request && response.is_for(action))
    }

    fn take_if(
        &mut self,
        place: usize,
        wanted: impl Fn(&ScriptedResponse) -> bool,
    ) -> Option<ScriptedResponse> {
        self.waiting.get(place).filter(|response| wanted(response))?;
        self.waiting.remove(place)
    }
}
