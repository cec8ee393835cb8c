//! Which products, versions and operations there are.

use std::sync::Arc;
use std::time::SystemTime;

use http::{Method, StatusCode};
use serde_json::{Map, Value};

use crate::cdn::{self, Pinned};
use crate::error_code::Refusal;
use crate::request::Incoming;
use crate::response::Outcome;
use crate::simulation::{Rates, Running};
use crate::spec::{Described, Spec};

/// Everything that operations look at and change.
pub(crate) struct World {
    pub(crate) pinned: Pinned,
    pub(crate) simulation: Option<Running>,
    pub(crate) rates: Rates,
    pub(crate) specs: Vec<Spec>,
}

impl World {
    /// The simulation, for the operations that are nothing without it.
    pub(crate) fn simulated(&mut self) -> Result<(&Pinned, &mut Running), Refusal> {
        let running = self.simulation.as_mut().ok_or_else(Refusal::unknown_action)?;
        Ok((&self.pinned, running))
    }

    /// The name of a product of this version.
    pub(crate) fn product(&self, version: Option<&str>) -> &str {
        let simulated = PRODUCTS.iter().find(|product| Some(product.version) == version);
        let described = || self.specs.iter().find(|spec| Some(spec.version.as_str()) == version);
        simulated
            .map(|product| product.name)
            .or_else(|| described().map(|spec| spec.product.as_str()))
            .unwrap_or_default()
    }

    /// Finds the operation that a request asks for.
    pub(crate) fn operation(&self, request: &Incoming) -> Result<Job, Refusal> {
        let version = request.version().ok_or_else(|| Refusal::missing("Version"))?;
        let product = PRODUCTS.iter().find(|product| product.version == version);
        let specs = || self.specs.iter().filter(|spec| spec.version == version);
        if product.is_none() && specs().next().is_none() {
            return Err(Refusal::invalid("Version"));
        }
        let action = request.action();
        if let Some(found) = specs().find_map(|spec| spec.by_path(request, action.as_deref())) {
            return Ok(Job::Described(Arc::clone(found)));
        }
        let action = action.ok_or_else(|| Refusal::missing("Action"))?;
        let simulated = product
            .and_then(|product| product.operations.iter().find(|one| one.name == action))
            .filter(|operation| self.simulation.is_some() || !operation.simulated)
            .map(Job::Simulated);
        let described =
            || specs().find_map(|spec| spec.by_name(&action)).cloned().map(Job::Described);
        let job = simulated.or_else(described).ok_or_else(Refusal::unknown_action)?;
        job.at_the_root(request)
    }

    /// Counts a call against the rate of its operation.
    pub(crate) fn admit(&mut self, job: &Job, now: SystemTime) -> Result<(), Refusal> {
        let limited = self.simulation.as_ref().is_some_and(Running::has_rates);
        match job {
            Job::Simulated(Operation { name, rate: Some(rate), .. })
                if limited && !self.rates.admit(name, *rate, now) =>
            {
                Err(job.throttling())
            }
            _ => Ok(()),
        }
    }
}

/// An operation of a request, whether it is simulated or only described.
pub(crate) enum Job {
    Simulated(&'static Operation),
    Described(Arc<Described>),
}

impl Job {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Simulated(operation) => operation.name,
            Self::Described(described) => &described.name,
        }
    }

    /// What is answered to a call too many.
    pub(crate) fn throttling(&self) -> Refusal {
        match self {
            Self::Simulated(operation) => Refusal::throttled(operation.throttled),
            Self::Described(described) => described.throttling(),
        }
    }

    pub(crate) fn carry_out(
        &self,
        request: &Incoming,
        world: &mut World,
        now: SystemTime,
    ) -> Result<Outcome, Refusal> {
        match self {
            Self::Simulated(operation) => {
                let fields = (operation.run)(request, world, now)?;
                Ok(Outcome::Done { root: format!("{}Response", operation.name), fields })
            }
            Self::Described(described) => described.carry_out(request),
        }
    }

    /// An operation that is called by its name has one path.
    fn at_the_root(self, request: &Incoming) -> Result<Self, Refusal> {
        let (has_a_path, takes) = match &self {
            Self::Simulated(_) => (false, matches!(request.method, Method::GET | Method::POST)),
            Self::Described(described) => {
                (described.route.is_some(), described.takes(&request.method))
            }
        };
        if has_a_path || !matches!(request.path.as_str(), "" | "/") {
            return Err(Refusal::unknown_api());
        }
        if takes { Ok(self) } else { Err(Refusal::http_method()) }
    }
}

/// The fields of a response, without the request id.
pub(crate) type Fields = Map<String, Value>;

pub(crate) struct Product {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) operations: &'static [Operation],
}

pub(crate) struct Operation {
    pub(crate) name: &'static str,
    /// Carries it out, at this time of the service's clock.
    pub(crate) run: fn(&Incoming, &mut World, SystemTime) -> Result<Fields, Refusal>,
    /// Whether it exists only beside a simulation.
    pub(crate) simulated: bool,
    /// How often it may be called in a second.
    pub(crate) rate: Option<usize>,
    /// The status of the answer to a call too many.
    pub(crate) throttled: StatusCode,
}

/// On one loopback address the host name says nothing, so a product is known by its version.
const PRODUCTS: &[Product] = &[cdn::PRODUCT];
