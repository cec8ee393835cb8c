//! What an error says about its call.

use alicloud_wire::paging::IncompleteList;

use super::TransportError;
use super::{Error, ErrorData, Outcome};
use crate::product::Operation;

impl Error {
    /// Returns the error of the transport, if there was no response.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().fault("RefreshObjectCaches", Fault::ConnectionReset);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert!(error.transport_error().is_some() && error.status().is_none());
    /// # Ok(()) }
    /// ```
    pub fn transport_error(&self) -> Option<&TransportError> {
        match &self.0.data {
            ErrorData::Transport { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Returns the number of attempts, including one that failed while it was being sent.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().fault("RefreshObjectCaches", Fault::ConnectionReset);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// // Not retried, because the request may have been executed.
    /// assert_eq!(error.attempts(), 1);
    /// # Ok(()) }
    /// ```
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the name of the called operation, such as `DescribeRefreshTaskById`, or `None` for an
    /// error from building a client.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 403, "Forbidden.RAM", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.operation(), Some("RefreshObjectCaches"));
    /// # Ok(()) }
    /// ```
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref().map(Operation::name)
    }

    /// Returns the product code of the called operation, such as `Cdn`.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 403, "Forbidden.RAM", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.product(), Some("Cdn"));
    /// # Ok(()) }
    /// ```
    pub fn product(&self) -> Option<&str> {
        self.0.operation.as_deref().map(|operation| operation.product().code())
    }

    /// Returns whether the request may have taken effect, over all attempts: if any of them may have
    /// been executed, the outcome is [`Outcome::Unknown`], even if the last attempt was not sent.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials, Outcome};
    /// # let fake = FakeTransport::new().error("RefreshObjectCaches", 400, "InvalidObjectPath", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
    /// assert_eq!(error.outcome(), Outcome::Rejected);
    /// # Ok(()) }
    /// ```
    pub fn outcome(&self) -> Outcome {
        self.0.data.outcome().worst(self.0.earlier_outcome)
    }

    /// Returns why a list ended although the last response says that there is more, if that is the error.
    ///
    /// Cause: see [`Pages`](crate::Pages#incomplete-lists). Every call succeeded, and the items before the
    /// error are valid. Remedy: the message names it.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Client;
    ///
    /// let error = Client::generic("Cdn", "2018-05-10", "not a host").build().unwrap_err();
    /// assert!(error.incomplete_list().is_none());
    /// ```
    pub fn incomplete_list(&self) -> Option<&IncompleteList> {
        match &self.0.data {
            ErrorData::IncompleteList(incomplete) => Some(incomplete),
            _ => None,
        }
    }
}
