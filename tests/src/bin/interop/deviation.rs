//! Where clients differ on purpose. Whatever is not here must not differ, and what is here must.

use crate::compare::{Difference, What};
use crate::way::Way;

/// Which client is compared with ours, and how it called.
pub(crate) struct Place {
    pub(crate) client: &'static str,
    pub(crate) way: Way,
}

/// One difference that is known, and why it may be.
pub(crate) struct Deviation {
    clients: &'static [&'static str],
    ways: &'static [Way],
    /// What differs, with what ours has and what theirs has.
    is: fn(&What, Option<&str>, Option<&str>) -> bool,
    pub(crate) why: &'static str,
}

impl Deviation {
    pub(crate) fn covers(&self, place: &Place, difference: &Difference) -> bool {
        let Difference { what, ours, theirs } = difference;
        self.clients.contains(&place.client)
            && self.ways.contains(&place.way)
            && (self.is)(what, ours.as_deref(), theirs.as_deref())
    }

    pub(crate) fn clients(&self) -> String {
        self.clients.join(", ")
    }
}

const PYTHON: &[&str] = &["alibabacloud-cdn20180510", "aliyun-python-sdk-cdn"];
const CLASSIC_PYTHON: &[&str] = &["aliyun-python-sdk-cdn"];
const CURRENT: &[&str] = &["alibabacloud-cdn20180510", "@alicloud/cdn20180510"];
const V1: &[Way] = &[Way::V1_JSON, Way::V1_XML];

pub(crate) const DEVIATIONS: &[Deviation] = &[
    Deviation {
        clients: PYTHON,
        ways: &Way::ALL,
        is: |what, ours, theirs| {
            let is_boolean = [("true", "True"), ("false", "False")]
                .iter()
                .any(|(lower, title)| ours == Some(lower) && theirs == Some(title));
            is_boolean && ["Force", "L2Preload"].iter().any(|name| what.is_parameter(name))
        },
        why: "booleans are written as Python writes them; ours, as those of all other clients, are in lower case",
    },
    Deviation {
        clients: CLASSIC_PYTHON,
        ways: V1,
        is: |what, ours, theirs| {
            what.is_parameter("RegionId") && ours.is_none() && theirs == Some("cn-hangzhou")
        },
        why: "a region goes with every call; no operation of the family takes one",
    },
    Deviation {
        clients: CLASSIC_PYTHON,
        ways: V1,
        is: |what, ours, theirs| {
            what.is_parameter("SignatureType") && ours.is_none() && theirs == Some("")
        },
        why: "the type of the signature is sent even where it is the usual one, as empty text",
    },
    Deviation {
        clients: CLASSIC_PYTHON,
        ways: &[Way::V1_JSON],
        is: |what, ours, theirs| {
            *what == What::Code
                && ours == Some("SignatureDoesNotMatch")
                && theirs == Some("InvalidAccessKeySecret")
        },
        why: "the service's code is replaced where the service has signed the same text; ours keeps it and says the same beside it",
    },
    Deviation {
        clients: CLASSIC_PYTHON,
        ways: &[Way::V1_XML],
        is: |what, _, theirs| match what {
            What::Code => theirs == Some("SDK.UnknownServerError"),
            What::RequestId => theirs.is_none(),
            _ => false,
        },
        why: "errors are read as JSON only; the status is right, and the message quotes the whole response",
    },
    Deviation {
        clients: CURRENT,
        ways: &[Way::V1_XML],
        is: |what, ours, theirs| {
            *what == What::Outcome
                && ours.is_some_and(|ours| ours.starts_with("the refusal "))
                && theirs.is_some_and(|theirs| theirs.contains("<?xml"))
        },
        why: "with V1, errors are read as JSON only, and anything else is a failure of the client; what the service answered was the same",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn is_meant(client: &'static str, way: Way, what: What, ours: &str, theirs: &str) -> bool {
        let place = Place { client, way };
        let (ours, theirs) = (Some(ours.to_owned()), Some(theirs.to_owned()));
        let difference = Difference { what, ours, theirs };
        DEVIATIONS.iter().any(|deviation| deviation.covers(&place, &difference))
    }

    #[test]
    fn a_deviation_covers_its_client_its_way_and_its_texts_alone() {
        let force = || What::Parameter("Force".to_owned());
        let python = "alibabacloud-cdn20180510";
        assert!(is_meant(python, Way::V3_JSON, force(), "true", "True"));
        assert!(!is_meant(python, Way::V3_JSON, force(), "true", "False"));
        assert!(!is_meant(python, Way::V3_JSON, force(), "true", "1"));
        assert!(!is_meant("@alicloud/pop-core", Way::V1_JSON, force(), "true", "True"));
        let other = What::Parameter("ObjectPath".to_owned());
        assert!(!is_meant(python, Way::V3_JSON, other, "true", "True"));

        let classic = "aliyun-python-sdk-cdn";
        let (ours, theirs) = ("SignatureDoesNotMatch", "InvalidAccessKeySecret");
        assert!(is_meant(classic, Way::V1_JSON, What::Code, ours, theirs));
        assert!(!is_meant(classic, Way::V1_XML, What::Code, ours, theirs));
        assert!(!is_meant(classic, Way::V1_JSON, What::Status, "400", "403"));

        let unread = "SDK.UnknownServerError";
        assert!(is_meant(classic, Way::V1_XML, What::Code, "A", unread));
        assert!(!is_meant(classic, Way::V1_XML, What::Own("our code"), "A", unread));
    }
}
