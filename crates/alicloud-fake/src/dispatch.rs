//! Chooses the response to a request: a scripted one, a fault, or that of the operation.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

use crate::account::Account;
use crate::backend::Backend;
use crate::delivery::DeliveryPlan;
use crate::error_code::ServiceError;
use crate::faults::{Fault, FaultInjector, Faults};
use crate::format::Format;
use crate::products::Operation;
use crate::request::ParsedRequest;
use crate::response::ResponseContent;
use crate::scripted_response::{Script, ScriptedBody, ScriptedResponse};
use crate::verify::{self, Nonces};

pub(crate) struct Dispatcher {
    pub(crate) script: Script,
    pub(crate) backend: Backend,
    nonces: Nonces,
    fault_injector: FaultInjector,
}

/// What to send in response to a request, and how.
pub(crate) struct Decision {
    pub(crate) content: ResponseContent,
    /// Replace the headers of the content.
    pub(crate) headers: HeaderMap,
    pub(crate) plan: DeliveryPlan,
    pub(crate) delay: Duration,
}

impl From<ResponseContent> for Decision {
    fn from(content: ResponseContent) -> Self {
        Self {
            content,
            headers: HeaderMap::new(),
            plan: DeliveryPlan::UNCHANGED,
            delay: Duration::ZERO,
        }
    }
}

impl From<ServiceError> for Decision {
    fn from(error: ServiceError) -> Self {
        ResponseContent::Error(error).into()
    }
}

impl From<ScriptedResponse> for Decision {
    fn from(response: ScriptedResponse) -> Self {
        let (plan, delay) = (response.plan, response.delay);
        Self { plan, delay, ..ResponseContent::Scripted(response).into() }
    }
}

impl Dispatcher {
    pub(crate) fn new(backend: Backend, faults: Option<Faults>) -> Self {
        Self {
            script: Script::default(),
            backend,
            nonces: Nonces::default(),
            fault_injector: FaultInjector::new(faults),
        }
    }

    pub(crate) fn decide(
        &mut self,
        request: &ParsedRequest,
        accounts: &[Account],
        now: SystemTime,
    ) -> Decision {
        let operation = request.operation();
        if let Some(response) = self.script.take_unverified(operation.as_deref()) {
            if !response.executed {
                return response.into();
            }
            let verified = self.verify(request, accounts, now);
            let regular = verified.and_then(|()| self.execute(request, now));
            return apply_script(response, regular);
        }
        if let Err(error) = self.verify(request, accounts, now) {
            return error.into();
        }
        match self.script.take(operation.as_deref()) {
            Some(response) if response.executed => {
                apply_script(response, self.execute(request, now))
            }
            Some(response) => response.into(),
            None => self.execute_with_faults(request, now).unwrap_or_else(Decision::from),
        }
    }

    fn execute(
        &mut self,
        request: &ParsedRequest,
        now: SystemTime,
    ) -> Result<ResponseContent, ServiceError> {
        let operation = self.admit_call(request, now)?;
        operation.execute(request, &mut self.backend, now)
    }

    fn execute_with_faults(
        &mut self,
        request: &ParsedRequest,
        now: SystemTime,
    ) -> Result<Decision, ServiceError> {
        let operation = self.admit_call(request, now)?;
        let fault = self.fault_injector.next_fault(operation.name());
        match fault {
            Some(Fault::Throttled) => return Err(operation.throttled_error()),
            Some(Fault::ConnectionReset) => return Ok(ScriptedResponse::connection_reset().into()),
            Some(Fault::ResponseLost | Fault::MalformedBody) | None => {}
        }
        let content = operation.execute(request, &mut self.backend, now)?;
        Ok(match fault {
            Some(Fault::ResponseLost) => {
                apply_script(ScriptedResponse::response_lost(), Ok(content))
            }
            Some(Fault::MalformedBody) => ScriptedResponse::malformed_body().into(),
            _ => content.into(),
        })
    }

    /// Returns the requested operation if format and rate limit allow the call.
    fn admit_call(
        &mut self,
        request: &ParsedRequest,
        now: SystemTime,
    ) -> Result<Operation, ServiceError> {
        Format::requested_by(request)?;
        let operation = self.backend.find_operation(request)?;
        self.backend.check_rate_limit(&operation, now)?;
        Ok(operation)
    }

    fn verify(
        &mut self,
        request: &ParsedRequest,
        accounts: &[Account],
        now: SystemTime,
    ) -> Result<(), ServiceError> {
        let is_anonymous = |operation| match operation {
            Operation::Described(described) => described.anonymous,
            Operation::Simulated(_) => false,
        };
        if verify::is_unsigned(request)
            && self.backend.find_operation(request).is_ok_and(is_anonymous)
        {
            return Ok(());
        }
        verify::verify(request, accounts, now, &mut self.nonces)
    }
}

/// Combines a scripted response with the regular result of the request.
fn apply_script(
    response: ScriptedResponse,
    regular: Result<ResponseContent, ServiceError>,
) -> Decision {
    if !matches!(response.body, ScriptedBody::Passthrough) {
        return response.into();
    }
    let ScriptedResponse { headers, plan, delay, .. } = response;
    Decision { headers, plan, delay, ..regular.unwrap_or_else(ResponseContent::Error).into() }
}
