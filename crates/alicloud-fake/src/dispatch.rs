//! What is to become of a request: the script's response, a fault, or what the operation says.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

use crate::account::Account;
use crate::delivery::Manner;
use crate::error_code::Refusal;
use crate::faults::{Fault, Faults, Mishaps};
use crate::format::Format;
use crate::products::{Job, World};
use crate::request::Incoming;
use crate::response::Outcome;
use crate::scripted_response::{Script, ScriptedBody, ScriptedResponse};
use crate::verify::{self, Nonces};

pub(crate) struct Desk {
    pub(crate) script: Script,
    pub(crate) world: World,
    nonces: Nonces,
    mishaps: Mishaps,
}

pub(crate) struct Decision {
    pub(crate) outcome: Outcome,
    /// Put over those of the outcome.
    pub(crate) headers: HeaderMap,
    pub(crate) manner: Manner,
    pub(crate) delay: Duration,
}

impl From<Outcome> for Decision {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            headers: HeaderMap::new(),
            manner: Manner::PASSTHROUGH,
            delay: Duration::ZERO,
        }
    }
}

impl From<Refusal> for Decision {
    fn from(refusal: Refusal) -> Self {
        Outcome::Refused(refusal).into()
    }
}

impl From<ScriptedResponse> for Decision {
    fn from(response: ScriptedResponse) -> Self {
        let (manner, delay) = (response.manner, response.delay);
        Self { manner, delay, ..Outcome::Scripted(response).into() }
    }
}

impl Desk {
    pub(crate) fn new(world: World, faults: Option<Faults>) -> Self {
        Self {
            script: Script::default(),
            world,
            nonces: Nonces::default(),
            mishaps: Mishaps::new(faults),
        }
    }

    pub(crate) fn decide(
        &mut self,
        request: &Incoming,
        accounts: &[Account],
        now: SystemTime,
    ) -> Decision {
        let action = request.action();
        if let Some(response) = self.script.take_unverified(action.as_deref()) {
            if !response.executed {
                return response.into();
            }
            let verified = self.verify(request, accounts, now);
            let usual = verified.and_then(|()| self.run(request, now));
            return scripted(response, usual);
        }
        if let Err(refusal) = self.verify(request, accounts, now) {
            return refusal.into();
        }
        match self.script.take(action.as_deref()) {
            Some(response) if response.executed => scripted(response, self.run(request, now)),
            Some(response) => response.into(),
            None => self.risk(request, now).unwrap_or_else(Decision::from),
        }
    }

    fn run(&mut self, request: &Incoming, now: SystemTime) -> Result<Outcome, Refusal> {
        let job = self.admitted(request, now)?;
        job.carry_out(request, &mut self.world, now)
    }

    /// Runs the operation unless something goes wrong.
    fn risk(&mut self, request: &Incoming, now: SystemTime) -> Result<Decision, Refusal> {
        let job = self.admitted(request, now)?;
        let fault = self.mishaps.next(job.name());
        match fault {
            Some(Fault::Throttled) => return Err(job.throttling()),
            Some(Fault::Reset) => return Ok(ScriptedResponse::reset().into()),
            Some(Fault::Lost | Fault::Garbage) | None => {}
        }
        let outcome = job.carry_out(request, &mut self.world, now)?;
        Ok(match fault {
            Some(Fault::Lost) => scripted(ScriptedResponse::response_lost(), Ok(outcome)),
            Some(Fault::Garbage) => ScriptedResponse::garbage().into(),
            _ => outcome.into(),
        })
    }

    fn admitted(&mut self, request: &Incoming, now: SystemTime) -> Result<Job, Refusal> {
        Format::asked_by(request)?;
        let job = self.world.operation(request)?;
        self.world.admit(&job, now)?;
        Ok(job)
    }

    fn verify(
        &mut self,
        request: &Incoming,
        accounts: &[Account],
        now: SystemTime,
    ) -> Result<(), Refusal> {
        let is_open = |job: Job| matches!(job, Job::Described(described) if described.open);
        if verify::is_unsigned(request) && self.world.operation(request).is_ok_and(is_open) {
            return Ok(());
        }
        verify::verify(request, accounts, now, &mut self.nonces)
    }
}

/// A response to a request that was carried out, or was to be.
fn scripted(response: ScriptedResponse, usual: Result<Outcome, Refusal>) -> Decision {
    if !matches!(response.body, ScriptedBody::Passthrough) {
        return response.into();
    }
    let ScriptedResponse { headers, manner, delay, .. } = response;
    Decision { headers, manner, delay, ..usual.unwrap_or_else(Outcome::Refused).into() }
}
