//! The results of batches.

use std::fmt;
use std::vec;

use crate::error::Error;

/// The inputs and the result of one call of [`Batches`](crate::Batches).
///
/// # Examples
///
/// ```
/// use alicloud_core::Batch;
///
/// fn accepted<I, T>(batches: &[Batch<I, T>]) -> usize {
///     batches.iter().filter(|batch| batch.result.is_ok()).map(|batch| batch.inputs.len()).sum()
/// }
/// assert_eq!(accepted::<String, ()>(&[]), 0);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Batch<I, T> {
    /// The inputs of the call.
    pub inputs: Vec<I>,
    /// The result of the call.
    pub result: Result<T, Error>,
}

/// The results of all calls of [`Batches`](crate::Batches), in the order of the inputs.
///
/// Also the error of [`into_responses`](BatchReport::into_responses). `Display` shows how many inputs
/// failed, and the first error.
///
/// # Examples
///
/// ```
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
/// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # static REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
/// # alicloud_core::wire::request! {
/// #     struct RefreshRequest -> RefreshResponse {
/// #         object_path: Vec<String> = form("ObjectPath").lines().items(1, 1000),
/// #     }
/// # }
/// # alicloud_core::wire::record! {
/// #     struct RefreshResponse {
/// #         refresh_task_id: Option<String> = "RefreshTaskId",
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new().error("RefreshObjectCaches", 403, "Forbidden.RAM", "No permission.");
/// # let client: Client = ClientBuilder::new(&CDN)
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// # let urls = ["https://example.com/a", "https://example.com/b"].map(String::from);
/// let report = client
///     .batches(&REFRESH, "ObjectPath", urls, |urls| RefreshRequest { object_path: urls.to_vec() })
///     .await;
/// assert!(!report.is_complete());
/// assert_eq!(report.failures().count(), 2);
/// assert!(report.batches()[0].result.as_ref().unwrap_err().is_forbidden());
/// let error = report.into_responses().unwrap_err();
/// assert!(error.to_string().starts_with("2 of 2 inputs failed in 1 of 1 calls; first error: "));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct BatchReport<I, T> {
    pub(super) batches: Vec<Batch<I, T>>,
}

impl<I, T> BatchReport<I, T> {
    /// Returns all calls, in the order of the inputs.
    pub fn batches(&self) -> &[Batch<I, T>] {
        &self.batches
    }

    /// Returns the inputs of failed calls with their errors. [`Error::outcome`] is
    /// [`Unknown`](crate::Outcome::Unknown) if the call may have taken effect.
    pub fn failures(&self) -> impl Iterator<Item = (&I, &Error)> {
        self.batches.iter().flat_map(|batch| {
            let error = batch.result.as_ref().err();
            error.into_iter().flat_map(|error| batch.inputs.iter().map(move |input| (input, error)))
        })
    }

    /// Returns whether all calls succeeded.
    pub fn is_complete(&self) -> bool {
        self.batches.iter().all(|batch| batch.result.is_ok())
    }

    /// Converts into the responses, in the order of the inputs, if all calls succeeded.
    ///
    /// # Errors
    ///
    /// Returns the unchanged report if a call failed.
    pub fn into_responses(self) -> Result<Vec<T>, Self> {
        if !self.is_complete() {
            return Err(self);
        }
        Ok(self.batches.into_iter().filter_map(|batch| batch.result.ok()).collect())
    }
}

impl<I, T> IntoIterator for BatchReport<I, T> {
    type Item = Batch<I, T>;
    type IntoIter = vec::IntoIter<Batch<I, T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.batches.into_iter()
    }
}

impl<I, T> fmt::Display for BatchReport<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inputs: usize = self.batches.iter().map(|batch| batch.inputs.len()).sum();
        write!(f, "{} of {inputs} inputs failed", self.failures().count())?;
        let failed = self.batches.iter().filter(|batch| batch.result.is_err()).count();
        write!(f, " in {failed} of {} calls", self.batches.len())?;
        match self.failures().next() {
            Some((_, error)) => write!(f, "; first error: {error}"),
            None => Ok(()),
        }
    }
}

impl<I: fmt::Debug, T: fmt::Debug> std::error::Error for BatchReport<I, T> {}
