//! What kind of operation one is.

/// How an API identifies its operations in a request.
///
/// # Examples
///
/// ```
/// use alicloud_core::{ApiStyle, Operation, Product};
///
/// static CDN: Product = Product::new("Cdn", "2018-05-10");
/// assert_eq!(Operation::rpc(&CDN, "DescribeRefreshQuota").style(), ApiStyle::Rpc);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiStyle {
    /// By an action name; the path is always `/`.
    Rpc,
    /// By a method and a path.
    Roa,
}

/// Effect of executing an operation twice. Decides which errors are retried; see
/// [`RetryPolicy`](crate::RetryPolicy).
///
/// # Examples
///
/// ```
/// use alicloud_core::Idempotency;
///
/// assert!(Idempotency::ReadOnly.is_idempotent());
/// assert!(!Idempotency::Mutating.is_idempotent());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Idempotency {
    /// No effect: the operation only reads.
    ReadOnly,
    /// The same effect as executing it once.
    Idempotent,
    /// Possibly another effect. Retried only if the first attempt certainly had none.
    Mutating,
}

impl Idempotency {
    /// Returns whether executing the operation twice has the same effect as executing it once.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Idempotency;
    ///
    /// assert!(Idempotency::Idempotent.is_idempotent());
    /// ```
    pub const fn is_idempotent(self) -> bool {
        matches!(self, Idempotency::ReadOnly | Idempotency::Idempotent)
    }
}

/// Content of a response body.
///
/// # Examples
///
/// ```
/// use alicloud_core::{Operation, Product, ResponseKind};
///
/// static CS: Product = Product::new("CS", "2015-12-15");
/// static EXPORT: Operation =
///     Operation::roa(&CS, "Export", "GET", "/export").with_response_kind(ResponseKind::Bytes);
/// assert_eq!(EXPORT.response_kind(), ResponseKind::Bytes);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseKind {
    /// JSON or XML, as requested.
    Structured,
    /// Plain text, passed on unchanged.
    Text,
    /// Bytes, passed on unchanged.
    Bytes,
    /// Nothing to decode; the body is ignored.
    Nothing,
}
