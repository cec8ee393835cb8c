//! Products.

use std::borrow::Cow;

/// A product and the version of its API, such as CDN 2018-05-10.
///
/// Clients and operations borrow it for `'static`, so a program declares it as a `static` item and not as a constant.
///
/// # Examples
///
/// ```
/// use alicloud_core::Product;
///
/// static CDN: Product = Product::new("Cdn", "2018-05-10")
///     .with_endpoint("cdn.aliyuncs.com")
///     .with_region_endpoints(&[("eu-central-1", "cdn.ap-southeast-1.aliyuncs.com")]);
///
/// assert_eq!((CDN.code(), CDN.version()), ("Cdn", "2018-05-10"));
/// assert_eq!(CDN.default_endpoint(), Some("cdn.aliyuncs.com"));
/// assert_eq!(CDN.region_endpoints().len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    code: Cow<'static, str>,
    version: Cow<'static, str>,
    endpoint: Option<&'static str>,
    regional_endpoint: Option<&'static str>,
    regions: &'static [(&'static str, &'static str)],
}

impl Product {
    /// Creates a product from its code and API version, both as the platform spells them.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Product;
    ///
    /// static ECS: Product = Product::new("Ecs", "2014-05-26");
    /// assert_eq!(ECS.default_endpoint(), None);
    /// ```
    pub const fn new(code: &'static str, version: &'static str) -> Self {
        Product::from_names(Cow::Borrowed(code), Cow::Borrowed(version))
    }

    /// Creates a product without endpoints. Its names can be known at run time only.
    pub(crate) const fn from_names(code: Cow<'static, str>, version: Cow<'static, str>) -> Self {
        Product { code, version, endpoint: None, regional_endpoint: None, regions: &[] }
    }

    /// Sets the host used without a region and for regions without a host of their own.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Product;
    ///
    /// static DNS: Product = Product::new("Alidns", "2015-01-09").with_endpoint("alidns.aliyuncs.com");
    /// assert_eq!(DNS.default_endpoint(), Some("alidns.aliyuncs.com"));
    /// ```
    #[must_use]
    pub const fn with_endpoint(mut self, host: &'static str) -> Self {
        self.endpoint = Some(host);
        self
    }

    /// Sets the first label of the hosts of regions without a host of their own, and of private hosts: with `ecs`, the
    /// host of cn-hangzhou is `ecs.cn-hangzhou.aliyuncs.com`, and `ecs-vpc.cn-hangzhou.aliyuncs.com` in a VPC.
    ///
    /// The official clients use the same rule for products that are not central.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Product;
    ///
    /// static ECS: Product = Product::new("Ecs", "2014-05-26").with_regional_endpoint("ecs");
    /// assert_eq!(ECS.regional_endpoint(), Some("ecs"));
    /// ```
    #[must_use]
    pub const fn with_regional_endpoint(mut self, label: &'static str) -> Self {
        self.regional_endpoint = Some(label);
        self
    }

    /// Sets the hosts of regions, as pairs of region id and host.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Product;
    ///
    /// static ECS: Product = Product::new("Ecs", "2014-05-26")
    ///     .with_region_endpoints(&[("cn-beijing", "ecs.cn-beijing.aliyuncs.com")]);
    /// assert_eq!(ECS.region_endpoints()[0].0, "cn-beijing");
    /// ```
    #[must_use]
    pub const fn with_region_endpoints(
        mut self,
        regions: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.regions = regions;
        self
    }

    /// Returns the product code, such as `Cdn`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Returns the API version, such as `2018-05-10`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns the host used without a region and for regions without a host of their own.
    pub const fn default_endpoint(&self) -> Option<&'static str> {
        self.endpoint
    }

    /// Returns the first label of the hosts of regions without a host of their own.
    pub const fn regional_endpoint(&self) -> Option<&'static str> {
        self.regional_endpoint
    }

    /// Returns the hosts of regions, as pairs of region id and host.
    pub const fn region_endpoints(&self) -> &'static [(&'static str, &'static str)] {
        self.regions
    }
}
