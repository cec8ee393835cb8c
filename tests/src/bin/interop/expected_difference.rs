//! The known differences between the clients. A difference that is not listed here is an error, and
//! so is a listed difference that no longer occurs.

use crate::difference::{Aspect, Difference};
use crate::protocol::Protocol;

/// The official client and the protocol of a comparison.
pub(crate) struct Scope {
    pub(crate) client: &'static str,
    pub(crate) protocol: Protocol,
}

/// A known difference, and its reason.
pub(crate) struct ExpectedDifference {
    clients: &'static [&'static str],
    protocols: &'static [Protocol],
    /// Whether it covers a difference, from the aspect, our value and their value.
    matches: fn(&Aspect, Option<&str>, Option<&str>) -> bool,
    pub(crate) reason: &'static str,
}

impl ExpectedDifference {
    pub(crate) fn covers(&self, scope: &Scope, difference: &Difference) -> bool {
        let Difference { aspect, ours, theirs } = difference;
        self.clients.contains(&scope.client)
            && self.protocols.contains(&scope.protocol)
            && (self.matches)(aspect, ours.as_deref(), theirs.as_deref())
    }

    pub(crate) fn clients(&self) -> String {
        self.clients.join(", ")
    }
}

const PYTHON: &[&str] = &["alibabacloud-cdn20180510", "aliyun-python-sdk-cdn"];
const CLASSIC_PYTHON: &[&str] = &["aliyun-python-sdk-cdn"];
const CURRENT: &[&str] = &["alibabacloud-cdn20180510", "@alicloud/cdn20180510"];
const V1: &[Protocol] = &[Protocol::V1_JSON, Protocol::V1_XML];

pub(crate) const EXPECTED_DIFFERENCES: &[ExpectedDifference] = &[
    ExpectedDifference {
        clients: PYTHON,
        protocols: &Protocol::ALL,
        matches: |aspect, ours, theirs| {
            let is_boolean = [("true", "True"), ("false", "False")]
                .iter()
                .any(|(lower, title)| ours == Some(lower) && theirs == Some(title));
            is_boolean && ["Force", "L2Preload"].iter().any(|name| aspect.is_parameter(name))
        },
        reason: "booleans are capitalized as in Python; ours and those of all other clients are in lower case",
    },
    ExpectedDifference {
        clients: CLASSIC_PYTHON,
        protocols: V1,
        matches: |aspect, ours, theirs| {
            aspect.is_parameter("RegionId") && ours.is_none() && theirs == Some("cn-hangzhou")
        },
        reason: "every call has a region, although no operation of the product has that parameter",
    },
    ExpectedDifference {
        clients: CLASSIC_PYTHON,
        protocols: V1,
        matches: |aspect, ours, theirs| {
            aspect.is_parameter("SignatureType") && ours.is_none() && theirs == Some("")
        },
        reason: "the default signature type is sent as an empty string instead of being left out",
    },
    ExpectedDifference {
        clients: CLASSIC_PYTHON,
        protocols: &[Protocol::V1_JSON],
        matches: |aspect, ours, theirs| {
            *aspect == Aspect::Code
                && ours == Some("SignatureDoesNotMatch")
                && theirs == Some("InvalidAccessKeySecret")
        },
        reason: "the error code is replaced if the service signed the same text; ours keeps the code and adds that information to the message",
    },
    ExpectedDifference {
        clients: CLASSIC_PYTHON,
        protocols: &[Protocol::V1_XML],
        matches: |aspect, _, theirs| match aspect {
            Aspect::Code => theirs == Some("SDK.UnknownServerError"),
            Aspect::RequestId => theirs.is_none(),
            _ => false,
        },
        reason: "errors are decoded from JSON only; the status is correct, and the message contains the whole response",
    },
    ExpectedDifference {
        clients: CURRENT,
        protocols: &[Protocol::V1_XML],
        matches: |aspect, ours, theirs| {
            *aspect == Aspect::ResultKind
                && ours.is_some_and(|ours| ours.starts_with("service error "))
                && theirs.is_some_and(|theirs| theirs.contains("<?xml"))
        },
        reason: "with V1, errors are decoded from JSON only, and an XML error becomes an error of the client; the service sent the same error",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn is_expected(
        client: &'static str,
        protocol: Protocol,
        aspect: Aspect,
        ours: &str,
        theirs: &str,
    ) -> bool {
        let scope = Scope { client, protocol };
        let (ours, theirs) = (Some(ours.to_owned()), Some(theirs.to_owned()));
        let difference = Difference { aspect, ours, theirs };
        EXPECTED_DIFFERENCES.iter().any(|expected| expected.covers(&scope, &difference))
    }

    #[test]
    fn an_expected_difference_covers_only_its_clients_protocols_and_values() {
        let force = || Aspect::Parameter("Force".to_owned());
        let python = "alibabacloud-cdn20180510";
        assert!(is_expected(python, Protocol::V3_JSON, force(), "true", "True"));
        assert!(!is_expected(python, Protocol::V3_JSON, force(), "true", "False"));
        assert!(!is_expected(python, Protocol::V3_JSON, force(), "true", "1"));
        assert!(!is_expected("@alicloud/pop-core", Protocol::V1_JSON, force(), "true", "True"));
        let path = Aspect::Parameter("ObjectPath".to_owned());
        assert!(!is_expected(python, Protocol::V3_JSON, path, "true", "True"));

        let classic = "aliyun-python-sdk-cdn";
        let (ours, theirs) = ("SignatureDoesNotMatch", "InvalidAccessKeySecret");
        assert!(is_expected(classic, Protocol::V1_JSON, Aspect::Code, ours, theirs));
        assert!(!is_expected(classic, Protocol::V1_XML, Aspect::Code, ours, theirs));
        assert!(!is_expected(classic, Protocol::V1_JSON, Aspect::Status, "400", "403"));

        let unknown = "SDK.UnknownServerError";
        assert!(is_expected(classic, Protocol::V1_XML, Aspect::Code, "A", unknown));
        let against_service = Aspect::OursAgainstService("error code");
        assert!(!is_expected(classic, Protocol::V1_XML, against_service, "A", unknown));
    }
}
