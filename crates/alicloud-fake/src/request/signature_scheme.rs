//! The signature schemes, and how a request names them.

use std::fmt;

pub(crate) const ACS3_ALGORITHM: &str = "ACS3-HMAC-SHA256";

pub(crate) const ROA_SCHEME: &str = "acs ";

pub(crate) const HMAC_SHA1: &str = "HMAC-SHA1";

/// A signature scheme of requests.
///
/// ```
/// use alicloud_fake::SignatureScheme;
///
/// assert_eq!(SignatureScheme::RoaHmacSha1.to_string(), "HMAC-SHA1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// The current scheme, which signs headers, including a hash of the body. The documentation
    /// calls it V3.
    Acs3HmacSha256,
    /// The older scheme of RPC operations, which signs every parameter. Its `SignatureVersion` is
    /// 1.0; the documentation calls it V2.
    RpcHmacSha1,
    /// The older scheme of ROA operations, which signs some headers, the path and the query.
    RoaHmacSha1,
}

impl SignatureScheme {
    /// Returns the name of the algorithm in a request.
    ///
    /// ```
    /// use alicloud_fake::SignatureScheme;
    ///
    /// assert_eq!(SignatureScheme::Acs3HmacSha256.as_str(), "ACS3-HMAC-SHA256");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acs3HmacSha256 => ACS3_ALGORITHM,
            Self::RpcHmacSha1 | Self::RoaHmacSha1 => HMAC_SHA1,
        }
    }
}

impl fmt::Display for SignatureScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Returns whether the value of an `Authorization` header names this scheme.
pub(super) fn names_acs3(value: &[u8]) -> bool {
    value
        .strip_prefix(ACS3_ALGORITHM.as_bytes())
        .is_some_and(|rest| rest.first().is_none_or(|&byte| byte == b' '))
}

/// Returns whether the value of an `Authorization` header names this scheme.
pub(super) fn names_roa(value: &[u8]) -> bool {
    value.starts_with(ROA_SCHEME.as_bytes())
}
