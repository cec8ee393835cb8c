//! What the runtime needs to know of a product and of each operation: constants of generated code.

mod called;

pub(crate) use self::called::{AnyOperation, AnyProduct, Called, OfProduct};

/// A product, such as CDN in its version of 2018-05-10.
///
/// ```
/// use alicloud_core::Product;
///
/// pub const CDN: Product = Product::new("Cdn", "2018-05-10")
///     .endpoint("cdn.aliyuncs.com")
///     .with_region_endpoints(&[("eu-central-1", "cdn.ap-southeast-1.aliyuncs.com")]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    code: &'static str,
    version: &'static str,
    endpoint: Option<&'static str>,
    regions: &'static [(&'static str, &'static str)],
}

impl Product {
    /// A product by its code and the version of its API, both as the platform writes them.
    pub const fn new(code: &'static str, version: &'static str) -> Self {
        Product { code, version, endpoint: None, regions: &[] }
    }

    /// The host for every region that has none of its own, and for no region at all.
    #[must_use]
    pub const fn with_endpoint(mut self, host: &'static str) -> Self {
        self.endpoint = Some(host);
        self
    }

    /// The hosts of regions, as pairs of a region's id and its host.
    #[must_use]
    pub const fn with_region_endpoints(
        mut self,
        regions: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.regions = regions;
        self
    }

    /// The product's code, such as `Cdn`.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The version of the API, such as `2018-05-10`.
    pub const fn version(&self) -> &'static str {
        self.version
    }

    /// The host for every region that has none of its own.
    pub const fn default_endpoint(&self) -> Option<&'static str> {
        self.endpoint
    }

    /// The hosts of regions.
    pub const fn region_endpoints(&self) -> &'static [(&'static str, &'static str)] {
        self.regions
    }
}

/// An operation of a product.
///
/// ```
/// use alicloud_core::{Operation, Product};
///
/// const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
///
/// pub const DESCRIBE_REFRESH_TASK_BY_ID: Operation =
///     Operation::rpc(&CDN, "DescribeRefreshTaskById").read_only().with_rate_limit(30);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    product: &'static Product,
    name: &'static str,
    style: ApiStyle,
    method: &'static str,
    path: &'static str,
    anonymous: bool,
    idempotency: Idempotency,
    rate: Option<u32>,
    response_kind: ResponseKind,
}

/// How an API names its operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiStyle {
    /// By an action; the path is always `/`.
    Rpc,
    /// By a method and a path.
    Roa,
}

/// What happens when an operation is carried out twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Idempotency {
    /// Nothing changes: it only reads.
    ReadOnly,
    /// The same as when it is carried out once.
    Idempotent,
    /// Perhaps something else: it is not repeated unless it certainly did not happen.
    Mutating,
}

impl Idempotency {
    /// Whether carrying it out twice is as good as once.
    pub const fn is_idempotent(self) -> bool {
        matches!(self, Idempotency::ReadOnly | Idempotency::Idempotent)
    }
}

/// What the body of a response is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseKind {
    /// JSON or XML, as asked.
    Structured,
    /// Text as it is.
    Text,
    /// Bytes as they are.
    Bytes,
    /// Nothing that is worth reading.
    Nothing,
}

impl Operation {
    const fn new(
        product: &'static Product,
        name: &'static str,
        style: ApiStyle,
        method: &'static str,
        path: &'static str,
    ) -> Self {
        Operation {
            product,
            name,
            style,
            method,
            path,
            anonymous: false,
            idempotency: Idempotency::Mutating,
            rate: None,
            response_kind: ResponseKind::Structured,
        }
    }

    /// An operation that is named by its action, sent as a `POST`.
    pub const fn rpc(product: &'static Product, name: &'static str) -> Self {
        Operation::new(product, name, ApiStyle::Rpc, "POST", "/")
    }

    /// An operation that is named by a method and a path, such as `/clusters/{ClusterId}`; a value is
    /// one segment, and `{+Path}` takes any number of them. The path
    /// may end in a fixed query.
    pub const fn roa(
        product: &'static Product,
        name: &'static str,
        method: &'static str,
        path: &'static str,
    ) -> Self {
        Operation::new(product, name, ApiStyle::Roa, method, path)
    }

    /// Sent by another method than `POST`, where the service takes nothing else.
    #[must_use]
    pub const fn with_method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    /// It only reads.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.idempotency = Idempotency::ReadOnly;
        self
    }

    /// Carrying it out twice is as good as once.
    #[must_use]
    pub const fn idempotent(mut self) -> Self {
        self.idempotency = Idempotency::Idempotent;
        self
    }

    /// It is not signed and needs no credentials.
    #[must_use]
    pub const fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// How many calls a second the service takes from one account.
    #[must_use]
    pub const fn with_rate_limit(mut self, per_second: u32) -> Self {
        self.rate = Some(per_second);
        self
    }

    /// The response is something else than JSON or XML.
    #[must_use]
    pub const fn with_response_kind(mut self, kind: ResponseKind) -> Self {
        self.response_kind = kind;
        self
    }

    /// The product that it belongs to.
    pub const fn product(&self) -> &'static Product {
        self.product
    }

    /// Its name, such as `DescribeRefreshTaskById`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How it is named on the wire.
    pub const fn style(&self) -> ApiStyle {
        self.style
    }

    /// The HTTP method.
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The path, with placeholders in braces.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Whether it needs no credentials.
    pub const fn is_anonymous(&self) -> bool {
        self.anonymous
    }

    /// What happens when it is carried out twice.
    pub const fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    /// How many calls a second the service takes from one account, where that is documented.
    pub const fn rate_per_second(&self) -> Option<u32> {
        self.rate
    }

    /// What the body of a response is.
    pub const fn response_kind(&self) -> ResponseKind {
        self.response_kind
    }
}
