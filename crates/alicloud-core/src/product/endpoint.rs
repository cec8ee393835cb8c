//! Endpoints: the host that a client sends its requests to.

use std::fmt;

use http::uri::{Authority, Scheme};

use super::definition::Product;
use super::region::check_region;
use crate::secret::REDACTED;

/// An endpoint: scheme, host and optional port.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    scheme: Scheme,
    authority: Authority,
}

impl Endpoint {
    /// Parses `host` or `host:port`, either with an optional `https://` or `http://`. The scheme
    /// defaults to HTTPS.
    ///
    /// # Errors
    ///
    /// The reason why the text is not an endpoint, with a remedy. It quotes the text without its query,
    /// unless it contains a user name.
    pub(crate) fn parse(text: &str) -> Result<Endpoint, String> {
        let invalid = |reason: &str| {
            Err(format!(
                "the endpoint {:?} {reason}; write a host such as cdn.aliyuncs.com, optionally with https:// and a port",
                without_secrets(text),
            ))
        };
        let (scheme, authority) = match text.split_once("://") {
            None => (Scheme::HTTPS, text),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (Scheme::HTTPS, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (Scheme::HTTP, rest),
            Some(_) => return invalid("has a scheme other than https and http"),
        };
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        if authority.is_empty() {
            return invalid("has no host");
        }
        if authority.contains('@') {
            // The text may contain a password, so it is not quoted.
            return Err(
                "the endpoint has a user name before its host; write only the host".to_owned()
            );
        }
        if authority.contains(['/', '?', '#', '\\']) {
            return invalid("has a path or a query");
        }
        let (host, port) = split_port(authority);
        let port = match port.map(str::parse::<u16>) {
            None => None,
            Some(Ok(port)) if port > 0 => Some(port),
            Some(_) => return invalid("has an invalid port"),
        };
        if !is_host(host) {
            return invalid("is not a host");
        }
        Endpoint::new(scheme, host, port).or_else(|()| invalid("is not a host"))
    }

    fn new(scheme: Scheme, host: &str, port: Option<u16>) -> Result<Endpoint, ()> {
        let default_port = if scheme == Scheme::HTTPS { 443 } else { 80 };
        // The header `host` is signed, and HTTP clients omit the default port from it.
        let authority = match port.filter(|port| *port != default_port) {
            Some(port) => format!("{}:{port}", host.to_ascii_lowercase()),
            None => host.to_ascii_lowercase(),
        };
        let authority = Authority::try_from(authority).map_err(drop)?;
        Ok(Endpoint { scheme, authority })
    }

    /// Returns the endpoint of a product: that of the region in the product's table, else that of the rule for its
    /// regional hosts, else the product's central one. With `vpc`, the rule has priority over the table, which has
    /// public hosts only.
    ///
    /// # Errors
    ///
    /// The reason why there is no endpoint, and what to set.
    pub(crate) fn resolve(
        product: &Product,
        region: Option<&str>,
        vpc: bool,
    ) -> Result<Endpoint, String> {
        if let Some(region) = region {
            check_region(region)?;
            let listed = product.region_endpoints().iter().find(|(id, _)| *id == region);
            match (listed, product.regional_endpoint()) {
                (_, Some(label)) if vpc => {
                    return Endpoint::parse(&format!("{label}-vpc.{region}.aliyuncs.com"));
                }
                (Some((_, host)), _) => return Endpoint::parse(host),
                (None, Some(label)) => {
                    return Endpoint::parse(&format!("{label}.{region}.aliyuncs.com"));
                }
                (None, None) => {}
            }
        }
        match product.default_endpoint() {
            Some(host) => Endpoint::parse(host),
            None => Err(missing_endpoint(product, region)),
        }
    }

    /// Returns the endpoint with a label before its host, for operations with a host parameter.
    pub(crate) fn with_label(&self, label: &str) -> Option<Endpoint> {
        let authority = format!("{label}.{}", self.authority);
        Some(Endpoint {
            scheme: self.scheme.clone(),
            authority: Authority::try_from(authority).ok()?,
        })
    }

    pub(crate) fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    pub(crate) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Returns the value of the header `host`.
    pub(crate) fn host(&self) -> &str {
        self.authority.as_str()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Returns a product code as it is written in the names of variables: `R_KVSTORE` for `R-kvstore`.
pub(crate) fn product_key(code: &str) -> String {
    code.chars()
        .map(|character| match character.is_ascii_alphanumeric() {
            true => character.to_ascii_uppercase(),
            false => '_',
        })
        .collect()
}

/// Returns why a product has no endpoint, and what to set.
fn missing_endpoint(product: &Product, region: Option<&str>) -> String {
    let (code, version) = (product.code(), product.version());
    let endpoint = format!(
        "an endpoint with ALIBABA_CLOUD_{}_ENDPOINT, `ConfigBuilder::endpoint` or `ClientBuilder::endpoint`",
        product_key(code)
    );
    if region.is_none() && product.regional_endpoint().is_some() {
        return format!(
            "{code} {version} has an endpoint per region, and no region is set: set ALIBABA_CLOUD_REGION_ID, the region \
             of the builder, or {endpoint}"
        );
    }
    let known: Vec<&str> = product.region_endpoints().iter().map(|(id, _)| *id).collect();
    let known = match known.as_slice() {
        [] => "it has no known endpoints".to_owned(),
        known => format!("it has endpoints for {}", known.join(", ")),
    };
    let missing = match region {
        Some(region) => format!("no endpoint for the region {region:?}"),
        None => "no endpoint without a region".to_owned(),
    };
    format!("{code} {version} has {missing}: {known}; set one of these regions, or {endpoint}")
}

/// An endpoint as it was configured. `Debug` shows no user name, password and query.
#[derive(Clone)]
pub(crate) struct EndpointText(pub(crate) String);

impl fmt::Debug for EndpointText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        without_secrets(&self.0).fmt(f)
    }
}

/// Returns the text of an endpoint without user name, password and query, as errors and `Debug` show it. The text
/// can be invalid, so everything before the last `@` is removed.
fn without_secrets(text: &str) -> String {
    const MARKS: [char; 4] = ['/', '\\', '?', '#'];
    let scheme = text.find("://").map_or(0, |start| start + "://".len());
    let (scheme, rest) = text.split_at_checked(scheme).unwrap_or(("", text));
    let scheme = if scheme.contains(['@', '%', '?', '#']) { "" } else { scheme };
    let ends = ["@", "%40"].map(|at| rest.rfind(at).map(|start| start + at.len()));
    let host = match ends.into_iter().flatten().max() {
        None => rest,
        Some(end) => match rest.split_at_checked(end) {
            // Without a mark, it is certain what is before the host.
            Some((user, host)) if !user.contains(MARKS) => host,
            _ => REDACTED,
        },
    };
    format!("{scheme}{}", host.split(['?', '#']).next().unwrap_or_default())
}

/// Splits at the colon before the port, ignoring those of an address such as `[::1]`.
fn split_port(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    }
}

fn is_host(text: &str) -> bool {
    if let Some(address) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    static CDN: Product = Product::new("Cdn", "2018-05-10")
        .with_endpoint("cdn.aliyuncs.com")
        .with_region_endpoints(&[("eu-central-1", "cdn.ap-southeast-1.aliyuncs.com")]);
    static REGIONAL: Product = Product::new("Kms", "2016-01-20")
        .with_regional_endpoint("kms")
        .with_region_endpoints(&[("cn-beijing", "kms-beijing.aliyuncs.com")]);

    #[test]
    fn parses_hosts_with_optional_scheme_and_port() {
        for (text, expected) in [
            ("cdn.aliyuncs.com", "https://cdn.aliyuncs.com"),
            ("CDN.aliyuncs.com", "https://cdn.aliyuncs.com"),
            ("cdn.aliyuncs.com:8443", "https://cdn.aliyuncs.com:8443"),
            ("https://cdn.aliyuncs.com/", "https://cdn.aliyuncs.com"),
            ("https://cdn.aliyuncs.com:443", "https://cdn.aliyuncs.com"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("HTTP://localhost:80", "http://localhost"),
            ("http://localhost:443", "http://localhost:443"),
            ("[::1]:8080", "https://[::1]:8080"),
            ("http://[::1]", "http://[::1]"),
        ] {
            assert_eq!(Endpoint::parse(text).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn rejects_invalid_endpoints() {
        for text in [
            "",
            "/",
            "https://",
            "ftp://cdn.aliyuncs.com",
            "cdn.aliyuncs.com/path",
            "cdn.aliyuncs.com?a=b",
            "cdn.aliyuncs.com#x",
            "cdn aliyuncs com",
            "cdn.aliyuncs.com:",
            "cdn.aliyuncs.com:0",
            "cdn.aliyuncs.com:99999",
            "cdn..com",
            "-cdn.com",
            "cdn.com\r\nx-evil: 1",
            "::1",
            "[::1",
            "[zz]",
            "é.com",
            "a\\b",
        ] {
            let error = Endpoint::parse(text).unwrap_err();
            assert!(error.contains("write a host"), "{text:?}: {error}");
        }
        for text in [
            "https://user:password@cdn.aliyuncs.com",
            "socks5://user:password@cdn.aliyuncs.com",
            "user:password@://cdn.aliyuncs.com",
            "https://user:pass@word@cdn.aliyuncs.com/a",
            "https://user:password%40cdn.aliyuncs.com",
            "ftp://user:password@",
            "user:password@",
            "https://cdn.aliyuncs.com\\@user:password",
            "https://cdn.aliyuncs.com/@user:password",
            "https://user:p?ass@word@cdn.aliyuncs.com",
            "https://user:p/ass@word",
            "https://cdn.aliyuncs.com?key=password",
            "https://cdn.aliyuncs.com?a@key=password",
            "https://cdn.aliyuncs.com#password",
            "?password://cdn.aliyuncs.com",
        ] {
            let error = Endpoint::parse(text).unwrap_err();
            let shown = format!("{error} {:?}", EndpointText(text.to_owned()));
            assert!(!shown.contains("user:") && !shown.contains("word"), "{shown}");
        }
        let error = Endpoint::parse("socks5://user:password@cdn.aliyuncs.com").unwrap_err();
        assert!(error.contains("\"socks5://cdn.aliyuncs.com\" has a scheme"), "{error}");
    }

    #[test]
    fn resolves_the_table_then_the_rule_then_the_central_endpoint() {
        let resolve = |product, region, vpc| {
            Endpoint::resolve(product, region, vpc).map(|endpoint| endpoint.host().to_owned())
        };
        let host = |product, region, vpc| resolve(product, Some(region), vpc).unwrap();
        assert_eq!(resolve(&CDN, None, false).unwrap(), "cdn.aliyuncs.com");
        assert_eq!(host(&CDN, "cn-hangzhou", false), "cdn.aliyuncs.com");
        assert_eq!(host(&CDN, "eu-central-1", false), "cdn.ap-southeast-1.aliyuncs.com");
        assert_eq!(host(&CDN, "cn-hangzhou", true), "cdn.aliyuncs.com");
        assert_eq!(host(&REGIONAL, "cn-beijing", false), "kms-beijing.aliyuncs.com");
        assert_eq!(host(&REGIONAL, "cn-heyuan", false), "kms.cn-heyuan.aliyuncs.com");
        assert_eq!(host(&REGIONAL, "cn-beijing", true), "kms-vpc.cn-beijing.aliyuncs.com");
        assert_eq!(
            resolve(&REGIONAL, None, false).unwrap_err(),
            "Kms 2016-01-20 has an endpoint per region, and no region is set: set ALIBABA_CLOUD_REGION_ID, the region \
             of the builder, or an endpoint with ALIBABA_CLOUD_KMS_ENDPOINT, `ConfigBuilder::endpoint` or \
             `ClientBuilder::endpoint`",
        );
        for region in ["", "CN-Beijing", "evil.example.com#", "-a", "a b"] {
            let error = resolve(&REGIONAL, Some(region), false).unwrap_err();
            assert!(error.contains("write an id such as cn-hangzhou"), "{region}: {error}");
        }
        static LISTED: Product = Product::new("Eas", "2021-07-01")
            .with_region_endpoints(&[("cn-beijing", "pai-eas.cn-beijing.aliyuncs.com")]);
        let error = resolve(&LISTED, Some("mars-1"), false).unwrap_err();
        assert!(
            error.starts_with(
                "Eas 2021-07-01 has no endpoint for the region \"mars-1\": it has endpoints for cn-beijing; set one of"
            ),
            "{error}"
        );
        assert!(
            resolve(&LISTED, None, false).unwrap_err().contains("no endpoint without a region")
        );
    }

    #[test]
    fn adds_a_label_before_the_host() {
        let endpoint = Endpoint::parse("oss.aliyuncs.com").unwrap();
        assert_eq!(endpoint.with_label("bucket").unwrap().host(), "bucket.oss.aliyuncs.com");
    }
}
