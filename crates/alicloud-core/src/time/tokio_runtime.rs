//! Tokio runtimes without the drivers that a call needs.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Runs a function that uses the timer or the I/O of the current tokio runtime. Returns `None` if there is no
/// runtime or it was built without them.
///
/// Tokio panics then, and cannot be asked before. Only its own panic is caught; what the function used must
/// then be dropped. The panic hook still runs, and a program that aborts on panics still aborts.
pub(crate) fn try_on_tokio<T>(function: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(function)) {
        Ok(output) => Some(output),
        Err(panic) if is_of_tokio(&*panic) => None,
        Err(panic) => resume_unwind(panic),
    }
}

/// Returns whether a panic is one of tokio about the runtime; all of them name its version like this.
fn is_of_tokio(panic: &(dyn Any + Send)) -> bool {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.is_some_and(|text| text.contains("Tokio 1.x"))
}
