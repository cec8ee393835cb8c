//! Which products, versions and operations the service simulates.

use std::time::SystemTime;

use http::{Method, StatusCode};
use serde_json::{Map, Value};

use crate::answer::Outcome;
use crate::cdn::{self, Pinned};
use crate::incoming::Incoming;
use crate::refusal::Refusal;
use crate::simulation::{Rates, Running};

/// Everything that operations look at and change.
pub(crate) struct World {
    pub(crate) pinned: Pinned,
    pub(crate) simulation: Option<Running>,
    pub(crate) rates: Rates,
}

impl World {
    /// The simulation, for the operations that are nothing without it.
    pub(crate) fn simulated(&mut self) -> Result<(&Pinned, &mut Running), Refusal> {
        let running = self.simulation.as_mut().ok_or_else(Refusal::unknown_action)?;
        Ok((&self.pinned, running))
    }

    /// Counts a call against the rate of its operation.
    pub(crate) fn admit(&mut self, operation: &Operation, now: SystemTime) -> Result<(), Refusal> {
        let limited = self.simulation.as_ref().is_some_and(Running::has_rates);
        match operation.rate {
            Some(rate) if limited && !self.rates.admit(operation.name, rate, now) => {
                Err(Refusal::throttled(operation.throttled))
            }
            _ => Ok(()),
        }
    }
}

/// The fields of a reply, without the request id.
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

impl Operation {
    pub(crate) fn carry_out(
        &self,
        request: &Incoming,
        world: &mut World,
        now: SystemTime,
    ) -> Result<Outcome, Refusal> {
        let fields = (self.run)(request, world, now)?;
        Ok(Outcome::Done { root: format!("{}Response", self.name), fields })
    }
}

/// On one loopback address the host name says nothing, so a product is known by its version.
const PRODUCTS: &[Product] = &[cdn::PRODUCT];

pub(crate) fn product(version: Option<&str>) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| Some(product.version) == version)
}

/// Finds the operation that a request asks for.
pub(crate) fn operation(request: &Incoming, world: &World) -> Result<&'static Operation, Refusal> {
    let version = request.version().ok_or_else(|| Refusal::missing("Version"))?;
    let product = product(Some(&version)).ok_or_else(|| Refusal::invalid("Version"))?;
    let action = request.action().ok_or_else(|| Refusal::missing("Action"))?;
    let operation = product
        .operations
        .iter()
        .find(|operation| operation.name == action)
        .filter(|operation| world.simulation.is_some() || !operation.simulated)
        .ok_or_else(Refusal::unknown_action)?;
    // All of them are RPC operations: one path, two methods.
    if !matches!(request.path.as_str(), "" | "/") {
        return Err(Refusal::unknown_api());
    }
    if request.method != Method::GET && request.method != Method::POST {
        return Err(Refusal::http_method());
    }
    Ok(operation)
}
