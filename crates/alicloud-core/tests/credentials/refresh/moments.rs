//! The exact moments at which a cache fetches again, without the random part of them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use alicloud_core::credentials::{
    ExternalProcess, ProcessLimits, ProvideCredentials as _, RunProcess,
};
use alicloud_core::testing::{DeterministicNonce, ManualClock};
use alicloud_core::{BoxFuture, Secret};

use super::{LIFETIME, counting, id, poll_once, seconds};
use crate::{clock, variables};

/// A nonce from which the random number 0 is derived.
const WITHOUT_JITTER: &str = "vv0nwlh";

/// A program that prints credentials when it runs for the first time, and fails later. Counts how often it runs.
#[derive(Debug, Clone, Default)]
struct WorksOnce(Arc<AtomicUsize>);

impl RunProcess for WorksOnce {
    fn run(
        &self,
        _: &str,
        _: &[String],
        _: ProcessLimits,
    ) -> BoxFuture<'static, io::Result<Secret>> {
        let output = match self.0.fetch_add(1, Ordering::SeqCst) {
            0 => Ok(Secret::new(r#"{"mode":"AK","access_key_id":"id","access_key_secret":"s"}"#)),
            _ => Err(io::Error::other("it works only once")),
        };
        Box::pin(async move { output })
    }
}

/// Asserts that the provider runs the program again after this time, and not a nanosecond earlier.
async fn assert_runs_after(
    duration: Duration,
    clock: &ManualClock,
    program: &WorksOnce,
    provider: &ExternalProcess,
) {
    let runs = program.0.load(Ordering::SeqCst);
    for (advance, expected) in
        [(duration - Duration::from_nanos(1), runs), (Duration::from_nanos(1), runs + 1)]
    {
        clock.advance(advance);
        assert_eq!(provider.credentials().await.unwrap().access_key_id(), "id");
        assert_eq!(program.0.load(Ordering::SeqCst), expected, "{duration:?}");
    }
}

#[tokio::test]
async fn a_refresh_and_its_retries_have_exact_times() {
    let (clock, program) = (clock(), WorksOnce::default());
    let provider = ExternalProcess::new("program")
        .process_runner(program.clone())
        .nonce_source(DeterministicNonce::constant(WITHOUT_JITTER))
        .variables(variables(&[]))
        .clock(clock.clone());
    provider.credentials().await.unwrap();
    for delay in [300, 10, 20, 40, 80, 160, 300, 300] {
        assert_runs_after(seconds(delay), &clock, &program, &provider).await;
    }
}

#[tokio::test]
async fn credentials_that_expire_during_a_failing_refresh_are_not_used() {
    for (advance, is_valid) in
        [(Duration::from_millis(400), true), (Duration::from_millis(500), false)]
    {
        let (clock, source, cached) = counting(Some(LIFETIME));
        id(&cached).await;
        source.set_failing(true);
        clock.advance(seconds(LIFETIME) - Duration::from_millis(500));
        let mut waiting = cached.credentials();
        assert!(poll_once(&mut waiting).is_none());
        clock.advance(advance);
        assert_eq!(waiting.await.is_ok(), is_valid, "{advance:?}");
    }
}
