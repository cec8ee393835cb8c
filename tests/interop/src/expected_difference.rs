//! The known differences between the clients. A difference that is not listed here is an error, and
//! so is a listed difference that no longer occurs.

mod list;

use crate::difference::{Aspect, Difference};
use crate::protocol::Protocol;

pub(crate) use list::EXPECTED_DIFFERENCES;

/// The official client, the protocol and the operation of a comparison.
pub(crate) struct Scope<'a> {
    pub(crate) client: &'static str,
    pub(crate) protocol: Protocol,
    /// The product code.
    pub(crate) product: &'a str,
    pub(crate) operation: &'a str,
}

/// An expected difference that was found: its index, and that of its place if it has places.
pub(crate) type Found = (usize, Option<usize>);

/// A known difference, and its reason.
pub(crate) struct ExpectedDifference {
    clients: &'static [&'static str],
    protocols: &'static [Protocol],
    /// Where it occurs, and it has to occur at each: an operation `Cdn/AddCdnDomain`, a parameter
    /// `Cdn/AddCdnDomain?Tag.Key` or a field of a response `Cdn/AddCdnDomain!RequestId`. Empty for anywhere.
    pub(crate) places: &'static [&'static str],
    /// Whether it covers a difference, from the aspect, our value and their value.
    matches: fn(&Aspect, Option<&str>, Option<&str>) -> bool,
    pub(crate) reason: &'static str,
}

/// Returns the expected difference that covers a difference, if there is one.
pub(crate) fn find(scope: &Scope<'_>, difference: &Difference) -> Option<Found> {
    let mut expected = EXPECTED_DIFFERENCES.iter().enumerate();
    expected.find_map(|(index, expected)| Some((index, expected.covers(scope, difference)?)))
}

/// Returns the place of a difference, without the positions in lists.
fn place(scope: &Scope<'_>, aspect: &Aspect) -> String {
    let path = |path: &str| {
        let parts = path.split(['.', '[', ']']);
        let names = parts.filter(|part| !part.bytes().all(|byte| byte.is_ascii_digit()));
        names.collect::<Vec<_>>().join(".")
    };
    let suffix = match aspect {
        Aspect::Parameter(name) => format!("?{}", path(name)),
        Aspect::Field(name) => format!("!{}", path(name)),
        _ => String::new(),
    };
    format!("{}/{}{suffix}", scope.product, scope.operation)
}

impl ExpectedDifference {
    /// Returns whether it covers a difference, and the index of its place.
    fn covers(&self, scope: &Scope<'_>, difference: &Difference) -> Option<Option<usize>> {
        let Difference { aspect, ours, theirs } = difference;
        let is_covered = self.clients.contains(&scope.client)
            && self.protocols.contains(&scope.protocol)
            && (self.matches)(aspect, ours.as_deref(), theirs.as_deref());
        if !is_covered || self.places.is_empty() {
            return is_covered.then_some(None);
        }
        let place = place(scope, aspect);
        self.places.iter().position(|one| *one == place).map(Some)
    }

    pub(crate) fn clients(&self) -> String {
        self.clients.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::{CLASSIC_NODE, CLASSIC_PYTHON, CURRENT_NODE, CURRENT_PYTHON};

    fn is_expected(
        client: &'static str,
        protocol: Protocol,
        aspect: Aspect,
        ours: &str,
        theirs: &str,
    ) -> bool {
        let scope = Scope { client, protocol, product: "Cdn", operation: "AddCdnDomain" };
        let (ours, theirs) = (Some(ours.to_owned()), Some(theirs.to_owned()));
        let difference = Difference { aspect, ours, theirs };
        find(&scope, &difference).is_some()
    }

    #[test]
    fn an_expected_difference_covers_only_its_clients_protocols_and_values() {
        let force = || Aspect::Parameter("Force".to_owned());
        let python = CURRENT_PYTHON;
        assert!(is_expected(python, Protocol::V3_JSON, force(), "true", "True"));
        assert!(!is_expected(python, Protocol::V3_JSON, force(), "true", "False"));
        assert!(!is_expected(python, Protocol::V3_JSON, force(), "true", "1"));
        assert!(!is_expected(CLASSIC_NODE, Protocol::V1_JSON, force(), "true", "True"));
        let field = Aspect::Field(".Force".to_owned());
        assert!(!is_expected(python, Protocol::V3_JSON, field, "true", "True"));

        let missing = |name: &str| {
            let scope = Scope {
                client: CURRENT_NODE,
                protocol: Protocol::V3_JSON,
                product: "Cdn",
                operation: "DescribeDomainCname",
            };
            let (ours, aspect) = (Some("a".to_owned()), Aspect::Field(name.to_owned()));
            find(&scope, &Difference { aspect, ours, theirs: None }).is_some()
        };
        assert!(missing(".CnameDatas.Data[1].ErrMsg"));
        assert!(!missing(".CnameDatas.Data[1].Domain"), "no place of an expected difference");

        let classic = CLASSIC_PYTHON;
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
