//! The way of a call: prepare once, then sign, send and judge, attempt by attempt.
//!
//! Nothing here knows the type of a request or a reply, so it is compiled once.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::BoxFuture;
use crate::assemble::{Prepared, Signed, Stamp};
use crate::call::Plan;
use crate::client::Shared;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorReply, Kind};
use crate::preview::Preview;
use crate::reply::RawReply;
use crate::secret::Redactor;
use crate::transport::TransportOptions;

/// Carries out a call.
pub(crate) async fn run(mut plan: Box<Plan>) -> Result<RawReply, Error> {
    let mut attempts = 0;
    let result = repeat(&mut plan, &mut attempts).await;
    result.map_err(|error| error.during(&plan.operation, attempts))
}

/// All attempts of a call: one, until there is a policy of repeating, which gets its place here.
async fn repeat(plan: &mut Plan, attempts: &mut u32) -> Result<RawReply, Error> {
    let prepared = prepare(plan)?;
    let mut deadline = Deadline::new(plan);
    let credentials = credentials(plan, &mut deadline).await?;
    *attempts += 1;
    let (response, sent) = attempt(plan, &prepared, credentials, &mut deadline).await?;
    judge(plan, response, sent, *attempts)
}

/// One attempt, with a time, a nonce and a signature of its own.
async fn attempt(
    plan: &Plan,
    prepared: &Prepared,
    credentials: Option<Credentials>,
    deadline: &mut Deadline,
) -> Result<(Response<Bytes>, Sent), Error> {
    let shared = plan.client.shared();
    let signed = sign(shared, prepared, credentials.as_ref())?;
    let sent = Sent { credentials, signature: signed.signature };
    let options = TransportOptions {
        silence: plan.options.attempt_timeout,
        max_reply_bytes: plan.options.max_reply_bytes,
    };
    match deadline.race(shared.transport.send(signed.request, options)).await {
        None => Err(deadline.passed(true)),
        Some(Err(error)) => {
            Err(Error::new(Kind::Transport { error, host: prepared.host().to_owned() }))
        }
        Some(Ok(response)) => Ok((response, sent)),
    }
}

/// Whether a reply is a success.
fn judge(
    plan: &Plan,
    response: Response<Bytes>,
    sent: Sent,
    attempts: u32,
) -> Result<RawReply, Error> {
    if response.status().is_success() {
        let (operation, format) = (plan.operation, plan.options.format);
        return Ok(RawReply { operation, format, response, sent, attempts });
    }
    let (head, body) = response.into_parts();
    let reply = ErrorReply::read(head.status, &head.headers, &body, &sent.redactor());
    Err(Error::new(Kind::Reply(reply)))
}

/// What all attempts have in common.
fn prepare(plan: &mut Plan) -> Result<Prepared, Error> {
    let parts = match &mut plan.parts {
        Ok(parts) => std::mem::take(parts),
        Err(invalid) => return Err(Error::new(Kind::Invalid(invalid.clone()))),
    };
    let shared = plan.client.shared();
    Prepared::new(
        plan.operation,
        parts,
        &shared.endpoint,
        shared.user_agent.clone(),
        plan.options.format,
        plan.options.signature,
        || shared.nonces.nonce(),
    )
    .map_err(|reason| Error::new(Kind::Unsendable(reason)))
}

/// Credentials that can be right, for an operation that needs some.
async fn credentials(plan: &Plan, deadline: &mut Deadline) -> Result<Option<Credentials>, Error> {
    if plan.operation.is_anonymous() {
        return Ok(None);
    }
    let provider = &plan.client.shared().credentials;
    let Some(found) = deadline.race(provider.credentials()).await else {
        return Err(deadline.passed(false));
    };
    found
        .and_then(|credentials| credentials.check().map(|()| Some(credentials)))
        .map_err(|error| Error::new(Kind::Credentials(error)))
}

fn sign(
    shared: &Shared,
    prepared: &Prepared,
    credentials: Option<&Credentials>,
) -> Result<Signed, Error> {
    let nonce = shared
        .nonces
        .nonce()
        .map_err(|error| format!("there is no randomness for a nonce: {error}"));
    nonce
        .and_then(|nonce| prepared.sign(Stamp { credentials, time: shared.clock.now(), nonce }))
        .map_err(|reason| Error::new(Kind::Unsendable(reason)))
}

/// What of a request must not be seen, in whatever a service answers to it.
pub(crate) struct Sent {
    credentials: Option<Credentials>,
    signature: Option<String>,
}

impl Sent {
    pub(crate) fn redactor(&self) -> Redactor {
        let mut redactor = Redactor::default();
        if let Some(credentials) = &self.credentials {
            redactor.add(credentials.access_key_secret().expose());
            if let Some(token) = credentials.security_token() {
                redactor.add(token.expose());
            }
        }
        if let Some(signature) = &self.signature {
            redactor.add(signature);
        }
        redactor
    }
}

/// The end of the time for a whole call.
struct Deadline {
    limit: Duration,
    end: BoxFuture<'static, ()>,
}

impl Deadline {
    fn new(plan: &Plan) -> Self {
        let limit = plan.options.timeout;
        Deadline { limit, end: plan.client.shared().clock.limit(limit) }
    }

    /// The output of a future, unless the deadline comes first.
    async fn race<F: Future>(&mut self, work: F) -> Option<F::Output> {
        let mut work = pin!(work);
        poll_fn(move |context| {
            // Work that is done in the last moment is done.
            if let Poll::Ready(output) = work.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            Pin::new(&mut self.end).poll(context).map(|()| None)
        })
        .await
    }

    fn passed(&self, sent: bool) -> Error {
        Error::new(Kind::Deadline { limit: self.limit, sent })
    }
}

/// What a call would send.
pub(crate) async fn preview(mut plan: Box<Plan>) -> Result<Preview, Error> {
    let operation = plan.operation;
    let result = async {
        let prepared = prepare(&mut plan)?;
        let mut deadline = Deadline::new(&plan);
        let (credentials, placeholder) = match credentials(&plan, &mut deadline).await {
            Ok(found) => (found, false),
            Err(_) => (Some(Credentials::new("YourAccessKeyId", "YourAccessKeySecret")), true),
        };
        let mut signed = sign(plan.client.shared(), &prepared, credentials.as_ref())?;
        let sent = Sent { credentials, signature: signed.signature.take() };
        Ok(Preview::new(signed, &sent.redactor(), placeholder))
    };
    result.await.map_err(|error: Error| error.during(&operation, 0))
}
