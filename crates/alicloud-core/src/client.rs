//! The client that every generated client wraps.

mod builder;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use alicloud_wire::Request;
use http::HeaderValue;

pub use self::builder::ClientBuilder;
use crate::call::Call;
use crate::clock::Clock;
use crate::credentials::ProvideCredentials;
use crate::endpoint::Endpoint;
use crate::limit::RateLimiter;
use crate::nonce::NonceSource;
use crate::operation::{Called, OfProduct, Operation};
use crate::retry::{RetryBudget, RetryPolicy};
use crate::sign::SignatureVersion;
use crate::skew::Skew;
use crate::transport::Transport;

/// A client of one product.
///
/// Cloning is cheap, and clones share connections, credentials, the retry budget, the rate limits and
/// what was learned about the service's clock. Generated clients wrap one of these and add a method an
/// operation. `Debug` shows how it is set up, and no secret.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

/// How a client is set up.
pub(crate) struct Shared {
    pub(crate) product: OfProduct,
    pub(crate) endpoint: Endpoint,
    pub(crate) region: Option<String>,
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) nonces: Arc<dyn NonceSource>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) budget: RetryBudget,
    pub(crate) limiter: Arc<dyn RateLimiter>,
    pub(crate) skew: Skew,
    pub(crate) options: Options,
}

/// What a call can set otherwise than its client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    pub(crate) signature: SignatureVersion,
    pub(crate) format: Format,
    /// For the whole call.
    pub(crate) timeout: Duration,
    /// For one attempt.
    pub(crate) attempt_timeout: Option<Duration>,
    /// For each wait for more bytes within an attempt.
    pub(crate) read_timeout: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) retry: RetryPolicy,
    /// Whether to sign the service's time where the two clocks disagree.
    pub(crate) clock_skew_correction: bool,
}

/// In which format the service shall answer. The types and values are the same from both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// XML.
    Xml,
}

impl Format {
    /// The value of the parameter `Format`.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Json => "JSON",
            Format::Xml => "XML",
        }
    }
}

impl Client {
    /// A call of an operation. Nothing happens until it is awaited.
    ///
    /// The request is encoded at once, so it need not live longer. One that the service would refuse
    /// is reported when the call is awaited, and nothing is sent.
    pub fn call<R: Request>(
        &self,
        operation: &'static Operation,
        request: &R,
    ) -> Call<R::Response> {
        Call::new(
            self.clone(),
            Called::Described(operation),
            alicloud_wire::request::encode(request),
        )
    }

    /// The code of the product that this client is for, such as `Cdn`.
    pub fn product(&self) -> &str {
        self.shared.product.code()
    }

    /// The version of the product's API, such as `2018-05-10`.
    pub fn version(&self) -> &str {
        self.shared.product.version()
    }

    /// The endpoint that it talks to, such as `https://cdn.aliyuncs.com`.
    pub fn endpoint(&self) -> String {
        self.shared.endpoint.to_string()
    }

    /// The region it was set up for.
    pub fn region(&self) -> Option<&str> {
        self.shared.region.as_deref()
    }

    /// What it measures time with. A program that waits or tells the time beside its calls does so by
    /// the same clock, so that a test can move both.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = &*self.shared;
        f.debug_struct("Client")
            .field("product", &shared.product.code())
            .field("version", &shared.product.version())
            .field("endpoint", &shared.endpoint)
            .field("region", &shared.region)
            .field("credentials", &shared.credentials.name())
            .field("options", &shared.options)
            .finish_non_exhaustive()
    }
}
