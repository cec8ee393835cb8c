//! From a request to its answer, without any I/O.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::account::Account;
use crate::answer::{request_id, stamp, write};
use crate::cdn::{Pinned, Task};
use crate::clock::{self, Clock};
use crate::delivery::Delivery;
use crate::desk::{Decision, Desk};
use crate::incoming::Incoming;
use crate::record::{Answer, RecordedRequest};
use crate::refusal::Refusal;
use crate::reply::Reply;
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
    pub(crate) delivery: Delivery,
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

    pub(crate) fn enqueue(&self, reply: Reply) {
        self.state().desk.script.push(reply);
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

    /// Answers a request, of which the body may be missing for a reason.
    pub(crate) fn answer(&self, request: &Incoming, problem: Option<BodyProblem>) -> Answered {
        let now = (self.clock)();
        let (answered, record) = {
            let mut state = self.state();
            state.served = state.served.saturating_add(1);
            let request_id = request_id(state.served);
            let Decision { outcome, headers, delivery, delay } = match problem {
                Some(BodyProblem::TooLarge) => Refusal::body_too_large().into(),
                Some(BodyProblem::BrokeOff) => Refusal::unreadable_body().into(),
                None => state.desk.decide(request, &self.accounts, now),
            };
            let product = state.desk.world.product(request.version().as_deref());
            let (mut response, code) = write(request, outcome, &request_id, product);
            response.headers_mut().extend(headers);
            stamp(response.headers_mut(), &request_id, clock::http_date(now));
            let answer = Answer { status: response.status(), code, delivery };
            let record = RecordedRequest::new(request, request_id, answer);
            state.requests.push_back(record.clone());
            while state.requests.len() > self.record_limit {
                state.requests.pop_front();
            }
            (Answered { response, delivery, delay }, record)
        };
        // Outside of the lock, since an observer may well ask the service for something.
        if let Some(observer) = &self.observer {
            observer(&record);
        }
        answered
    }

    /// A panic elsewhere does not make the state unfit to be read.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
