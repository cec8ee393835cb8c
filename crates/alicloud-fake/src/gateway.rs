//! From a request to its response, without I/O.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response, request};

use crate::account::Account;
use crate::cdn::{PinnedTasks, Task};
use crate::clock::{self, Clock};
use crate::delivery::{DeliveryPlan, Ending};
use crate::dispatch::{Decision, Dispatcher};
use crate::error_code::ServiceError;
use crate::record::{RecordedRequest, RecordedResponse};
use crate::request::ParsedRequest;
use crate::response::{add_common_headers, render, request_id};
use crate::scripted_response::ScriptedResponse;
use crate::simulation::{RunningSimulation, Submission};

/// A function that is called with every request once its response is decided.
pub(crate) type Observer = Arc<dyn Fn(&RecordedRequest) + Send + Sync>;

pub(crate) struct Gateway {
    accounts: Vec<Account>,
    clock: Clock,
    observer: Option<Observer>,
    record_limit: usize,
    state: Mutex<State>,
}

struct State {
    request_count: u64,
    dispatcher: Dispatcher,
    requests: VecDeque<RecordedRequest>,
}

/// A response, and how to send it.
pub(crate) struct OutgoingResponse {
    pub(crate) response: Response<Bytes>,
    pub(crate) plan: DeliveryPlan,
    pub(crate) delay: Duration,
}

/// Why the body of a request is not available.
pub(crate) enum BodyError {
    TooLarge,
    Incomplete,
}

impl Gateway {
    pub(crate) fn new(
        accounts: Vec<Account>,
        dispatcher: Dispatcher,
        clock: Clock,
        observer: Option<Observer>,
        record_limit: usize,
    ) -> Self {
        let state = State { request_count: 0, dispatcher, requests: VecDeque::new() };
        Self { accounts, clock, observer, record_limit, state: Mutex::new(state) }
    }

    pub(crate) fn enqueue(&self, response: ScriptedResponse) {
        self.state().dispatcher.script.push(response);
    }

    pub(crate) fn add_task(&self, task: Task) {
        self.state().dispatcher.backend.pinned.add(task);
    }

    pub(crate) fn set_tasks(&self, tasks: Vec<Task>) {
        self.state().dispatcher.backend.pinned = PinnedTasks::new(tasks);
    }

    pub(crate) fn tasks(&self) -> Vec<Task> {
        let now = (self.clock)();
        let state = self.state();
        let backend = &state.dispatcher.backend;
        let mut tasks = backend.pinned.all().to_vec();
        if let Some(simulation) = &backend.simulation {
            tasks.extend(simulation.tasks(now));
        }
        tasks
    }

    pub(crate) fn submissions(&self) -> Vec<Submission> {
        let state = self.state();
        let simulation = state.dispatcher.backend.simulation.as_ref();
        simulation.map(RunningSimulation::submissions).unwrap_or_default().to_vec()
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.iter().cloned().collect()
    }

    /// Returns the scripted response for a new connection, to be sent before anything is read.
    pub(crate) fn respond_to_connection(&self) -> Option<OutgoingResponse> {
        let mut state = self.state();
        let decision = state.dispatcher.script.take_on_connect()?.into();
        // There is no request, so it is neither counted nor recorded.
        let no_request = ParsedRequest::new(Request::new(()).into_parts().0, Bytes::new());
        let (mut response, _) = Self::render(&state, &no_request, decision, (self.clock)());
        response.plan.ending.get_or_insert(Ending::Close);
        Some(response)
    }

    /// Returns whether a scripted response may be sent before a request's body is read.
    pub(crate) fn may_respond_to_head(&self) -> bool {
        self.state().dispatcher.script.has_before_request_body()
    }

    /// Returns the scripted response to a request whose body has not been read.
    pub(crate) fn respond_to_head(&self, request: &ParsedRequest) -> Option<OutgoingResponse> {
        let now = (self.clock)();
        let mut state = self.state();
        let operation = request.operation();
        let decision =
            state.dispatcher.script.take_before_request_body(operation.as_deref())?.into();
        Some(self.render_and_record(state, request, decision, now))
    }

    /// Returns the response to a request that has been received as a whole.
    pub(crate) fn respond_to(&self, head: request::Parts, body: Bytes) -> OutgoingResponse {
        if self.may_respond_to_head() {
            let head = ParsedRequest::new(head.clone(), Bytes::new());
            if let Some(response) = self.respond_to_head(&head) {
                return response;
            }
        }
        self.respond(&ParsedRequest::new(head, body), None)
    }

    /// Returns the response to a request, whose body is empty if there is a `body_error`.
    pub(crate) fn respond(
        &self,
        request: &ParsedRequest,
        body_error: Option<BodyError>,
    ) -> OutgoingResponse {
        let now = (self.clock)();
        let mut state = self.state();
        let decision = match body_error {
            Some(BodyError::TooLarge) => ServiceError::body_too_large().into(),
            Some(BodyError::Incomplete) => ServiceError::incomplete_body().into(),
            None => state.dispatcher.decide(request, &self.accounts, now),
        };
        self.render_and_record(state, request, decision, now)
    }

    fn render_and_record(
        &self,
        mut state: MutexGuard<'_, State>,
        request: &ParsedRequest,
        decision: Decision,
        now: SystemTime,
    ) -> OutgoingResponse {
        state.request_count = state.request_count.saturating_add(1);
        let (response, record) = Self::render(&state, request, decision, now);
        state.requests.push_back(record.clone());
        while state.requests.len() > self.record_limit {
            state.requests.pop_front();
        }
        // The observer may call the service, which would deadlock while the state is locked.
        drop(state);
        if let Some(observer) = &self.observer {
            observer(&record);
        }
        response
    }

    fn render(
        state: &State,
        request: &ParsedRequest,
        decision: Decision,
        now: SystemTime,
    ) -> (OutgoingResponse, RecordedRequest) {
        let request_id = request_id(state.request_count);
        let Decision { content, headers, plan, delay } = decision;
        let product = state.dispatcher.backend.product_name(request.version().as_deref());
        let (mut response, code) = render(request, content, &request_id, product);
        response.headers_mut().extend(headers);
        add_common_headers(response.headers_mut(), &request_id, clock::http_date(now));
        let recorded =
            RecordedResponse { status: response.status(), code, delivery: plan.delivery() };
        let record = RecordedRequest::new(request, now, product, request_id, recorded);
        (OutgoingResponse { response, plan, delay }, record)
    }

    /// Locks the state. It stays consistent even if an observer panics, so poisoning is ignored.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
