//! Bounds of what an operation allocates, and of how its time grows.

use std::alloc::System;
use std::time::Duration;

use cpu_time::ThreadTime;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Bytes that an operation may allocate for each byte of its input, counting what it frees again. An item of
/// three bytes can be a record of hundreds, and a list grows by doubling.
const BYTES_PER_BYTE: usize = 600;

/// Bytes that it may allocate besides.
const BYTES: usize = 64 << 10;

/// Runs an operation on an input and checks what it allocates.
pub fn bounded<T>(input: &[u8], operation: impl FnOnce() -> T) -> T {
    let region = Region::new(ALLOCATOR);
    let result = operation();
    let allocated = region.change().bytes_allocated;
    let limit = BYTES + BYTES_PER_BYTE * input.len();
    assert!(allocated <= limit, "{allocated} bytes were allocated for {} bytes", input.len());
    result
}

/// Checks that the time of an operation grows in proportion to its input, whose size is a factor: one that is eight
/// times as large takes less than 24 times as long. A quadratic operation takes 64 times as long. Measures again
/// with larger inputs before it reports, because the first step can be to a slower way, such as a number out of range.
pub fn linear(input: impl Fn(usize) -> Vec<u8>, operation: impl Fn(&[u8])) {
    let is_slow = |scale| growth_fault(&input(scale), &input(8 * scale), &operation);
    if is_slow(1).is_some()
        && let Some(fault) = is_slow(8)
    {
        panic!("{fault}");
    }
}

/// Returns the times of two inputs if the time grows three times as much as the input, or more.
fn growth_fault(small: &[u8], large: &[u8], operation: impl Fn(&[u8])) -> Option<String> {
    let growth = large.len() as f64 / small.len().max(1) as f64;
    let time = |input: &[u8]| {
        let start = ThreadTime::now();
        operation(input);
        start.elapsed()
    };
    let fastest = |input: &[u8], runs| (0..runs).map(|_| time(input)).min().unwrap_or_default();
    // The caches are shared with other processes, so only a repeated excess counts.
    let is_linear = |runs| {
        let slack = Duration::from_micros(30);
        fastest(large, runs) < (fastest(small, 2 * runs) + slack).mul_f64(3.0 * growth)
    };
    if (1..20).any(is_linear) {
        return None;
    }
    let (sizes, times) = ((small.len(), large.len()), (fastest(small, 5), fastest(large, 5)));
    Some(format!(
        "{} bytes take {:?}, and {} bytes of the same shape {:?}",
        sizes.0, times.0, sizes.1, times.1
    ))
}
