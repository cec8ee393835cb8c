//! Starts a fake service from its settings.

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::FakeServiceBuilder;
use crate::backend::Backend;
use crate::cdn::{PinnedTasks, Task};
use crate::dispatch::Dispatcher;
use crate::gateway::Gateway;
use crate::server;
use crate::service::FakeService;
use crate::simulation::{RateLimiter, RunningSimulation};

impl FakeServiceBuilder {
    /// Binds the address and starts the service.
    ///
    /// It must be called inside a tokio runtime with I/O enabled. The runtime's timer must also be
    /// enabled if responses are [delayed](crate::ScriptedResponse::delay) or
    /// [slow](crate::ScriptedResponse::slow_body).
    ///
    /// The service runs on that runtime as a task. A current-thread runtime only serves requests
    /// while it runs: a plain `#[test]` that starts the service with `block_on` and then makes
    /// blocking calls hangs. Use `#[tokio::test]` with an asynchronous client, or a multi-threaded
    /// runtime that lives as long as the service.
    ///
    /// # Errors
    ///
    /// * [`InvalidInput`](io::ErrorKind::InvalidInput) if the address is not a loopback address;
    ///   use `127.0.0.1` or `::1`.
    /// * The error of binding the address, with the address in its message, for example
    ///   [`AddrInUse`](io::ErrorKind::AddrInUse); use port 0 for a free port.
    ///
    /// ```
    #[doc = include_str!("../../doctest/get.txt")]
    /// let service = FakeService::builder().start().await?;
    /// let address = service.endpoint().trim_start_matches("http://");
    /// let address: std::net::SocketAddr = address.parse()?;
    /// let error = FakeService::builder().address(address).start().await.unwrap_err();
    /// assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start(self) -> io::Result<FakeService> {
        if !self.address.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{} is not a loopback address; use 127.0.0.1 or ::1", self.address.ip()),
            ));
        }
        let listener = TcpListener::bind(self.address).await.map_err(|error| {
            let remedy = "choose another port, or use port 0 for a free one";
            io::Error::new(error.kind(), format!("{}: {error}; {remedy}", self.address))
        })?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let mut tasks = self.tasks;
        if self.with_examples && self.simulation.is_none() {
            tasks.splice(..0, Task::examples());
        }
        let backend = Backend {
            pinned: PinnedTasks::new(tasks),
            simulation: self.simulation.map(RunningSimulation::new),
            rate_limiter: RateLimiter::default(),
            specs: self.specs,
        };
        let gateway = Arc::new(Gateway::new(
            self.accounts,
            Dispatcher::new(backend, self.faults),
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
