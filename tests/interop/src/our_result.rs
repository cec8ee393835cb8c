//! The results of our client.

use alicloud_core::Error;
use serde::Serialize;

use crate::call_result::{CallResult, ServiceError};

/// Returns the result of a call in the form of all clients.
pub(crate) fn call_result(result: Result<impl Serialize, Error>) -> CallResult {
    match result {
        Ok(response) => serde_json::to_value(response)
            .map_or_else(|error| CallResult::ClientError(error.to_string()), CallResult::Response),
        Err(error) if error.status().is_none() => CallResult::ClientError(error.to_string()),
        Err(error) => CallResult::ServiceError(ServiceError {
            code: error.code().map(str::to_owned),
            message: error.message().map(str::to_owned),
            status: error.status().map(|status| status.as_u16()),
            request_id: error.request_id().map(str::to_owned),
        }),
    }
}
