//! The products and operations of the service.

use std::sync::Arc;
use std::time::SystemTime;

use http::Method;

use crate::backend::Product;
use crate::backend::{Backend, SimulatedOperation};
use crate::error_code::ServiceError;
use crate::operations;
use crate::request::ParsedRequest;
use crate::response::ResponseContent;
use crate::simulation::RunningSimulation;
use crate::spec::{Answer, DescribedOperation};

impl Backend {
    /// Returns the name of the product with this version, or an empty string.
    pub(crate) fn product_name(&self, version: Option<&str>) -> &str {
        let simulated = PRODUCTS.iter().find(|product| Some(product.version) == version);
        let described = || self.specs.iter().find(|spec| Some(spec.version.as_str()) == version);
        simulated
            .map(|product| product.name)
            .or_else(|| described().map(|spec| spec.product.as_str()))
            .unwrap_or_default()
    }

    /// Returns the requested operation.
    pub(crate) fn find_operation(
        &self,
        request: &ParsedRequest,
    ) -> Result<Operation, ServiceError> {
        let version = request.version().ok_or_else(|| ServiceError::missing_param("Version"))?;
        let product = PRODUCTS.iter().find(|product| product.version == version);
        let specs = || self.specs.iter().filter(|spec| spec.version == version);
        if product.is_none() && specs().next().is_none() {
            return Err(ServiceError::invalid_param("Version"));
        }
        let name = request.operation();
        let by_path = specs().find_map(|spec| spec.operation_by_path(request, name.as_deref()));
        if let Some(described) = by_path {
            return Ok(Operation::Described(Arc::clone(described)));
        }
        let name = name.ok_or_else(|| ServiceError::missing_param("Action"))?;
        let simulated = product
            .and_then(|product| product.operations.iter().find(|known| known.name == name))
            .filter(|operation| self.simulation.is_some() || !operation.needs_simulation)
            .map(Operation::Simulated);
        let described = || {
            specs()
                .find_map(|spec| spec.operation_by_name(&name))
                .cloned()
                .map(Operation::Described)
        };
        let operation = simulated.or_else(described).ok_or_else(ServiceError::unknown_operation)?;
        operation.check_called_by_name(request)?;
        Ok(operation)
    }

    /// Counts a call against the rate limit of its operation.
    pub(crate) fn check_rate_limit(
        &mut self,
        operation: &Operation,
        now: SystemTime,
    ) -> Result<(), ServiceError> {
        let is_limited = self.simulation.as_ref().is_some_and(RunningSimulation::has_rate_limits);
        match operation {
            Operation::Simulated(SimulatedOperation { name, rate_limit: Some(limit), .. })
                if is_limited && !self.rate_limiter.try_acquire(name, *limit, now) =>
            {
                Err(operation.throttled_error())
            }
            _ => Ok(()),
        }
    }
}

/// The operation of a request.
pub(crate) enum Operation {
    Simulated(&'static SimulatedOperation),
    /// Known only from a description.
    Described(Arc<DescribedOperation>),
}

impl Operation {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Simulated(operation) => operation.name,
            Self::Described(operation) => &operation.name,
        }
    }

    /// Returns the error of a call above the rate limit.
    pub(crate) fn throttled_error(&self) -> ServiceError {
        match self {
            Self::Simulated(operation) => ServiceError::throttled(operation.throttled_status),
            Self::Described(operation) => operation.throttled_error(),
        }
    }

    pub(crate) fn execute(
        &self,
        request: &ParsedRequest,
        backend: &mut Backend,
        now: SystemTime,
    ) -> Result<ResponseContent, ServiceError> {
        match self {
            Self::Simulated(operation) => {
                let fields = (operation.handler)(request, backend, now)?;
                let root = format!("{}Response", operation.name);
                Ok(ResponseContent::Document { root, fields })
            }
            Self::Described(operation) => Ok(match operation.execute(request, now)? {
                Answer::Example { status, example } => ResponseContent::Example { status, example },
                Answer::Fields(fields) => ResponseContent::Document {
                    root: format!("{}Response", operation.name),
                    fields,
                },
            }),
        }
    }

    /// Checks path and method of a request that names its operation, which is only possible at the
    /// root path.
    fn check_called_by_name(&self, request: &ParsedRequest) -> Result<(), ServiceError> {
        let (has_route, allows_method) = match self {
            Self::Simulated(_) => (false, matches!(request.method, Method::GET | Method::POST)),
            Self::Described(operation) => {
                (operation.route.is_some(), operation.allows_method(&request.method))
            }
        };
        if has_route || !matches!(request.path.as_str(), "" | "/") {
            return Err(ServiceError::unknown_path());
        }
        if allows_method { Ok(()) } else { Err(ServiceError::unsupported_http_method()) }
    }
}

/// All products share one loopback address, so a request's version selects its product.
const PRODUCTS: &[Product] = &[operations::CDN];
