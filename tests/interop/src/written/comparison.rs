//! The comparison of an official client with ours.

use crate::difference::Difference;
use crate::driver::OfficialClient;
use crate::expected_difference::{self, Found, Scope};
use crate::protocol::Protocol;
use crate::written::case_differences;
use crate::written::cases::CASES;
use crate::written::run::{CaseResult, Run};

/// The comparison of an official client with ours, for one protocol.
pub(crate) struct ClientComparison {
    pub(crate) client: &'static str,
    pub(crate) protocol: Protocol,
    pub(crate) cases: Vec<CaseComparison>,
}

/// The comparison of one case.
pub(crate) struct CaseComparison {
    pub(crate) case: &'static str,
    pub(crate) operation: &'static str,
    /// Whether the official client has no types for the call.
    pub(crate) is_generic: bool,
    /// The differences that are not expected.
    pub(crate) differences: Vec<Difference>,
    /// The expected differences that were found.
    pub(crate) expected: Vec<Found>,
}

impl ClientComparison {
    pub(crate) fn new(official: &OfficialClient, ours: Option<&Run>, theirs: &Run) -> Self {
        let protocol = theirs.protocol;
        let our_results = ours.map_or(&[][..], |ours| &ours.results);
        let cases = our_results
            .iter()
            .zip(&theirs.results)
            .map(|(ours, theirs)| {
                let scope = Scope {
                    client: official.name,
                    protocol,
                    product: "Cdn",
                    operation: theirs.operation,
                };
                compare_case(&scope, ours, theirs)
            })
            .collect();
        ClientComparison { client: official.name, protocol, cases }
    }

    /// Returns whether all cases were compared.
    pub(crate) fn is_complete(&self) -> bool {
        self.cases.len() == CASES.len()
    }
}

fn compare_case(scope: &Scope<'_>, ours: &CaseResult, theirs: &CaseResult) -> CaseComparison {
    let mut comparison = CaseComparison {
        case: theirs.case.name,
        operation: theirs.operation,
        is_generic: theirs.output.is_generic,
        differences: Vec::new(),
        expected: Vec::new(),
    };
    for difference in case_differences::find(scope.protocol, ours, theirs) {
        match expected_difference::find(scope, &difference) {
            Some(found) => comparison.expected.push(found),
            None => comparison.differences.push(difference),
        }
    }
    comparison
}
