//! The wait for the rate limiter without a call.

use crate::client::Client;
use crate::policy::limit::{RateLimitPermit, RateLimitRequest};
use crate::product::Operation;

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
        RateLimitPermit::new(operation, shared.clock.elapsed())
    }
}
