//! Starts that are permitted before the call is made.

use std::fmt;
use std::time::Duration;

use super::Call;
use crate::client::Client;
use crate::policy::limit::RateLimitRequest;
use crate::product::Operation;

/// How long a permit is valid. A later start would exceed the rate together with those that follow.
const VALIDITY: Duration = Duration::from_secs(1);

/// The permission of the rate limiter to start a call now, from [`Client::acquire`].
///
/// It is valid for a second; a call with an older one, or with one of another operation, waits for the limiter like
/// any other call. A permit that is not used is a start that nobody makes.
pub struct RateLimitPermit {
    product: String,
    operation: String,
    granted_at: Duration,
}

impl RateLimitPermit {
    /// Returns whether a call may start with this permit.
    pub(crate) fn permits(&self, operation: &Operation, now: Duration) -> bool {
        self.product == operation.product().code()
            && self.operation == operation.name()
            && now.saturating_sub(self.granted_at) <= VALIDITY
    }
}

impl fmt::Debug for RateLimitPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimitPermit")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Waits until the rate limiter permits a call of an operation to start.
    ///
    /// A call waits by itself. Use this if something has to happen between the wait and the call: a program that
    /// records each call before it is sent would otherwise record calls that wait for a long time, and could not tell
    /// later whether they were sent. Credentials that cannot be loaded are an error of the call, not of this method.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// static REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches").with_rate_limit(50);
    /// # alicloud_core::wire::request! { struct RefreshRequest -> () { } }
    /// # let fake = FakeTransport::new().respond_json("RefreshObjectCaches", "{}");
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    ///
    /// let permit = client.acquire(&REFRESH).await;
    /// println!("the call is sent now"); // such as a line of a journal
    /// client.call(&REFRESH, &RefreshRequest {}).permit(permit).await?;
    /// # Ok(()) }
    /// ```
    pub async fn acquire(&self, operation: &Operation) -> RateLimitPermit {
        let shared = self.shared();
        let credentials = match operation.is_anonymous() {
            true => None,
            false => shared.credentials.credentials().await.ok(),
        };
        let account = shared.limit_scope(credentials.as_ref());
        if operation.is_anonymous() || credentials.is_some() {
            let request = RateLimitRequest::new(&account, operation, &shared.clock);
            shared.rate_limiter.acquire(request).await;
        }
        RateLimitPermit {
            product: operation.product().code().to_owned(),
            operation: operation.name().to_owned(),
            granted_at: shared.clock.elapsed(),
        }
    }
}

impl<T> Call<T> {
    /// Starts the first attempt with a permit instead of waiting for the rate limiter. Retries wait for it.
    pub fn permit(mut self, permit: RateLimitPermit) -> Self {
        self.input.context.permit = Some(permit);
        self
    }
}
