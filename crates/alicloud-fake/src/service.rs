//! The handle that a test holds.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::SystemTime;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::account::Account;
use crate::cdn::{Pinned, Task};
use crate::clock::{self, Clock};
use crate::dispatch::Desk;
use crate::faults::Faults;
use crate::gateway::{Gateway, Observer};
use crate::products::World;
use crate::record::RecordedRequest;
use crate::scripted_response::ScriptedResponse;
use crate::server;
use crate::simulation::{Rates, Running, Simulation, Submission};
use crate::spec::{Spec, SpecError};

/// How many requests are remembered unless a builder says otherwise.
const RECORD_LIMIT: usize = 10_000;

/// A running service double.
///
/// It answers for as long as this value lives. Dropping it makes it stop soon after;
/// [`shutdown`](Self::shutdown) waits until it has.
pub struct FakeService {
    endpoint: String,
    gateway: Arc<Gateway>,
    /// Dropping it is the signal, so that there is nothing to do in `Drop`.
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl FakeService {
    /// A service to be set up further.
    pub fn builder() -> FakeServiceBuilder {
        FakeServiceBuilder::default()
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The requests that were answered so far, oldest first.
    ///
    /// Input that is not HTTP is refused before it becomes a request, and is not among them.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.gateway.requests()
    }

    /// Prepares the answer to a request to come. See [`ScriptedResponse`] for which one.
    pub fn enqueue(&self, response: ScriptedResponse) {
        self.gateway.enqueue(response);
    }

    /// Every task as it is now: first those that were put there, then the simulated ones in the
    /// order in which they were submitted, also those that are not listed yet or no longer.
    pub fn tasks(&self) -> Vec<Task> {
        self.gateway.tasks()
    }

    /// What was carried out by the [simulation](FakeServiceBuilder::simulation), in order.
    pub fn submissions(&self) -> Vec<Submission> {
        self.gateway.submissions()
    }

    /// Adds a task to those that `DescribeRefreshTaskById` finds.
    pub fn add_task(&self, task: Task) {
        self.gateway.add_task(task);
    }

    /// Replaces all tasks that were put there: what a client that polls will see from now on.
    /// Simulated tasks stay.
    pub fn set_tasks(&self, tasks: impl IntoIterator<Item = Task>) {
        self.gateway.set_tasks(tasks.into_iter().collect());
    }

    /// Stops and waits until the port is free. Connections are closed, even in the middle of a
    /// request.
    pub async fn shutdown(self) {
        drop(self.stop);
        // It ends without a result; that it ended is all there is to know.
        let _ = self.server.await;
    }
}

impl fmt::Debug for FakeService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeService").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// Sets up a [`FakeService`].
#[derive(Clone)]
pub struct FakeServiceBuilder {
    address: SocketAddr,
    accounts: Vec<Account>,
    tasks: Vec<Task>,
    /// Whether nobody has said what tasks there are to be.
    examples: bool,
    simulation: Option<Simulation>,
    faults: Option<Faults>,
    specs: Vec<Spec>,
    responses: Vec<ScriptedResponse>,
    clock: Clock,
    observer: Option<Observer>,
    record_limit: usize,
}

impl FakeServiceBuilder {
    /// Where to listen: an address of the loopback interface, with port 0 for any free one, which is
    /// the default.
    #[must_use]
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Makes one more access key known, beside the [default](Account::default) one. A key of the
    /// same id is replaced.
    #[must_use]
    pub fn account(mut self, account: Account) -> Self {
        self.accounts.retain(|other| other.id() != account.id());
        self.accounts.push(account);
        self
    }

    /// Adds a task to those that `DescribeRefreshTaskById` finds, beside the
    /// [examples](Task::examples) if there is no [simulation](Self::simulation).
    #[must_use]
    pub fn task(mut self, task: Task) -> Self {
        self.tasks.push(task);
        self
    }

    /// Replaces all tasks, the [examples](Task::examples) too.
    #[must_use]
    pub fn tasks(mut self, tasks: impl IntoIterator<Item = Task>) -> Self {
        self.tasks = tasks.into_iter().collect();
        self.examples = false;
        self
    }

    /// Lets refreshes and preloads be submitted, and carried out as time passes. Without it there
    /// is `DescribeRefreshTaskById` alone.
    ///
    /// A simulation begins without tasks: the [examples](Task::examples), of which one is never done,
    /// are not there unless they are [given](Self::tasks).
    #[must_use]
    pub fn simulation(mut self, simulation: Simulation) -> Self {
        self.simulation = Some(simulation);
        self
    }

    /// Lets the operations of one more product be answered as its description documents: a
    /// [`Spec`], or the JSON text of one.
    ///
    /// # Errors
    ///
    /// When the text is not such a description.
    pub fn spec<S>(mut self, spec: S) -> Result<Self, SpecError>
    where
        S: TryInto<Spec>,
        S::Error: Into<SpecError>,
    {
        self.specs.push(spec.try_into().map_err(Into::into)?);
        Ok(self)
    }

    /// Lets a share of the requests go wrong.
    #[must_use]
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = Some(faults);
        self
    }

    /// Prepares the answer to a request to come. See [`ScriptedResponse`] for which one.
    #[must_use]
    pub fn response(mut self, response: ScriptedResponse) -> Self {
        self.responses.push(response);
        self
    }

    /// Where the time comes from; the system's clock by default.
    ///
    /// Timestamps of requests are checked against it, nonces are remembered by it, the `date` header
    /// tells it and a [`Simulation`] goes on by it. A clock that stands still is fine.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Calls `observer` with every request once its answer is decided, from the task that serves
    /// it: for logs, or to wait for a request without asking again and again.
    #[must_use]
    pub fn on_request(
        mut self,
        observer: impl Fn(&RecordedRequest) + Send + Sync + 'static,
    ) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// How many requests [`FakeService::requests`] goes back, 10,000 by default. Older ones are
    /// forgotten, so that a service that runs for long does not grow.
    #[must_use]
    pub fn record_limit(mut self, requests: usize) -> Self {
        self.record_limit = requests;
        self
    }

    /// Binds and begins to answer. Must be called inside a tokio runtime with I/O enabled, and
    /// with its timer if responses are [delayed](ScriptedResponse::delayed) or [slow](ScriptedResponse::dripping).
    ///
    /// The service runs on that runtime, as a task among others. On a current-thread runtime it
    /// answers only while the runtime does: a plain `#[test]` that starts it with `block_on` and
    /// then makes blocking calls waits for ever. Use `#[tokio::test]` with an asynchronous client,
    /// or a multi-threaded runtime that is kept for as long as the service.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for an address that other machines could reach, and whatever binding fails
    /// with, of the same kind and with the address.
    pub async fn start(self) -> io::Result<FakeService> {
        if !self.address.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!(
                    "a service double listens on loopback only, and {} is not: use 127.0.0.1 or ::1",
                    self.address.ip()
                ),
            ));
        }
        let listener = TcpListener::bind(self.address).await.map_err(|error| {
            let what = "choose another port, or port 0 for any free one";
            io::Error::new(error.kind(), format!("{}: {error}: {what}", self.address))
        })?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let mut tasks = self.tasks;
        if self.examples && self.simulation.is_none() {
            tasks.splice(..0, Task::examples());
        }
        let world = World {
            pinned: Pinned::new(tasks),
            simulation: self.simulation.map(Running::new),
            rates: Rates::default(),
            specs: self.specs,
        };
        let gateway = Arc::new(Gateway::new(
            self.accounts,
            Desk::new(world, self.faults),
            self.clock,
            self.observer,
            self.record_limit,
        ));
        for response in self.responses {
            gateway.enqueue(response);
        }
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(server::run(listener, Arc::clone(&gateway), stopped));
        Ok(FakeService { endpoint, gateway, stop, server })
    }
}

impl Default for FakeServiceBuilder {
    fn default() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            accounts: vec![Account::default()],
            tasks: Vec::new(),
            examples: true,
            simulation: None,
            faults: None,
            specs: Vec::new(),
            responses: Vec::new(),
            clock: clock::system(),
            observer: None,
            record_limit: RECORD_LIMIT,
        }
    }
}

impl fmt::Debug for FakeServiceBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeServiceBuilder")
            .field("address", &self.address)
            .field("accounts", &self.accounts)
            .field("tasks", &self.tasks)
            .field("examples", &self.examples)
            .field("simulation", &self.simulation)
            .field("faults", &self.faults)
            .field("responses", &self.responses)
            .field("record_limit", &self.record_limit)
            .finish_non_exhaustive()
    }
}
