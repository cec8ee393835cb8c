//! Calls that wait for one fetch: none waits forever because another one was dropped.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use alicloud_core::credentials::{
    CachingCredentialsProvider, CredentialsError, ProvideCredentials,
};
use alicloud_core::{BoxFuture, Credentials};

use super::poll_once;
use crate::clock;

type Result = std::result::Result<Credentials, CredentialsError>;

#[derive(Debug, Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// A provider that makes progress at once, and lets a second call wait before it says so.
#[derive(Clone, Default)]
struct Interrupted {
    second: Arc<Mutex<Option<BoxFuture<'static, Result>>>>,
    woken: Arc<Woken>,
}

impl std::fmt::Debug for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Interrupted")
    }
}

impl Interrupted {
    fn poll_second(&self) -> Poll<Result> {
        let waker = Waker::from(Arc::clone(&self.woken));
        let mut second = self.second.lock().unwrap();
        second.as_mut().unwrap().as_mut().poll(&mut Context::from_waker(&waker))
    }
}

impl ProvideCredentials for Interrupted {
    fn credentials(&self) -> BoxFuture<'_, Result> {
        let mut is_first = true;
        Box::pin(poll_fn(move |context| {
            if !std::mem::take(&mut is_first) {
                return Poll::Ready(Ok(Credentials::new("id", "secret")));
            }
            context.waker().wake_by_ref();
            assert!(self.poll_second().is_pending());
            Poll::Pending
        }))
    }

    fn name(&self) -> &str {
        "interrupted"
    }
}

#[test]
fn the_progress_of_a_dropped_call_is_passed_to_one_that_waits() {
    let source = Interrupted::default();
    let cached = CachingCredentialsProvider::new(source.clone()).clock(clock());
    let second = cached.clone();
    *source.second.lock().unwrap() = Some(Box::pin(async move { second.credentials().await }));

    let mut first = cached.credentials();
    assert!(poll_once(&mut first).is_none());
    assert!(!source.woken.0.load(Ordering::SeqCst));
    drop(first);
    assert!(source.woken.0.load(Ordering::SeqCst));
    let Poll::Ready(credentials) = source.poll_second() else { panic!("it still waits") };
    assert_eq!(credentials.unwrap().access_key_id(), "id");
}
