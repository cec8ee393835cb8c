//! The two calls of STS that hand out credentials for a role.

use std::time::{Duration, UNIX_EPOCH};

use alicloud_wire::percent_encode_into;
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use zeroize::{Zeroize as _, Zeroizing};

use super::Credentials;
use super::document::Document;
use super::http::{Limits, send};
use super::provider_context::Seams;
use super::role::Role;
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind, ErrorResponse};
use crate::secret::{Redactor, Secret};
use crate::sign::{self, rpc};
use crate::transport::TransportErrorKind;

const LIMITS: Limits =
    Limits { read_timeout: Duration::from_secs(10), total: Duration::from_secs(15) };

/// Asking for credentials changes nothing, so it is safe to ask again. The waits before that.
const WAITS: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(800)];

/// What proves that the role may be taken.
pub(super) enum Proof<'a> {
    /// Credentials that sign the request.
    Signed(&'a Credentials),
    /// A token of an identity provider; the request is not signed.
    Oidc { provider_arn: &'a str, token: &'a Secret },
}

/// Asks STS for the credentials of a role. The error names the code of STS and its request id.
pub(super) async fn take(
    role: &Role,
    proof: Proof<'_>,
    seams: &Seams,
) -> Result<Credentials, String> {
    let role = role.clone().completed(&seams.variables)?;
    let in_words = |(setting, reason): super::role::Problem| {
        format!("{} {reason}", super::role::Setting::describe(setting))
    };
    role.check().map_err(in_words)?;
    let endpoint = role.sts_endpoint().map_err(in_words)?;
    let transport = seams.transport()?;
    let mut waits = WAITS.iter();
    loop {
        let call = Form::new(&role, &proof, seams)?;
        let sent = send(&*transport, &*seams.clock, call.request(&endpoint)?, LIMITS).await;
        let (reason, passing) = match sent {
            Ok(response) if response.status().is_success() => return read(response),
            Ok(response) => refused(response, &call.redactor),
            // There will not be another one by asking again: a request that cannot be sent, TLS
            // that does not convince.
            Err(failure) => {
                let lasting = matches!(
                    failure.kind,
                    TransportErrorKind::Request
                        | TransportErrorKind::Tls
                        | TransportErrorKind::TooLarge
                );
                (failure.text, !lasting)
            }
        };
        match waits.next().filter(|_| passing) {
            Some(wait) => seams.clock.sleep(*wait).await,
            None => return Err(format!("STS at {}: {reason}", endpoint.host())),
        }
    }
}

/// One request: its form, and what of it nobody must see.
struct Form {
    text: Zeroizing<Vec<u8>>,
    redactor: Redactor,
}

impl Form {
    fn new(role: &Role, proof: &Proof<'_>, seams: &Seams) -> Result<Form, String> {
        let now = seams.clock.now();
        let time = sign::timestamp(now);
        let usual = || {
            let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            format!("alicloud-rust-{seconds}")
        };
        let session = role.session.clone().unwrap_or_else(usual);
        let duration = role.duration_seconds();
        let mut pairs = vec![
            ("Format", "JSON"),
            ("Version", "2015-04-01"),
            ("Timestamp", &time),
            ("RoleArn", &role.arn),
            ("RoleSessionName", &session),
            ("DurationSeconds", &duration),
        ];
        pairs.extend(role.policy.as_deref().map(|policy| ("Policy", policy)));
        let mut redactor = Redactor::default();
        match proof {
            Proof::Oidc { provider_arn, token } => {
                redactor.add(token.expose());
                pairs.extend([
                    ("Action", "AssumeRoleWithOIDC"),
                    ("OIDCProviderArn", provider_arn),
                    ("OIDCToken", token.expose()),
                ]);
                let text = sign::canonical_query(&pairs).into_bytes();
                Ok(Form { text: Zeroizing::new(text), redactor })
            }
            Proof::Signed(credentials) => {
                let nonce = seams.nonces.nonce();
                let nonce = nonce
                    .map_err(|error| format!("there is no randomness for a nonce: {error}"))?;
                let secret = credentials.access_key_secret().expose();
                redactor.add(secret);
                pairs.extend([
                    ("Action", "AssumeRole"),
                    ("AccessKeyId", credentials.access_key_id()),
                    ("SignatureMethod", "HMAC-SHA1"),
                    ("SignatureNonce", &nonce),
                    ("SignatureVersion", "1.0"),
                ]);
                if let Some(id) = &role.external_id {
                    redactor.add(id.expose());
                    pairs.push(("ExternalId", id.expose()));
                }
                if let Some(token) = credentials.security_token() {
                    redactor.add(token.expose());
                    pairs.push(("SecurityToken", token.expose()));
                }
                let (mut text, mut string_to_sign) =
                    rpc::canonical_query("POST", &pairs).into_parts();
                let signature = rpc::signature(secret, &string_to_sign);
                string_to_sign.zeroize();
                redactor.add(&signature);
                text.push_str("&Signature=");
                percent_encode_into(&signature, &mut text);
                Ok(Form { text: Zeroizing::new(text.into_bytes()), redactor })
            }
        }
    }

    /// All of it in the body: proxies and servers log URLs.
    fn request(&self, endpoint: &Endpoint) -> Result<Request<Bytes>, String> {
        Request::post(format!("{endpoint}/"))
            .header(header::HOST, endpoint.host())
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::USER_AGENT, concat!("alicloud-core/", env!("CARGO_PKG_VERSION")))
            .body(Bytes::from_owner(self.text.clone()))
            .map_err(|_| "the request cannot be written down".to_owned())
    }
}

fn read(response: Response<Bytes>) -> Result<Credentials, String> {
    let document = Document::of_body(response.into_body())
        .map_err(|reason| format!("what STS answered {reason}"))?;
    let fields = document.fields().object("Credentials");
    let fields = fields.ok_or("what STS answered has no `Credentials`")?;
    fields.temporary().map_err(|reason| format!("what STS answered {reason}"))
}

/// What STS says, and whether it may think otherwise in a moment.
fn refused(response: Response<Bytes>, redactor: &Redactor) -> (String, bool) {
    let (head, body) = response.into_parts();
    let response = ErrorResponse::read(head.status, &head.headers, &body, redactor);
    let error = Error::new(ErrorKind::Response(response));
    let passing = error.is_throttling()
        || head.status.is_server_error() && head.status != StatusCode::NOT_IMPLEMENTED;
    let id = error.request_id().map(|id| format!(" [request id {id}]")).unwrap_or_default();
    (format!("{error}{id}"), passing)
}
