//! Random faults.

use std::collections::BTreeSet;

use crate::prng;

/// Shares of requests that fail at random, the same ones in every run.
///
/// A share is a number between 0 and 1; smaller values count as 0 and larger ones as 1. If the
/// shares add up to more than 1, they apply in the order of the methods below until 1 is reached.
///
/// A request can only fail if it passes every check, its operation exists and is within its rate
/// limit, and no [`ScriptedResponse`](crate::ScriptedResponse) applies. These requests are
/// numbered; the seed and the number decide whether a request fails.
///
/// ```
#[doc = include_str!("doctest/get.txt")]
/// let faults = Faults::new(7).throttled(0.05).connection_reset(0.01).response_lost(0.01);
/// let service = FakeService::builder().faults(faults).start().await?;
/// // An unsigned request is rejected as usual.
/// assert!(get(&service).await?.contains("MissingAccessKeyId"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Faults {
    seed: u64,
    throttled: f64,
    connection_reset: f64,
    response_lost: f64,
    malformed_body: f64,
    only_operations: BTreeSet<String>,
}

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Throttled,
    ConnectionReset,
    ResponseLost,
    MalformedBody,
}

impl Faults {
    /// Creates a set of faults in which every share is 0. Another seed selects other requests.
    ///
    /// ```
    /// use alicloud_fake::Faults;
    ///
    /// assert_eq!(Faults::new(7).throttled(-1.0), Faults::new(7));
    /// assert_ne!(Faults::new(7), Faults::new(8));
    /// ```
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            throttled: 0.0,
            connection_reset: 0.0,
            response_lost: 0.0,
            malformed_body: 0.0,
            only_operations: BTreeSet::new(),
        }
    }

    /// Sets the share of requests that are rejected with the operation's throttling error. Their
    /// operation is not executed.
    ///
    /// ```
    /// use alicloud_fake::Faults;
    ///
    /// assert_eq!(Faults::new(7).throttled(2.0), Faults::new(7).throttled(1.0));
    /// ```
    #[must_use]
    pub fn throttled(mut self, share: f64) -> Self {
        self.throttled = clamp_share(share);
        self
    }

    /// Sets the share of requests whose connection is reset before their operation is executed.
    #[must_use]
    pub fn connection_reset(mut self, share: f64) -> Self {
        self.connection_reset = clamp_share(share);
        self
    }

    /// Sets the share of requests whose operation is executed, but whose connection is reset
    /// instead of a response.
    #[must_use]
    pub fn response_lost(mut self, share: f64) -> Self {
        self.response_lost = clamp_share(share);
        self
    }

    /// Sets the share of requests whose operation is executed, but whose response is a status 200
    /// with a malformed body.
    #[must_use]
    pub fn malformed_body(mut self, share: f64) -> Self {
        self.malformed_body = clamp_share(share);
        self
    }

    /// Restricts the faults to this operation. Further calls add operations.
    ///
    /// Requests for other operations are not numbered.
    ///
    /// ```
    /// use alicloud_fake::Faults;
    ///
    /// let faults = Faults::new(7)
    ///     .response_lost(0.5)
    ///     .only_operation("PushObjectCache")
    ///     .only_operation("RefreshObjectCaches");
    /// assert_ne!(faults, Faults::new(7).response_lost(0.5));
    /// ```
    #[must_use]
    pub fn only_operation(mut self, operation: impl Into<String>) -> Self {
        self.only_operations.insert(operation.into());
        self
    }

    fn fault_for(&self, number: u64) -> Option<Fault> {
        let mut draw = prng::fraction(self.seed, number);
        for (share, fault) in [
            (self.throttled, Fault::Throttled),
            (self.connection_reset, Fault::ConnectionReset),
            (self.response_lost, Fault::ResponseLost),
            (self.malformed_body, Fault::MalformedBody),
        ] {
            if draw < share {
                return Some(fault);
            }
            draw -= share;
        }
        None
    }
}

fn clamp_share(share: f64) -> f64 {
    if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
}

/// A counter of requests that selects those that fail.
pub(crate) struct FaultInjector {
    faults: Option<Faults>,
    next_number: u64,
}

impl FaultInjector {
    pub(crate) fn new(faults: Option<Faults>) -> Self {
        Self { faults, next_number: 0 }
    }

    /// Returns the fault of the next request for this operation.
    pub(crate) fn next_fault(&mut self, operation: &str) -> Option<Fault> {
        let faults = self.faults.as_ref()?;
        if !faults.only_operations.is_empty() && !faults.only_operations.contains(operation) {
            return None;
        }
        let number = self.next_number;
        self.next_number = number.wrapping_add(1);
        faults.fault_for(number)
    }
}
