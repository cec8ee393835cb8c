//! One poll of all tasks that need polling.

use std::collections::VecDeque;
use std::future::IntoFuture;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alicloud_cdn::Client;
use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};

use crate::stored_error::StoredError;
use crate::track::Tracker;

/// Ids per call.
const BATCH_SIZE: usize = 10;

/// Maximum number of concurrent calls.
const CONCURRENCY: usize = 4;

pub(super) fn lock(tracker: &Mutex<Tracker>) -> MutexGuard<'_, Tracker> {
    tracker.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Polls all tasks that need polling.
///
/// Responses count even if other calls fail. A transient error is only stored, because the next poll
/// retries, unless the service says when to retry: that error is returned, so that the wait observes it.
pub(super) async fn poll_tasks(
    client: Client,
    tracker: Arc<Mutex<Tracker>>,
) -> Result<(), alicloud_cdn::Error> {
    let ids = lock(&tracker).pending_ids();
    let mut batches: VecDeque<_> = ids.chunks(BATCH_SIZE).map(<[String]>::to_vec).collect();
    let mut running = FuturesUnordered::new();
    let (mut transient_error, mut retry_later) = (None, None);
    loop {
        while running.len() < CONCURRENCY
            && let Some(ids) = batches.pop_front()
        {
            let request = DescribeRefreshTaskByIdRequest::new(&ids);
            let call = client.describe_refresh_task_by_id(request).into_future();
            running.push(call.map(|result| (ids, result)));
        }
        match running.next().await {
            None => break,
            Some((ids, Ok(response))) => {
                let now = client.core().clock().elapsed();
                lock(&tracker).record_response(&ids, response.tasks, now);
            }
            Some((_, Err(error))) if error.is_transient() => {
                transient_error = Some(StoredError::from(&error));
                // Throttling affects the other calls, too.
                if error.is_throttling() && error.retry_after().is_some() {
                    batches.clear();
                    retry_later = Some(error);
                }
            }
            // One invalid id fails its whole batch, so each id is polled alone.
            Some((ids, Err(error))) if is_invalid_task_id(&error) => match ids.as_slice() {
                [id] => lock(&tracker).record_rejected_id(id, &StoredError::from(&error)),
                _ => batches.extend(ids.into_iter().map(|id| vec![id])),
            },
            Some((_, Err(error))) => return Err(error),
        }
    }
    lock(&tracker).error = transient_error;
    retry_later.map_or(Ok(()), Err)
}

fn is_invalid_task_id(error: &alicloud_cdn::Error) -> bool {
    error.code().is_some_and(|code| code.starts_with("InvalidTaskId"))
}
