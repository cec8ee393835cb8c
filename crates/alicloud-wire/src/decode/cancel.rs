//! Decodings that end before their text does.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    static CANCELED: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// Runs work whose decodings fail soon after the flag is set, because nobody waits for them.
#[doc(hidden)]
pub fn decode_until<T>(canceled: &Arc<AtomicBool>, work: impl FnOnce() -> T) -> T {
    /// Restores the flag of the work around this one, even if this one panics.
    struct Restore(Option<Arc<AtomicBool>>);

    impl Drop for Restore {
        fn drop(&mut self) {
            CANCELED.set(self.0.take());
        }
    }

    let _restore = Restore(CANCELED.replace(Some(Arc::clone(canceled))));
    work()
}

/// Returns whether the decodings of this thread are canceled.
#[cold]
pub(super) fn is_canceled() -> bool {
    CANCELED.with_borrow(|canceled| {
        canceled.as_ref().is_some_and(|canceled| canceled.load(Ordering::Relaxed))
    })
}
