//! The combinations of signature and format that the clients are compared with.

use std::fmt;

use alicloud_core::{Format, SignatureVersion};
use alicloud_fake::SignatureScheme;

/// A signature version and a response format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Protocol {
    pub(crate) signature: SignatureVersion,
    pub(crate) format: Format,
}

impl Protocol {
    pub(crate) const V3_JSON: Protocol = Protocol::new(SignatureVersion::Acs3, Format::Json);
    pub(crate) const V3_XML: Protocol = Protocol::new(SignatureVersion::Acs3, Format::Xml);
    pub(crate) const V1_JSON: Protocol = Protocol::new(SignatureVersion::Hmac1, Format::Json);
    pub(crate) const V1_XML: Protocol = Protocol::new(SignatureVersion::Hmac1, Format::Xml);

    pub(crate) const ALL: [Protocol; 4] =
        [Protocol::V3_JSON, Protocol::V3_XML, Protocol::V1_JSON, Protocol::V1_XML];

    /// Returns the signature that the service has to find.
    pub(crate) fn scheme(self) -> SignatureScheme {
        match self.signature {
            SignatureVersion::Acs3 => SignatureScheme::Acs3HmacSha256,
            _ => SignatureScheme::RpcHmacSha1,
        }
    }

    const fn new(signature: SignatureVersion, format: Format) -> Self {
        Protocol { signature, format }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = match self.signature {
            SignatureVersion::Acs3 => "V3",
            _ => "V1",
        };
        write!(f, "{signature} {}", self.format.as_str())
    }
}
