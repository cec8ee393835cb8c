//! What is to become of a request: the script's reply, a fault, or what the operation says.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

use crate::account::Account;
use crate::answer::Outcome;
use crate::catalog::{Job, World};
use crate::delivery::Manner;
use crate::faults::{Fault, Faults, Mishaps};
use crate::format::Format;
use crate::incoming::Incoming;
use crate::refusal::Refusal;
use crate::reply::{Reply, ReplyBody, Script};
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
        Self { outcome, headers: HeaderMap::new(), manner: Manner::USUAL, delay: Duration::ZERO }
    }
}

impl From<Refusal> for Decision {
    fn from(refusal: Refusal) -> Self {
        Outcome::Refused(refusal).into()
    }
}

impl From<Reply> for Decision {
    fn from(reply: Reply) -> Self {
        let (manner, delay) = (reply.manner, reply.delay);
        Self { manner, delay, ..Outcome::Scripted(reply).into() }
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
        if let Some(reply) = self.script.take_unverified(action.as_deref()) {
            if !reply.carried_out {
                return reply.into();
            }
            let verified = self.verify(request, accounts, now);
            let usual = verified.and_then(|()| self.run(request, now));
            return scripted(reply, usual);
        }
        if let Err(refusal) = self.verify(request, accounts, now) {
            return refusal.into();
        }
        match self.script.take(action.as_deref()) {
            Some(reply) if reply.carried_out => scripted(reply, self.run(request, now)),
            Some(reply) => reply.into(),
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
            Some(Fault::Reset) => return Ok(Reply::reset().into()),
            Some(Fault::Lost | Fault::Garbage) | None => {}
        }
        let outcome = job.carry_out(request, &mut self.world, now)?;
        Ok(match fault {
            Some(Fault::Lost) => scripted(Reply::lost(), Ok(outcome)),
            Some(Fault::Garbage) => Reply::garbage().into(),
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

/// A reply to a request that was carried out, or was to be.
fn scripted(reply: Reply, usual: Result<Outcome, Refusal>) -> Decision {
    if !matches!(reply.body, ReplyBody::Usual) {
        return reply.into();
    }
    let Reply { headers, manner, delay, .. } = reply;
    Decision { headers, manner, delay, ..usual.unwrap_or_else(Outcome::Refused).into() }
}
