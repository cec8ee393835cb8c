//! The future of the traits.

use std::future::Future;
use std::pin::Pin;

/// The boxed future that the traits of this crate return.
///
/// # Examples
///
/// ```
/// use alicloud_core::BoxFuture;
///
/// fn answer() -> BoxFuture<'static, u8> {
///     Box::pin(async { 42 })
/// }
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// assert_eq!(answer().await, 42);
/// # }
/// ```
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
