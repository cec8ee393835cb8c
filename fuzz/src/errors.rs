//! Bodies of responses that quote the secret and the token of the request, in a form that the input chooses.

use std::cell::RefCell;
use std::fmt::Write as _;

use alicloud_core::bytes::Bytes;
use alicloud_core::credentials::CredentialsError;
use alicloud_core::http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use alicloud_core::testing::{DeterministicNonce, ManualClock};
use alicloud_core::{
    BoxFuture, Client, ClientBuilder, Credentials, Error, Format, Operation, Product,
    ProvideCredentials, Transport, TransportError, TransportOptions,
};

use crate::runtime::{Choices, block_on};
use crate::secrets::{assert_hidden, fill, secret};
use crate::types::Tree;

static PRODUCT: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
static OPERATION: Operation = Operation::rpc(&PRODUCT, "DescribeRefreshTasks");

alicloud_wire::request! {
    struct TreeRequest -> Tree {}
}

/// What the shared client uses for the next call.
#[derive(Default)]
struct Exchange {
    secrets: [String; 2],
    status: u16,
    content_type: Vec<u8>,
    request_id: Vec<u8>,
    body: Vec<u8>,
}

thread_local! {
    static EXCHANGE: RefCell<Exchange> = RefCell::default();
    static CLIENT: Client = ClientBuilder::new(&PRODUCT)
        .clock(ManualClock::from_unix_seconds(1_767_323_045))
        .nonce_source(DeterministicNonce::constant("3156853299f313e23d1673dc12e1703d"))
        .credentials(Current)
        .transport(Current)
        .build()
        .expect("the client is complete");
}

/// The credentials and the response of the current input.
#[derive(Debug)]
struct Current;

impl ProvideCredentials for Current {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let [secret, token] = EXCHANGE.with_borrow(|exchange| exchange.secrets.clone());
        let credentials = Credentials::new("LTAI5tFuzz", secret).with_security_token(token);
        Box::pin(std::future::ready(Ok(credentials)))
    }

    fn name(&self) -> &str {
        "fuzz"
    }
}

impl Transport for Current {
    fn send(
        &self,
        _: Request<Bytes>,
        _: TransportOptions,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let response = EXCHANGE.with_borrow(|exchange| {
            let mut response = Response::new(Bytes::copy_from_slice(&exchange.body));
            *response.status_mut() =
                StatusCode::from_u16(exchange.status).expect("a status of the list");
            for (name, value) in [
                ("content-type", &exchange.content_type),
                ("x-acs-request-id", &exchange.request_id),
            ] {
                if let Ok(value) = HeaderValue::from_bytes(value) {
                    response.headers_mut().insert(HeaderName::from_static(name), value);
                }
            }
            response
        });
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// Checks that nothing that a response can make us show contains a secret.
pub fn check(data: &[u8]) {
    let mut choices = Choices(data);
    let status = choices.one_of(&[200, 400, 403, 404, 429, 500, 503]);
    let flags = choices.byte();
    let secrets = [secret(&mut choices), secret(&mut choices)];
    let content_type: &[u8] = match flags & 3 {
        0 => b"application/json",
        1 => b"text/xml",
        2 => b"text/html; a=\x80",
        _ => b"\x91",
    };
    let request_id: &[u8] = if flags & 4 == 0 { b"R-1" } else { b"R-\x80-\x92" };
    EXCHANGE.set(Exchange {
        status,
        content_type: fill(content_type, &secrets),
        request_id: fill(request_id, &secrets),
        body: fill(choices.0, &secrets),
        secrets: secrets.clone(),
    });
    let format = if flags & 8 == 0 { Format::Json } else { Format::Xml };
    let client = CLIENT.with(Client::clone);
    let shown = match flags & 16 {
        0 => {
            let call = client.call(&OPERATION, &TreeRequest {}).no_retry().format(format);
            match block_on(call.response()) {
                Ok(response) => response.issues.iter().map(ToString::to_string).collect(),
                Err(error) => outputs(&error),
            }
        }
        _ => {
            let call = client.generic_call("DescribeRefreshTasks").into_call().no_retry();
            match block_on(call.format(format).response()) {
                Ok(response) => response.issues.iter().map(ToString::to_string).collect(),
                Err(error) => outputs(&error),
            }
        }
    };
    for text in shown {
        assert_hidden(&text, &secrets);
    }
}

/// Returns every text of an error.
fn outputs(error: &Error) -> Vec<String> {
    let mut shown = format!("{error}\n{error:?}\n{error:#?}\n");
    assert!(!error.to_string().contains('\n'), "{error} has several lines");
    let fields = [error.message(), error.code(), error.request_id(), error.content_type()];
    for field in fields.into_iter().chain([error.help_url()]).flatten() {
        _ = writeln!(shown, "{field}");
    }
    if let Some(detail) = error.access_denied_detail() {
        _ = writeln!(shown, "{detail}\n{:?}", error.access_denied());
    }
    _ = writeln!(shown, "{:?}", error.signature_mismatch());
    let body = error.body().map(|body| String::from_utf8_lossy(body).into_owned());
    let json = serde_json::to_string(error).expect("an error can be serialized");
    let source = std::error::Error::source(error).map(|source| format!("{source} {source:?}"));
    [Some(shown), body, Some(json), source].into_iter().flatten().collect()
}
