//! The signature algorithms of Alibaba Cloud as pure functions, one function per step.
//!
//! * [`acs3`]: ACS3-HMAC-SHA256, for both API styles. The default of a client.
//! * [`rpc`]: HMAC-SHA1 for the RPC style, "signature version 1.0".
//! * [`roa`]: HMAC-SHA1 for the ROA style.
//!
//! Names and values are passed decoded; the functions percent-encode them. They read no clock and no
//! random numbers, so the same input always has the same signature.
//!
//! # Examples
//!
//! ```
//! use alicloud_core::sign::{self, acs3};
//!
//! let query = sign::canonical_query(&[("TaskId", "704225667,704222904")]);
//! let hash = acs3::payload_hash(b"");
//! let headers = [
//!     ("host", "cdn.aliyuncs.com"),
//!     ("x-acs-action", "DescribeRefreshTaskById"),
//!     ("x-acs-content-sha256", hash.as_str()),
//!     ("x-acs-date", "2026-01-02T03:04:05Z"),
//!     ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
//!     ("x-acs-version", "2018-05-10"),
//! ];
//! let canonical = acs3::canonical_request("POST", "/", &query, &headers, &hash);
//! let string_to_sign = acs3::string_to_sign(canonical.as_str());
//! let signature = acs3::signature("secret", &string_to_sign);
//! let authorization = acs3::authorization("id", canonical.signed_headers(), &signature);
//! assert!(authorization.starts_with("ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-action;"));
//! ```

pub mod acs3;
mod date;
pub mod roa;
pub mod rpc;

mod mac;
mod query;

pub use self::date::{http_date, timestamp};
pub use self::query::canonical_query;

/// The signature algorithm of a client.
///
/// # Examples
///
/// ```
/// use alicloud_core::SignatureVersion;
///
/// assert_eq!(SignatureVersion::default(), SignatureVersion::Acs3);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureVersion {
    /// ACS3-HMAC-SHA256, called V3 in the service's documentation: [`acs3`]. The signature is in a
    /// header, so it does not appear in URLs and their logs.
    #[default]
    Acs3,
    /// HMAC-SHA1: [`rpc`] for the RPC style, [`roa`] for the ROA style. For gateways that do not
    /// support ACS3.
    Hmac1,
}

impl SignatureVersion {
    /// Returns the service's name of the algorithm.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::SignatureVersion;
    /// assert_eq!(SignatureVersion::Acs3.as_str(), "ACS3-HMAC-SHA256");
    /// assert_eq!(SignatureVersion::Hmac1.as_str(), "HMAC-SHA1");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            SignatureVersion::Acs3 => acs3::ALGORITHM,
            SignatureVersion::Hmac1 => "HMAC-SHA1",
        }
    }
}
