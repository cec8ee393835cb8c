//! From a request to its answer, without any I/O.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};

use crate::account::Account;
use crate::cdn::{Pinned, Task};
use crate::clock::{self, Clock};
use crate::delivery::{Ending, Manner};
use crate::dispatch::{Decision, Desk};
use crate::error_code::Refusal;
use crate::record::{Answer, RecordedRequest};
use crate::request::Incoming;
use crate::response::{request_id, stamp, write};
use crate::scripted_response::ScriptedResponse;
use crate::simulation::Submission;

/// Told of every request once it is answered.
pub(crate) type Observer = Arc<dyn Fn(&RecordedRequest) + Send + Sync>;

pub(crate) struct Gateway {
    accounts: Vec<Account>,
    clock: Clock,
    observer: Option<Observer>,
    record_limit: usize,
    state: Mutex<State>,
}

struct State {
    served: u64,
    desk: Desk,
    requests: VecDeque<RecordedRequest>,
}

/// An answer, and how to hand it over.
pub(crate) struct Answered {
    pub(crate) response: Response<Bytes>,
    pub(crate) manner: Manner,
    pub(crate) delay: Duration,
}

/// Why a request has no body to look at.
pub(crate) enum BodyProblem {
    TooLarge,
    BrokeOff,
}

impl Gateway {
    pub(crate) fn new(
        accounts: Vec<Account>,
        desk: Desk,
        clock: Clock,
        observer: Option<Observer>,
        record_limit: usize,
    ) -> Self {
        Self {
            accounts,
            clock,
            observer,
            record_limit,
            state: Mutex::new(State { served: 0, desk, requests: VecDeque::new() }),
        }
    }

    pub(crate) fn enqueue(&self, response: ScriptedResponse) {
        self.state().desk.script.push(response);
    }

    pub(crate) fn add_task(&self, task: Task) {
        self.state().desk.world.pinned.add(task);
    }

    pub(crate) fn set_tasks(&self, tasks: Vec<Task>) {
        self.state().desk.world.pinned = Pinned::new(tasks);
    }

    pub(crate) fn tasks(&self) -> Vec<Task> {
        let now = (self.clock)();
        let state = self.state();
        let mut tasks = state.desk.world.pinned.all().to_vec();
        if let Some(running) = &state.desk.world.simulation {
            tasks.extend(running.tasks(now));
        }
        tasks
    }

    pub(crate) fn submissions(&self) -> Vec<Submission> {
        let state = self.state();
        state
            .desk
            .world
            .simulation
            .as_ref()
            .map_or_else(Vec::new, |running| running.submissions().to_vec())
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.iter().cloned().collect()
    }

    /// What is sent on a connection before anything is read from it, if a script says so.
    pub(crate) fn greet(&self) -> Option<Answered> {
        let mut state = self.state();
        let decision = state.desk.script.take_at_once()?.into();
        // There is no request yet, so there is nothing to remember, and it has no number.
        let nothing = Incoming::new(Request::new(()).into_parts().0, Bytes::new());
        let (mut answered, _) = Self::write(&state, &nothing, decision, (self.clock)());
        answered.manner.ending.get_or_insert(Ending::Close);
        Some(answered)
    }

    /// Whether to ask for an answer to the head of a request alone.
    pub(crate) fn may_answer_heads(&self) -> bool {
        self.state().desk.script.has_before_body()
    }

    /// Answers a request whose body has not been read, if a script says so.
    pub(crate) fn answer_head(&self, request: &Incoming) -> Option<Answered> {
        let now = (self.clock)();
        let mut state = self.state();
        let decision = state.desk.script.take_before_body(request.action().as_deref())?.into();
        Some(self.settle(state, request, decision, now))
    }

    /// Answers a request, of which the body may be missing for a reason.
    pub(crate) fn answer(&self, request: &Incoming, problem: Option<BodyProblem>) -> Answered {
        let now = (self.clock)();
        let mut state = self.state();
        let decision = match problem {
            Some(BodyProblem::TooLarge) => Refusal::body_too_large().into(),
            Some(BodyProblem::BrokeOff) => Refusal::unreadable_body().into(),
            None => state.desk.decide(request, &self.accounts, now),
        };
        self.settle(state, request, decision, now)
    }

    /// Writes what was decided, and remembers it.
    fn settle(
        &self,
        mut state: MutexGuard<'_, State>,
        request: &Incoming,
        decision: Decision,
        now: SystemTime,
    ) -> Answered {
        state.served = state.served.saturating_add(1);
        let (answered, record) = Self::write(&state, request, decision, now);
        state.requests.push_back(record.clone());
        while state.requests.len() > self.record_limit {
            state.requests.pop_front();
        }
        // An observer may well ask the service for something.
        drop(state);
        if let Some(observer) = &self.observer {
            observer(&record);
        }
        answered
    }

    fn write(
        state: &State,
        request: &Incoming,
        decision: Decision,
        now: SystemTime,
    ) -> (Answered, RecordedRequest) {
        let request_id = request_id(state.served);
        let Decision { outcome, headers, manner, delay } = decision;
        let product = state.desk.world.product(request.version().as_deref());
        let (mut response, code) = write(request, outcome, &request_id, product);
        response.headers_mut().extend(headers);
        stamp(response.headers_mut(), &request_id, clock::http_date(now));
        let answer = Answer { status: response.status(), code, delivery: manner.delivery() };
        let record = RecordedRequest::new(request, now, product, request_id, answer);
        (Answered { response, manner, delay }, record)
    }

    /// A panic elsewhere does not make the state unfit to be read.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
