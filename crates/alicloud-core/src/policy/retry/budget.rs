//! The number of retries that a client may make.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Tokens that a retry costs; a successful call earns one.
const TOKENS_PER_RETRY: u32 = 5;

/// A limit on the retries of all calls of a client, so that an outage of the service does not
/// multiply its load.
///
/// The budget starts with a number of retries. Each retry uses one, and every five successful calls
/// restore one, up to the initial number. In the long run there is at most one retry per five
/// successful calls. While the budget is empty, calls fail with the error that they would otherwise
/// be retried for. Clones share the budget, as do the clones of a client; pass one budget to several
/// clients to share it among them.
///
/// # Examples
///
/// ```
/// use alicloud_core::{Client, ClientBuilder, Product, RetryBudget};
/// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
///
/// let budget = RetryBudget::new(20);
/// let builder = ClientBuilder::<Client>::new(&CDN).retry_budget(budget.clone());
/// assert_eq!(budget.retries_left(), Some(20));
/// ```
#[derive(Clone)]
pub struct RetryBudget {
    /// `None` without a limit.
    bucket: Option<Arc<Bucket>>,
}

struct Bucket {
    capacity: u32,
    tokens: AtomicU32,
}

impl Default for RetryBudget {
    /// Creates a budget of 100 retries.
    fn default() -> Self {
        RetryBudget::new(100)
    }
}

impl RetryBudget {
    /// Creates a budget with this many retries, all available from the start.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::RetryBudget;
    ///
    /// assert_eq!(RetryBudget::new(20).retries_left(), Some(20));
    /// assert_eq!(RetryBudget::default().retries_left(), Some(100));
    /// ```
    pub fn new(retries: u32) -> Self {
        let capacity = retries.saturating_mul(TOKENS_PER_RETRY);
        let bucket = Bucket { capacity, tokens: AtomicU32::new(capacity) };
        RetryBudget { bucket: Some(Arc::new(bucket)) }
    }

    /// Creates a budget without a limit; only the [`RetryPolicy`](crate::RetryPolicy) of each call
    /// limits its retries.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::RetryBudget;
    ///
    /// assert_eq!(RetryBudget::unlimited().retries_left(), None);
    /// ```
    pub fn unlimited() -> Self {
        RetryBudget { bucket: None }
    }

    /// Returns the number of retries available now, or `None` without a limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::RetryBudget;
    ///
    /// let budget = RetryBudget::new(3);
    /// assert_eq!(budget.retries_left(), Some(3));
    /// ```
    pub fn retries_left(&self) -> Option<u32> {
        Some(self.bucket.as_ref()?.tokens.load(Ordering::Relaxed) / TOKENS_PER_RETRY)
    }

    /// Uses one retry; returns `false` if none is available.
    pub(crate) fn try_spend(&self) -> bool {
        let Some(bucket) = &self.bucket else {
            return true;
        };
        let spend = |tokens: u32| tokens.checked_sub(TOKENS_PER_RETRY);
        bucket.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_ok()
    }

    /// Records a successful call.
    pub(crate) fn record_success(&self) {
        let Some(bucket) = &self.bucket else {
            return;
        };
        let earn = |tokens: u32| (tokens < bucket.capacity).then(|| tokens + 1);
        // An error means that the bucket is full, which is the usual case.
        let _ = bucket.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, earn);
    }
}

impl fmt::Debug for RetryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryBudget").field("retries_left", &self.retries_left()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_are_spent_and_earned_back() {
        let budget = RetryBudget::new(2);
        let clone = budget.clone();
        assert!(budget.try_spend() && clone.try_spend() && !budget.try_spend());
        (0..4).for_each(|_| budget.record_success());
        assert!(!budget.try_spend());
        budget.record_success();
        assert!(clone.try_spend() && !clone.try_spend());
        (0..100).for_each(|_| budget.record_success());
        assert_eq!(clone.retries_left(), Some(2));
        // Successes that came while the budget was full do not count.
        assert!(budget.try_spend() && budget.try_spend());
        (0..4).for_each(|_| budget.record_success());
        assert!(!budget.try_spend());
    }

    #[test]
    fn a_budget_can_be_empty_or_unlimited() {
        assert!(!RetryBudget::new(0).try_spend());
        let unlimited = RetryBudget::unlimited();
        assert!((0..10_000).all(|_| unlimited.try_spend()));
        assert_eq!(unlimited.retries_left(), None);
        assert!(RetryBudget::new(u32::MAX).try_spend());
    }
}
