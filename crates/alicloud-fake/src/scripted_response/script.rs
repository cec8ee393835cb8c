//! The queue of scripted responses.

use std::collections::VecDeque;

use super::{ScriptedResponse, Trigger};

/// The scripted responses that are still to be sent.
#[derive(Default)]
pub(crate) struct Script {
    queue: VecDeque<ScriptedResponse>,
}

impl Script {
    pub(crate) fn push(&mut self, response: ScriptedResponse) {
        self.queue.push_back(response);
    }

    /// Takes the response for a new connection, if it is next.
    pub(crate) fn take_on_connect(&mut self) -> Option<ScriptedResponse> {
        let is_in_order = |response: &ScriptedResponse| {
            response.trigger == Trigger::Connection || response.operation.is_none()
        };
        let next = self.queue.iter().position(is_in_order)?;
        self.take_if(next, |response| response.trigger == Trigger::Connection)
    }

    pub(crate) fn has_before_request_body(&self) -> bool {
        self.queue.iter().any(|response| response.trigger == Trigger::RequestHead)
    }

    /// Takes the next response for this operation, if it does not wait for the request's body.
    pub(crate) fn take_before_request_body(
        &mut self,
        operation: Option<&str>,
    ) -> Option<ScriptedResponse> {
        let next = self.queue.iter().position(|response| response.applies_to(operation))?;
        self.take_if(next, |response| response.trigger == Trigger::RequestHead)
    }

    /// Takes the next response for this operation, if it skips verification.
    pub(crate) fn take_unverified(&mut self, operation: Option<&str>) -> Option<ScriptedResponse> {
        let next = self.next_for(operation)?;
        self.take_if(next, |response| !response.verified)
    }

    /// Takes the next response for this operation.
    pub(crate) fn take(&mut self, operation: Option<&str>) -> Option<ScriptedResponse> {
        let next = self.next_for(operation)?;
        self.queue.remove(next)
    }

    /// Returns the index of the next response for a request that was read completely. Responses
    /// that are sent before the request body no longer apply.
    fn next_for(&self, operation: Option<&str>) -> Option<usize> {
        self.queue.iter().position(|response| {
            response.trigger == Trigger::Request && response.applies_to(operation)
        })
    }

    fn take_if(
        &mut self,
        index: usize,
        condition: impl Fn(&ScriptedResponse) -> bool,
    ) -> Option<ScriptedResponse> {
        self.queue.get(index).filter(|response| condition(response))?;
        self.queue.remove(index)
    }
}
