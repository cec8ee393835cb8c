//! Operations: statics of generated code, or described at run time by a generic call.

use std::borrow::Cow;
use std::mem;

use super::definition::Product;
use super::kind::{ApiStyle, Idempotency, ResponseKind};

/// An operation of a product.
///
/// Calls borrow it for `'static`, so a program declares it as a `static` item and not as a constant.
///
/// # Examples
///
/// ```
/// use alicloud_core::{Operation, Product};
///
/// static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// static DESCRIBE_TASK: Operation =
///     Operation::rpc(&CDN, "DescribeRefreshTaskById").read_only().with_rate_limit(30);
///
/// assert_eq!(DESCRIBE_TASK.product().code(), "Cdn");
/// assert_eq!(DESCRIBE_TASK.name(), "DescribeRefreshTaskById");
/// assert_eq!((DESCRIBE_TASK.method(), DESCRIBE_TASK.path()), ("POST", "/"));
/// assert_eq!(DESCRIBE_TASK.rate_per_second(), Some(30));
/// assert!(DESCRIBE_TASK.idempotency().is_idempotent() && !DESCRIBE_TASK.is_anonymous());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    product: Cow<'static, Product>,
    name: Cow<'static, str>,
    pub(crate) style: ApiStyle,
    pub(crate) method: Cow<'static, str>,
    pub(crate) path: Cow<'static, str>,
    anonymous: bool,
    idempotency: Idempotency,
    rate_per_second: Option<u32>,
    response_kind: ResponseKind,
}

impl Operation {
    pub(crate) const fn new(
        product: Cow<'static, Product>,
        name: Cow<'static, str>,
        style: ApiStyle,
        method: &'static str,
        path: &'static str,
    ) -> Self {
        Operation {
            product,
            name,
            style,
            method: Cow::Borrowed(method),
            path: Cow::Borrowed(path),
            anonymous: false,
            idempotency: Idempotency::Mutating,
            rate_per_second: None,
            response_kind: ResponseKind::Structured,
        }
    }

    /// Creates an RPC-style operation: identified by its name, sent with `POST`.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Operation, Product};
    ///
    /// static CS: Product = Product::new("CS", "2015-12-15");
    /// static LIST: Operation = Operation::rpc(&CS, "DescribeClusters");
    /// assert_eq!(LIST.method(), "POST");
    /// ```
    pub const fn rpc(product: &'static Product, name: &'static str) -> Self {
        Operation::new(Cow::Borrowed(product), Cow::Borrowed(name), ApiStyle::Rpc, "POST", "/")
    }

    /// Creates a ROA-style operation: identified by a method and a path such as
    /// `/clusters/{ClusterId}`.
    ///
    /// `{Name}` stands for one path segment, `{+Name}` for any number of them. The path may end with
    /// a fixed query.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Operation, Product};
    ///
    /// static CS: Product = Product::new("CS", "2015-12-15");
    /// static DELETE: Operation =
    ///     Operation::roa(&CS, "DeleteCluster", "DELETE", "/clusters/{ClusterId}");
    /// assert_eq!(DELETE.path(), "/clusters/{ClusterId}");
    /// ```
    pub const fn roa(
        product: &'static Product,
        name: &'static str,
        method: &'static str,
        path: &'static str,
    ) -> Self {
        Operation::new(Cow::Borrowed(product), Cow::Borrowed(name), ApiStyle::Roa, method, path)
    }

    /// Sets the HTTP method, for services that do not accept `POST`.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Operation, Product};
    ///
    /// static CS: Product = Product::new("CS", "2015-12-15");
    /// static LIST: Operation = Operation::rpc(&CS, "DescribeClusters").with_method("GET");
    /// assert_eq!(LIST.method(), "GET");
    /// ```
    #[must_use]
    pub const fn with_method(mut self, method: &'static str) -> Self {
        // At compile time, a value can be forgotten but not dropped. The old method is borrowed.
        mem::forget(mem::replace(&mut self.method, Cow::Borrowed(method)));
        self
    }

    /// Marks the operation as read-only, so that it is retried after every transient error.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Idempotency, Operation, Product};
    ///
    /// static CS: Product = Product::new("CS", "2015-12-15");
    /// static LIST: Operation = Operation::rpc(&CS, "DescribeClusters").read_only();
    /// assert_eq!(LIST.idempotency(), Idempotency::ReadOnly);
    /// ```
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.idempotency = Idempotency::ReadOnly;
        self
    }

    /// Marks the operation as idempotent, so that it is retried like a read.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Operation, Product};
    ///
    /// static CS: Product = Product::new("CS", "2015-12-15");
    /// static STOP: Operation = Operation::rpc(&CS, "StopCluster").idempotent();
    /// assert!(STOP.idempotency().is_idempotent());
    /// ```
    #[must_use]
    pub const fn idempotent(mut self) -> Self {
        self.idempotency = Idempotency::Idempotent;
        self
    }

    /// Marks the operation as anonymous: it is not signed and needs no credentials.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Operation, Product};
    ///
    /// static CS: Product = Product::new("CS", "2015-12-15");
    /// static PING: Operation = Operation::rpc(&CS, "Ping").anonymous();
    /// assert!(PING.is_anonymous());
    /// ```
    #[must_use]
    pub const fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// Sets the service's rate limit, in calls per second per account.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Operation, Product};
    ///
    /// static CS: Product = Product::new("CS", "2015-12-15");
    /// static LIST: Operation = Operation::rpc(&CS, "DescribeClusters").with_rate_limit(10);
    /// assert_eq!(LIST.rate_per_second(), Some(10));
    /// ```
    #[must_use]
    pub const fn with_rate_limit(mut self, per_second: u32) -> Self {
        self.rate_per_second = Some(per_second);
        self
    }

    /// Sets the content of the response body. Defaults to [`ResponseKind::Structured`].
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::{Operation, Product, ResponseKind};
    ///
    /// static CS: Product = Product::new("CS", "2015-12-15");
    /// static LOGS: Operation = Operation::rpc(&CS, "Logs").with_response_kind(ResponseKind::Text);
    /// assert_eq!(LOGS.response_kind(), ResponseKind::Text);
    /// ```
    #[must_use]
    pub const fn with_response_kind(mut self, kind: ResponseKind) -> Self {
        self.response_kind = kind;
        self
    }

    /// Returns the product of the operation.
    pub fn product(&self) -> &Product {
        &self.product
    }

    /// Returns the name, such as `DescribeRefreshTaskById`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns how requests identify the operation.
    pub const fn style(&self) -> ApiStyle {
        self.style
    }

    /// Returns the HTTP method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns the path, with placeholders in braces.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns whether the operation is sent unsigned.
    pub const fn is_anonymous(&self) -> bool {
        self.anonymous
    }

    /// Returns the effect of executing the operation twice.
    pub const fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    /// Returns the documented rate limit in calls per second per account, or `None` without one.
    pub const fn rate_per_second(&self) -> Option<u32> {
        self.rate_per_second
    }

    /// Returns the content of the response body.
    pub const fn response_kind(&self) -> ResponseKind {
        self.response_kind
    }
}
