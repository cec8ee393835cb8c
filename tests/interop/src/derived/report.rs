//! What the derived cases show, per client and per operation.

use std::collections::BTreeMap;
use std::fmt;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{Cell, Table};

use super::case::Case;
use super::compare;
use super::run::Outcome;
use crate::call_result::CallResult;
use crate::difference::Difference;
use crate::driver::OfficialClient;
use crate::expected_difference::{self, Found, Scope};
use crate::protocol::Protocol;

/// The name of the column of our client.
const OURS: &str = "ours";

/// The comparison of all clients over the derived cases.
#[derive(Default)]
pub(crate) struct Judgement {
    /// Client and protocol of each column.
    columns: Vec<(&'static str, Protocol)>,
    /// The counts of each operation, one per column.
    rows: BTreeMap<(String, String), Vec<Counts>>,
    /// The expected differences that were found.
    pub(crate) expected: Vec<Found>,
    /// The differences that are not expected.
    pub(crate) errors: Vec<String>,
}

/// How many checks had which result.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    requests: Tally,
    responses: Tally,
    /// The calls that the client cannot make.
    not_supported: usize,
    /// The calls without types, because the client has none for them.
    generic: usize,
}

/// The results of one kind of check.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    equal: usize,
    /// With differences, all of them expected.
    intended: usize,
    different: usize,
}

impl Tally {
    fn sum(self, other: Tally) -> Tally {
        Tally {
            equal: self.equal + other.equal,
            intended: self.intended + other.intended,
            different: self.different + other.different,
        }
    }
}

impl Judgement {
    /// Adds what our client did for all cases with a protocol.
    pub(crate) fn add_ours(&mut self, protocol: Protocol, cases: &[Case], ours: &[Outcome]) {
        self.add_column(OURS, protocol, cases, ours, |case, index| {
            ours.get(index)
                .map_or_else(Vec::new, |ours| compare::ours_with_case(protocol, case, ours))
        });
    }

    /// Adds what an official client did for all cases with a protocol.
    pub(crate) fn add_official(
        &mut self,
        official: &OfficialClient,
        protocol: Protocol,
        cases: &[Case],
        ours: &[Outcome],
        theirs: &[Outcome],
    ) {
        self.add_column(official.name, protocol, cases, theirs, |case, index| {
            match (ours.get(index), theirs.get(index)) {
                (Some(ours), Some(theirs)) => {
                    compare::official_with_ours(protocol, case, ours, theirs)
                }
                _ => Vec::new(),
            }
        });
    }

    fn add_column(
        &mut self,
        client: &'static str,
        protocol: Protocol,
        cases: &[Case],
        outcomes: &[Outcome],
        differences: impl Fn(&Case, usize) -> Vec<Difference>,
    ) {
        if outcomes.len() != cases.len() {
            self.errors.push(format!("{client}, {protocol}: not all cases were compared"));
        }
        self.columns.push((client, protocol));
        for (index, (case, outcome)) in cases.iter().zip(outcomes).enumerate() {
            let Case { product, operation, .. } = case;
            let scope = Scope { client, protocol, product, operation };
            let (of_request, of_response): (Vec<_>, Vec<_>) = differences(case, index)
                .into_iter()
                .partition(|difference| difference.aspect.is_of_request());
            let is_supported = !matches!(outcome.output.result, CallResult::NotSupported(_));
            let request = self.judge(&scope, case, of_request);
            let response = self.judge(&scope, case, of_response);
            let row = self.rows.entry((product.clone(), operation.clone())).or_default();
            row.resize(self.columns.len(), Counts::default());
            let Some(counts) = row.last_mut() else { continue };
            counts.generic += usize::from(outcome.output.is_generic);
            match is_supported {
                true => {
                    counts.requests = counts.requests.sum(request);
                    counts.responses = counts.responses.sum(response);
                }
                false => counts.not_supported += 1,
            }
        }
    }

    /// Separates the expected differences from the others. Returns the result of the check.
    fn judge(&mut self, scope: &Scope<'_>, case: &Case, differences: Vec<Difference>) -> Tally {
        let (mut is_different, mut is_intended) = (false, false);
        for difference in differences {
            match expected_difference::find(scope, &difference) {
                Some(found) => {
                    is_intended = true;
                    self.expected.push(found);
                }
                None => {
                    is_different = true;
                    let Scope { client, protocol, product, operation } = scope;
                    self.errors.push(format!(
                        "{client}, {protocol}, {product}/{operation} ({}): {difference}",
                        case.name
                    ));
                }
            }
        }
        Tally {
            equal: usize::from(!is_different && !is_intended),
            intended: usize::from(!is_different && is_intended),
            different: usize::from(is_different),
        }
    }

    /// Prints the number of checks per client.
    pub(crate) fn print_totals(&self) {
        println!("\nDerived cases of {} operations, as requests and responses:", self.rows.len());
        let mut table = table([
            "client",
            "protocol",
            "requests equal",
            "intended",
            "DIFFERENT",
            "responses equal",
            "intended",
            "DIFFERENT",
            "not supported",
            "generic",
        ]);
        for (index, (client, protocol)) in self.columns.iter().enumerate() {
            let total = self.rows.values().filter_map(|row| row.get(index)).fold(
                Counts::default(),
                |total, counts| Counts {
                    requests: total.requests.sum(counts.requests),
                    responses: total.responses.sum(counts.responses),
                    not_supported: total.not_supported + counts.not_supported,
                    generic: total.generic + counts.generic,
                },
            );
            let numbers = [total.requests, total.responses]
                .into_iter()
                .flat_map(|tally| [tally.equal, tally.intended, tally.different])
                .chain([total.not_supported, total.generic])
                .map(|number| number.to_string());
            table.add_row([(*client).to_owned(), protocol.to_string()].into_iter().chain(numbers));
        }
        println!("{table}");
    }

    /// Returns a table with a row per operation and a column per client and protocol, in Markdown.
    pub(crate) fn table(&self) -> String {
        let columns = self.columns.iter().map(|(client, protocol)| format!("{client} {protocol}"));
        let mut table = table(["operation".to_owned()].into_iter().chain(columns));
        for ((product, operation), row) in &self.rows {
            let name = format!("{product}/{operation}");
            table.add_row([name].into_iter().chain(row.iter().map(Counts::to_string)));
        }
        format!("{LEGEND}\n\n{table}\n")
    }
}

const LEGEND: &str = "The derived cases, as requests/responses. `3/3`: all are equal. `1+2`: 1 is equal, and 2 have only intended differences. `!1`: 1 differs. `-`: the client does not have the operation. `g`: it has no types for it.";

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.not_supported > 0 {
            return f.write_str("-");
        }
        let generic = if self.generic > 0 { " g" } else { "" };
        write!(f, "{}/{}{generic}", self.requests, self.responses)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.equal)?;
        if self.intended > 0 {
            write!(f, "+{}", self.intended)?;
        }
        if self.different > 0 {
            write!(f, "!{}", self.different)?;
        }
        Ok(())
    }
}

fn table(header: impl IntoIterator<Item = impl Into<Cell>>) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header(header.into_iter().map(Into::into).collect::<Vec<Cell>>());
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::difference::Aspect;

    fn judge(judgement: &mut Judgement, theirs: &str) -> Tally {
        let scope = Scope {
            client: crate::driver::CURRENT_PYTHON,
            protocol: Protocol::V3_JSON,
            product: "Cdn",
            operation: "AddCdnDomain",
        };
        let difference = Difference {
            aspect: Aspect::Parameter("Force".to_owned()),
            ours: Some("true".to_owned()),
            theirs: Some(theirs.to_owned()),
        };
        judgement.judge(&scope, &Case::default(), vec![difference])
    }

    #[test]
    fn a_difference_that_is_not_expected_is_an_error() {
        let mut judgement = Judgement::default();
        let intended = judge(&mut judgement, "True");
        assert_eq!((judgement.expected.len(), judgement.errors.len()), (1, 0));
        let different = judge(&mut judgement, "1");
        assert_eq!((judgement.expected.len(), judgement.errors.len()), (1, 1));

        let requests = intended.sum(different).sum(judge(&mut judgement, "True"));
        let responses = Tally { equal: 3, ..Tally::default() };
        let counts = Counts { requests, responses, generic: 1, not_supported: 0 };
        assert_eq!(counts.to_string(), "0+2!1/3 g");
        assert_eq!(Counts { not_supported: 3, ..counts }.to_string(), "-");
    }
}
