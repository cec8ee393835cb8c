//! From a request to its answer, without any I/O.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use crate::account::Account;
use crate::catalog::{self, Fields, World};
use crate::cdn::{Pinned, Task};
use crate::clock::{self, Clock};
use crate::format::{ErrorContext, Format};
use crate::incoming::{Incoming, lossy};
use crate::record::{Answer, RecordedRequest};
use crate::refusal::Refusal;
use crate::reply::{Reply, ReplyBody, Script};
use crate::simulation::{Rates, Running, Simulation, Submission};
use crate::verify::{self, Nonces};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-acs-request-id");

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
    nonces: Nonces,
    script: Script,
    world: World,
    requests: VecDeque<RecordedRequest>,
}

/// Why a request has no body to look at.
pub(crate) enum BodyProblem {
    TooLarge,
    BrokeOff,
}

/// What is decided on a request, before it is written in a format.
enum Outcome {
    Done { root: String, fields: Fields },
    Refused(Refusal),
    Scripted(Reply),
}

impl Gateway {
    pub(crate) fn new(
        accounts: Vec<Account>,
        tasks: Vec<Task>,
        simulation: Option<Simulation>,
        clock: Clock,
        observer: Option<Observer>,
        record_limit: usize,
    ) -> Self {
        let start = clock();
        let world = World {
            pinned: Pinned::new(tasks),
            simulation: simulation.map(|settings| Running::new(settings, start)),
            rates: Rates::default(),
        };
        Self {
            accounts,
            clock,
            observer,
            record_limit,
            state: Mutex::new(State {
                served: 0,
                nonces: Nonces::default(),
                script: Script::default(),
                world,
                requests: VecDeque::new(),
            }),
        }
    }

    pub(crate) fn enqueue(&self, reply: Reply) {
        self.state().script.push(reply);
    }

    pub(crate) fn add_task(&self, task: Task) {
        self.state().world.pinned.add(task);
    }

    pub(crate) fn set_tasks(&self, tasks: Vec<Task>) {
        self.state().world.pinned = Pinned::new(tasks);
    }

    pub(crate) fn tasks(&self) -> Vec<Task> {
        let now = (self.clock)();
        let state = self.state();
        let mut tasks = state.world.pinned.all().to_vec();
        if let Some(running) = &state.world.simulation {
            tasks.extend(running.tasks(running.at(now)));
        }
        tasks
    }

    pub(crate) fn submissions(&self) -> Vec<Submission> {
        let state = self.state();
        state
            .world
            .simulation
            .as_ref()
            .map_or_else(Vec::new, |running| running.submissions().to_vec())
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.iter().cloned().collect()
    }

    /// Answers a request, of which the body may be missing for a reason.
    pub(crate) fn answer(
        &self,
        request: &Incoming,
        problem: Option<BodyProblem>,
    ) -> Response<Bytes> {
        let now = (self.clock)();
        let (response, record) = {
            let mut state = self.state();
            state.served = state.served.saturating_add(1);
            let request_id = request_id(state.served);
            let outcome = match problem {
                Some(BodyProblem::TooLarge) => Outcome::Refused(Refusal::body_too_large()),
                Some(BodyProblem::BrokeOff) => Outcome::Refused(Refusal::unreadable_body()),
                None => self.decide(request, &mut state, now),
            };
            let (mut response, code) = write(request, outcome, &request_id);
            stamp(response.headers_mut(), &request_id, clock::http_date(now));
            let answer = Answer { status: response.status(), code };
            let record = RecordedRequest::new(request, request_id, answer);
            state.requests.push_back(record.clone());
            while state.requests.len() > self.record_limit {
                state.requests.pop_front();
            }
            (response, record)
        };
        // Outside of the lock, since an observer may well ask the service for something.
        if let Some(observer) = &self.observer {
            observer(&record);
        }
        response
    }

    fn decide(&self, request: &Incoming, state: &mut State, now: SystemTime) -> Outcome {
        let action = request.action();
        if let Some(reply) = state.script.take_unverified(action.as_deref()) {
            return Outcome::Scripted(reply);
        }
        if let Err(refusal) = verify::verify(request, &self.accounts, now, &mut state.nonces) {
            return Outcome::Refused(refusal);
        }
        if let Some(reply) = state.script.take(action.as_deref()) {
            return Outcome::Scripted(reply);
        }
        run(request, &mut state.world, now).unwrap_or_else(Outcome::Refused)
    }

    /// A panic elsewhere does not make the state unfit to be read.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn run(request: &Incoming, world: &mut World, now: SystemTime) -> Result<Outcome, Refusal> {
    Format::asked_by(request)?;
    let operation = catalog::operation(request, world)?;
    world.admit(operation, now)?;
    let fields = (operation.run)(request, world, now)?;
    Ok(Outcome::Done { root: format!("{}Response", operation.name), fields })
}

/// The response, and the code of the error if it is one.
fn write(
    request: &Incoming,
    outcome: Outcome,
    request_id: &str,
) -> (Response<Bytes>, Option<String>) {
    // A request for a format that does not exist gets the default of the older scheme.
    let format = Format::asked_by(request).unwrap_or(Format::Xml);
    let (status, headers, body, refusal) = match outcome {
        Outcome::Done { root, mut fields } => {
            fields.insert("RequestId".to_owned(), request_id.into());
            let body = Bytes::from(format.document(&root, &fields));
            (StatusCode::OK, typed(format), body, None)
        }
        Outcome::Refused(refusal) => {
            let body = error_body(request, format, &refusal, request_id);
            (refusal.status, typed(format), body, Some(refusal))
        }
        Outcome::Scripted(reply) => match reply.body {
            ReplyBody::Fixed(body) => (reply.status, reply.headers, body, None),
            ReplyBody::Error { code, message } => {
                let refusal = Refusal::new(reply.status, code, message);
                let body = error_body(request, format, &refusal, request_id);
                let mut headers = typed(format);
                headers.extend(reply.headers);
                (reply.status, headers, body, Some(refusal))
            }
        },
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    (response, refusal.map(|refusal| refusal.code.into_owned()))
}

fn typed(format: Format) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, format.content_type())])
}

fn error_body(request: &Incoming, format: Format, refusal: &Refusal, request_id: &str) -> Bytes {
    let host = request.headers.get(HOST).map(|host| lossy(host.as_bytes())).unwrap_or_default();
    let product = catalog::product(request.version().as_deref());
    Bytes::from(format.error(
        refusal,
        &ErrorContext {
            request_id,
            host_id: &host,
            product: product.map_or("", |product| product.name),
        },
    ))
}

/// Headers that every answer has, unless a script says otherwise.
fn stamp(headers: &mut HeaderMap, request_id: &str, date: Option<HeaderValue>) {
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.entry(REQUEST_ID).or_insert(id);
    }
    if let Some(date) = date {
        headers.entry(DATE).or_insert(date);
    }
}

/// Shaped as the service's, but the same in every run.
fn request_id(number: u64) -> String {
    format!("FA4E0000-0000-4000-8000-{number:012X}")
}
