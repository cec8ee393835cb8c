//! One look at everything that is not done.

use std::collections::VecDeque;
use std::future::IntoFuture;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alicloud_cdn::Client;
use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};

use crate::status::StoredError;
use crate::track::Tracker;

/// How many ids one call asks for.
const IN_A_CALL: usize = 10;

/// How many calls run side by side.
const AT_ONCE: usize = 4;

pub(super) fn lock(tracker: &Mutex<Tracker>) -> MutexGuard<'_, Tracker> {
    tracker.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks for everything that is not done.
///
/// What passes is no error, unless the service has said when to come again, and what some calls have found
/// is taken in even when others fail: the next look asks again.
pub(super) async fn sweep(
    client: Client,
    tracker: Arc<Mutex<Tracker>>,
) -> Result<(), alicloud_cdn::Error> {
    let ids = lock(&tracker).pending_ids();
    let mut calls: VecDeque<_> = ids.chunks(IN_A_CALL).map(<[String]>::to_vec).collect();
    let mut running = FuturesUnordered::new();
    let (mut passed, mut later) = (None, None);
    loop {
        while running.len() < AT_ONCE
            && let Some(ids) = calls.pop_front()
        {
            let request = DescribeRefreshTaskByIdRequest::new(&ids);
            let call = client.describe_refresh_task_by_id(request).into_future();
            running.push(call.map(|result| (ids, result)));
        }
        match running.next().await {
            None => break,
            Some((ids, Ok(response))) => {
                let now = client.core().clock().elapsed();
                lock(&tracker).take_in(&ids, response.tasks, now);
            }
            Some((_, Err(error))) if error.is_transient() => {
                passed = Some(StoredError::from(&error));
                // What the service says of one call is true of the others.
                if error.is_throttling() && error.retry_after().is_some() {
                    calls.clear();
                    later = Some(error);
                }
            }
            // One id that is none spoils the call of the others.
            Some((ids, Err(error))) if is_about_an_id(&error) => match ids.as_slice() {
                [id] => lock(&tracker).reject(id, &StoredError::from(&error)),
                _ => calls.extend(ids.into_iter().map(|id| vec![id])),
            },
            Some((_, Err(error))) => return Err(error),
        }
    }
    lock(&tracker).error = passed;
    later.map_or(Ok(()), Err)
}

fn is_about_an_id(error: &alicloud_cdn::Error) -> bool {
    error.code().is_some_and(|code| code.starts_with("InvalidTaskId"))
}
