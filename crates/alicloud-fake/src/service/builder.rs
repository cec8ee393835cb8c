//! Settings of a fake service.

mod start;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::SystemTime;

use crate::account::Account;
use crate::cdn::Task;
use crate::clock::{self, Clock};
use crate::faults::Faults;
use crate::gateway::Observer;
use crate::record::RecordedRequest;
use crate::scripted_response::ScriptedResponse;
use crate::simulation::Simulation;
use crate::spec::{Spec, SpecError};

const DEFAULT_RECORD_LIMIT: usize = 10_000;

/// A builder of a [`FakeService`](crate::FakeService).
///
/// ```
#[doc = include_str!("../doctest/get.txt")]
/// let service = FakeService::builder()
///     .account(Account::new("id", "opensesame"))
///     .simulation(Simulation::new().speed(60.0))
///     .faults(Faults::new(7).throttled(0.05))
///     .start()
///     .await?;
/// assert!(service.tasks().is_empty(), "a simulation starts without tasks");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct FakeServiceBuilder {
    address: SocketAddr,
    accounts: Vec<Account>,
    tasks: Vec<Task>,
    /// Whether to add the example tasks; `false` once the tasks were replaced.
    with_examples: bool,
    simulation: Option<Simulation>,
    faults: Option<Faults>,
    specs: Vec<Spec>,
    responses: Vec<ScriptedResponse>,
    clock: Clock,
    observer: Option<Observer>,
    record_limit: usize,
}

impl FakeServiceBuilder {
    /// Sets the loopback address to listen on. Defaults to `127.0.0.1` with port 0, which selects a
    /// free port.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let builder = FakeService::builder().address(([0, 0, 0, 0], 0));
    /// let error = builder.start().await.unwrap_err();
    /// assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Adds an access key to the [default](Account::default) one, replacing a key with the same id.
    ///
    /// ```
    /// use alicloud_fake::{Account, FakeService};
    ///
    /// let builder = FakeService::builder().account(Account::new("another-id", "opensesame"));
    /// assert!(format!("{builder:?}").contains("another-id"));
    /// ```
    #[must_use]
    pub fn account(mut self, account: Account) -> Self {
        self.accounts.retain(|other| other.id() != account.id());
        self.accounts.push(account);
        self
    }

    /// Adds a task that `DescribeRefreshTaskById` returns. Without a
    /// [simulation](Self::simulation), it is added to the [examples](Task::examples).
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let task = Task::new("704225667", "http://example.com/a.png");
    /// let service = FakeService::builder().task(task).start().await?;
    /// assert_eq!(service.tasks()[2].task_id, "704225667");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn task(mut self, task: Task) -> Self {
        self.tasks.push(task);
        self
    }

    /// Replaces all tasks, including the [examples](Task::examples).
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let service = FakeService::builder().tasks([]).start().await?;
    /// assert!(service.tasks().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn tasks(mut self, tasks: impl IntoIterator<Item = Task>) -> Self {
        self.tasks = tasks.into_iter().collect();
        self.with_examples = false;
        self
    }

    /// Simulates refreshes and preloads. Without a simulation, `DescribeRefreshTaskById` is the
    /// only operation.
    ///
    /// A simulation starts without tasks: the [examples](Task::examples), one of which never
    /// completes, are only present if they are [set](Self::tasks).
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let service = FakeService::builder().simulation(Simulation::new()).start().await?;
    /// assert!(service.tasks().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn simulation(mut self, simulation: Simulation) -> Self {
        self.simulation = Some(simulation);
        self
    }

    /// Adds the operations of another product, from a [`Spec`] or its JSON text.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not an OpenMeta description, or one of an unsupported style.
    /// The error names the position in the document; download the description again, or fix it
    /// there.
    ///
    /// ```
    /// use alicloud_fake::FakeService;
    ///
    /// let error = FakeService::builder().spec("[]").unwrap_err();
    /// assert_eq!(error.to_string(), "expected an object, found an array");
    /// ```
    pub fn spec<S>(mut self, spec: S) -> Result<Self, SpecError>
    where
        S: TryInto<Spec>,
        S::Error: Into<SpecError>,
    {
        self.specs.push(spec.try_into().map_err(Into::into)?);
        Ok(self)
    }

    /// Makes a share of the requests fail at random. Defaults to none.
    ///
    /// ```
    /// use alicloud_fake::{FakeService, Faults};
    ///
    /// let builder = FakeService::builder().faults(Faults::new(7).connection_reset(0.01));
    /// assert!(format!("{builder:?}").contains("connection_reset: 0.01"));
    /// ```
    #[must_use]
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = Some(faults);
        self
    }

    /// Queues a scripted response. See [`ScriptedResponse`] for which request receives it.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let response = ScriptedResponse::raw("once").skip_verification();
    /// let service = FakeService::builder().response(response).start().await?;
    /// assert_eq!(get(&service).await?, "once");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn response(mut self, response: ScriptedResponse) -> Self {
        self.responses.push(response);
        self
    }

    /// Sets the source of the current time. Defaults to the system clock.
    ///
    /// It is used to check the timestamps of requests, to expire nonces, for the `date` header and
    /// for the progress of a [`Simulation`]. The clock may stand still.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// # use std::time::SystemTime;
    /// let service = FakeService::builder().clock(|| SystemTime::UNIX_EPOCH).start().await?;
    /// assert!(get(&service).await?.contains("date: Thu, 01 Jan 1970 00:00:00 GMT"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Calls `observer` with every request when its response is decided, for example to log
    /// requests or to wait for one without polling. It runs on the task that serves the request.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let (sender, receiver) = std::sync::mpsc::channel();
    /// let service = FakeService::builder()
    ///     .on_request(move |request| sender.send(request.response.status).unwrap())
    ///     .start()
    ///     .await?;
    /// get(&service).await?;
    /// assert_eq!(receiver.recv()?, StatusCode::BAD_REQUEST);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_request(
        mut self,
        observer: impl Fn(&RecordedRequest) + Send + Sync + 'static,
    ) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Sets how many requests [`FakeService::requests`](crate::FakeService::requests) returns. Defaults to 10,000.
    ///
    /// Older requests are discarded to limit the memory of a long-running service.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let service = FakeService::builder().record_limit(0).start().await?;
    /// get(&service).await?;
    /// assert!(service.requests().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn record_limit(mut self, requests: usize) -> Self {
        self.record_limit = requests;
        self
    }
}

impl Default for FakeServiceBuilder {
    fn default() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            accounts: vec![Account::default()],
            tasks: Vec::new(),
            with_examples: true,
            simulation: None,
            faults: None,
            specs: Vec::new(),
            responses: Vec::new(),
            clock: clock::system(),
            observer: None,
            record_limit: DEFAULT_RECORD_LIMIT,
        }
    }
}

impl fmt::Debug for FakeServiceBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeServiceBuilder")
            .field("address", &self.address)
            .field("accounts", &self.accounts)
            .field("tasks", &self.tasks)
            .field("with_examples", &self.with_examples)
            .field("simulation", &self.simulation)
            .field("faults", &self.faults)
            .field("responses", &self.responses)
            .field("record_limit", &self.record_limit)
            .finish_non_exhaustive()
    }
}
