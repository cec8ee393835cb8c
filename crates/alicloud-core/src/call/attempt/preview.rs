//! The request that a call would send.

use super::deadline::Deadline;
use super::prepare::prepare;
use super::sign::{sign, signing_context};
use super::{AttemptState, load_credentials};
use crate::call::input::CallInput;
use crate::call::preview::Preview;
use crate::call::sent_request::SentRequest;
use crate::credentials::Credentials;
use crate::error::Error;

/// Returns the request that a call would send.
pub(crate) async fn preview(input: Box<CallInput>) -> Result<Preview, Error> {
    let CallInput { context, parts, headers } = *input;
    let result = async {
        let prepared = prepare(&context, parts, headers)?.request;
        let shared = context.client.shared();
        let mut deadline = Deadline::new(&shared.clock, context.options.timeout);
        let result = load_credentials(&context, &mut AttemptState::default(), &mut deadline).await;
        let (credentials, has_placeholder_credentials) = match result {
            Ok(credentials) => (credentials, false),
            Err(_) => (Some(Credentials::new("YourAccessKeyId", "YourAccessKeySecret")), true),
        };
        let time = context.signed_time(prepared.host(), shared.clock.now());
        let shown = prepared.secrets().map_or(&prepared, |secrets| &secrets.shown);
        let signed = signing_context(&context, credentials.as_ref(), time, None)
            .and_then(|signing| sign(shown, &signing))?;
        let (request, sent) = SentRequest::split(shown, signed, credentials);
        Ok(Preview::new(request, sent, has_placeholder_credentials))
    };
    result.await.map_err(|error: Error| error.with_call(context.operation, 0))
}
