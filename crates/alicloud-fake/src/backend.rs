//! What the operations of the service work on, and how they are declared.

use std::time::SystemTime;

use http::StatusCode;

use crate::cdn::PinnedTasks;
use crate::error_code::ServiceError;
use crate::format::ResponseFields;
use crate::request::ParsedRequest;
use crate::simulation::{RateLimiter, RunningSimulation};
use crate::spec::Spec;

/// The state that operations read and change.
pub(crate) struct Backend {
    pub(crate) pinned: PinnedTasks,
    pub(crate) simulation: Option<RunningSimulation>,
    pub(crate) rate_limiter: RateLimiter,
    pub(crate) specs: Vec<Spec>,
}

impl Backend {
    /// Returns the tasks and the simulation, or an error if there is no simulation.
    pub(crate) fn require_simulation(
        &mut self,
    ) -> Result<(&PinnedTasks, &mut RunningSimulation), ServiceError> {
        let simulation = self.simulation.as_mut().ok_or_else(ServiceError::unknown_operation)?;
        Ok((&self.pinned, simulation))
    }
}

pub(crate) struct Product {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) operations: &'static [SimulatedOperation],
}

pub(crate) struct SimulatedOperation {
    pub(crate) name: &'static str,
    /// Executes the operation at this time of the service's clock.
    pub(crate) handler:
        fn(&ParsedRequest, &mut Backend, SystemTime) -> Result<ResponseFields, ServiceError>,
    /// Whether the operation exists only with a simulation.
    pub(crate) needs_simulation: bool,
    /// In calls per second.
    pub(crate) rate_limit: Option<usize>,
    /// The status of a response to a call above the rate limit.
    pub(crate) throttled_status: StatusCode,
}
