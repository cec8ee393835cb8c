//! Starts that are permitted before the call is made.

use std::fmt;
use std::time::Duration;

use crate::product::Operation;

/// How long a permit is valid. A later start would exceed the rate together with those that follow.
const VALIDITY: Duration = Duration::from_secs(1);

/// The permission of the rate limiter to start a call now, from [`Client::acquire`](crate::Client::acquire).
///
/// It is valid for a second; a call with an older one, or with one of another operation, waits for the limiter like
/// any other call. A permit that is not used is a start that nobody makes.
pub struct RateLimitPermit {
    product: String,
    operation: String,
    granted_at: Duration,
}

impl RateLimitPermit {
    pub(crate) fn new(operation: &Operation, granted_at: Duration) -> Self {
        RateLimitPermit {
            product: operation.product().code().to_owned(),
            operation: operation.name().to_owned(),
            granted_at,
        }
    }

    /// Returns whether a call may start with this permit.
    pub(crate) fn permits(&self, operation: &Operation, now: Duration) -> bool {
        self.product == operation.product().code()
            && self.operation == operation.name()
            && now.saturating_sub(self.granted_at) <= VALIDITY
    }
}

impl fmt::Debug for RateLimitPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimitPermit")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}
