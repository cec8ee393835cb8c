//! A task that waits for its start.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use alicloud_core::{BoxFuture, Clock};

use super::client::LimitClient;
use super::queue::{Admission, Queue};

/// A future that waits in a [`Queue`] until the call may start.
pub(super) struct Acquire {
    client: Arc<LimitClient>,
    queue: Arc<Queue>,
    clock: Arc<dyn Clock>,
    /// The ticket, from the first poll until the call may start.
    ticket: Option<u64>,
    /// Only the first task in the queue sleeps, until this time.
    sleep: Option<(Duration, BoxFuture<'static, ()>)>,
}

impl Acquire {
    pub(super) fn new(client: Arc<LimitClient>, queue: Arc<Queue>, clock: Arc<dyn Clock>) -> Self {
        Acquire { client, queue, clock, ticket: None, sleep: None }
    }
}

impl Future for Acquire {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        loop {
            let now = this.clock.elapsed();
            let (admission, call) = this.queue.try_start(&mut this.ticket, now, context.waker());
            if let Some(call) = call {
                this.client.start(&this.queue, call, &this.clock);
            }
            match admission {
                Admission::Admitted => return Poll::Ready(()),
                Admission::Queued => return Poll::Pending,
                Admission::WaitUntil(time) => {
                    if this.sleep.as_ref().is_none_or(|(end, _)| *end != time) {
                        this.sleep = Some((time, this.clock.sleep(time.saturating_sub(now))));
                    }
                    if let Some((_, sleep)) = &mut this.sleep {
                        ready!(sleep.as_mut().poll(context));
                    }
                    this.sleep = None;
                }
            }
        }
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.queue.leave(ticket);
        }
    }
}
