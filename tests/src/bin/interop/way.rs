//! The ways in which a call can be made.

use std::fmt;

use alicloud_core::{Format, SignatureVersion};

/// A signature and a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) signature: SignatureVersion,
    pub(crate) format: Format,
}

impl Way {
    pub(crate) const V3_JSON: Way = Way::new(SignatureVersion::Acs3, Format::Json);
    pub(crate) const V3_XML: Way = Way::new(SignatureVersion::Acs3, Format::Xml);
    pub(crate) const V1_JSON: Way = Way::new(SignatureVersion::Hmac1, Format::Json);
    pub(crate) const V1_XML: Way = Way::new(SignatureVersion::Hmac1, Format::Xml);

    pub(crate) const ALL: [Way; 4] = [Way::V3_JSON, Way::V3_XML, Way::V1_JSON, Way::V1_XML];

    const fn new(signature: SignatureVersion, format: Format) -> Self {
        Way { signature, format }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = match self.signature {
            SignatureVersion::Acs3 => "V3",
            _ => "V1",
        };
        write!(f, "{signature} {}", self.format.as_str())
    }
}
