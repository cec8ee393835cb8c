//! What is known about the operation of a generic call.

use std::borrow::Cow;

use super::GenericCall;
use crate::product::ApiStyle;

impl GenericCall {
    /// Makes this a ROA-style call with a method and a path. The path may contain placeholders, filled by
    /// [`path_param`](Self::path_param), and end with a fixed query.
    ///
    /// `{Id}` and `[Id]`, as some documentation writes it, stand for one segment or a part of it, `{+Path}`
    /// for several segments.
    ///
    /// # Errors
    ///
    /// The call returns an error that quotes the path, and sends nothing, if the path does not start with
    /// `/`; has a fragment, an unclosed bracket or a placeholder twice, in its query or without a value; a
    /// segment that is empty, `.` or `..`; or a character that has to be percent-encoded.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeNodes", "{}");
    /// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("DescribeNodes").roa("GET", "/clusters/{Id}/nodes");
    /// call.path_param("Id", "c8").await?;
    /// assert_eq!(fake.requests()[0].uri().path(), "/clusters/c8/nodes");
    /// # Ok(()) }
    /// ```
    pub fn roa(mut self, method: impl Into<String>, path: impl Into<String>) -> Self {
        self.operation.style = ApiStyle::Roa;
        self.operation.path = Cow::Owned(path.into());
        self.method(method)
    }

    /// Sets the HTTP method, for services that do not accept `POST`.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeClusters", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("DescribeClusters").method("GET").await?;
    /// assert_eq!(fake.requests()[0].method(), "GET");
    /// # Ok(()) }
    /// ```
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.operation.method = Cow::Owned(method.into());
        self
    }

    /// Marks the call as read-only, so that it is retried after every transient error.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # use alicloud_core::testing::Fault;
    /// # let fake = FakeTransport::new().fault("DescribeClusters", Fault::ConnectionReset).respond_json("DescribeClusters", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("DescribeClusters").read_only().await?;
    /// assert_eq!(fake.requests().len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn read_only(mut self) -> Self {
        self.operation = self.operation.read_only();
        self
    }

    /// Marks the call as idempotent, so that it is retried like a read.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # use alicloud_core::testing::Fault;
    /// # let fake = FakeTransport::new().fault("DescribeClusters", Fault::ConnectionReset).respond_json("DescribeClusters", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("DescribeClusters").idempotent().await?;
    /// assert_eq!(fake.requests().len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn idempotent(mut self) -> Self {
        self.operation = self.operation.idempotent();
        self
    }

    /// Sends the call unsigned, without credentials.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("AssumeRoleWithOIDC", "{}");
    /// # let client = Client::generic("Sts", "2015-12-15", "sts.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("AssumeRoleWithOIDC").anonymous().await?;
    /// assert_eq!(fake.requests()[0].header("authorization"), None);
    /// # Ok(()) }
    /// ```
    pub fn anonymous(mut self) -> Self {
        self.operation = self.operation.anonymous();
        self
    }

    /// Sets the service's rate limit, in calls per second per account. The client stays below it.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeClusters", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("DescribeClusters").rate_limit(10).await?;
    /// assert_eq!(fake.requests().len(), 1);
    /// # Ok(()) }
    /// ```
    pub fn rate_limit(mut self, per_second: u32) -> Self {
        self.operation = self.operation.with_rate_limit(per_second);
        self
    }
}
