//! How many repeats are paid for.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// What a repeat costs, in successes.
const COST: u32 = 5;

/// A limit on repeats over all calls of a client, so that a service that is down is not met with four
/// times the load.
///
/// It holds so many repeats. Each repeat takes one out, and every five calls that succeed put one
/// back, so that in the long run there is at most one repeat to five successes. When it is empty, a
/// call fails with the error that it would have been repeated for. Clones share it, and so do the
/// clones of a client; give one to several clients to share it between them.
///
/// ```
/// use alicloud_core::{Client, ClientBuilder, Product, RetryBudget};
/// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
///
/// let budget = RetryBudget::new(20);
/// let builder = ClientBuilder::<Client>::new(&CDN).retry_budget(budget.clone());
/// assert_eq!(budget.retries_left(), Some(20));
/// ```
#[derive(Clone)]
pub struct RetryBudget {
    /// Nothing for one without a limit.
    bucket: Option<Arc<Bucket>>,
}

struct Bucket {
    capacity: u32,
    tokens: AtomicU32,
}

impl Default for RetryBudget {
    /// 100 repeats.
    fn default() -> Self {
        RetryBudget::new(100)
    }
}

impl RetryBudget {
    /// A budget of so many repeats, all of them there at the start.
    pub fn new(retries: u32) -> Self {
        let capacity = retries.saturating_mul(COST);
        let bucket = Bucket { capacity, tokens: AtomicU32::new(capacity) };
        RetryBudget { bucket: Some(Arc::new(bucket)) }
    }

    /// No limit but those of each call.
    pub fn unlimited() -> Self {
        RetryBudget { bucket: None }
    }

    /// How many repeats it pays for now, unless there is no limit.
    pub fn retries_left(&self) -> Option<u32> {
        Some(self.bucket.as_ref()?.tokens.load(Ordering::Relaxed) / COST)
    }

    /// Takes out a repeat, if there is one.
    pub(crate) fn spend(&self) -> bool {
        let Some(bucket) = &self.bucket else {
            return true;
        };
        let less = |tokens: u32| tokens.checked_sub(COST);
        bucket.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }

    /// A call has succeeded.
    pub(crate) fn earn(&self) {
        let Some(bucket) = &self.bucket else {
            return;
        };
        let more = |tokens: u32| (tokens < bucket.capacity).then(|| tokens + 1);
        // It fails where nothing fits in, which is how it mostly is.
        let _ = bucket.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
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
    fn pays_until_it_is_empty_and_earns_it_back() {
        let budget = RetryBudget::new(2);
        let clone = budget.clone();
        assert!(budget.spend() && clone.spend() && !budget.spend());
        (0..4).for_each(|_| budget.earn());
        assert!(!budget.spend());
        budget.earn();
        assert!(clone.spend() && !clone.spend());
        (0..100).for_each(|_| budget.earn());
        assert_eq!(clone.retries_left(), Some(2));
    }

    #[test]
    fn can_be_nothing_or_without_end() {
        assert!(!RetryBudget::new(0).spend());
        let endless = RetryBudget::unlimited();
        assert!((0..10_000).all(|_| endless.spend()));
        assert_eq!(endless.retries_left(), None);
        assert!(RetryBudget::new(u32::MAX).spend());
    }
}
