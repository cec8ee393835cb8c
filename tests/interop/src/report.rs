//! The printed report.

use std::collections::BTreeMap;
use std::path::Path;

use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;

use crate::derived::report::Judgement;
use crate::driver::OFFICIAL_CLIENTS;
use crate::expected_difference::{EXPECTED_DIFFERENCES, Found};
use crate::protocol::Protocol;
use crate::written::cases::CASES;
use crate::written::comparison::{CaseComparison, ClientComparison};

/// Maximum number of errors to print: one bug can cause differences in many cases.
const MAX_PRINTED_ERRORS: usize = 60;

/// Prints the result of all comparisons. `table` is the file with that of each operation. Returns whether there are no errors.
pub(crate) fn print(comparisons: &[ClientComparison], derived: &Judgement, table: &Path) -> bool {
    print_written(comparisons);
    derived.print_totals();
    println!("The result of each operation is in {}.", table.display());
    let mut errors = unexpected_differences(comparisons);
    errors.extend(missing_cases(comparisons));
    errors.extend(derived.errors.iter().cloned());
    let cases = comparisons.iter().flat_map(|comparison| &comparison.cases);
    let mut found: Vec<Found> = cases.flat_map(|case| &case.expected).copied().collect();
    found.extend(&derived.expected);
    errors.extend(print_expected_differences(&found));
    println!();
    if errors.is_empty() {
        println!("All clients agree.");
    }
    for error in errors.iter().take(MAX_PRINTED_ERRORS) {
        println!("error: {error}");
    }
    if let Some(more) = errors.len().checked_sub(MAX_PRINTED_ERRORS).filter(|more| *more > 0) {
        println!("error: and {more} more");
    }
    errors.is_empty()
}

fn print_written(comparisons: &[ClientComparison]) {
    println!("{}", table(comparisons));
    println!(
        "same: the service decoded and verified the same request, and the client decoded the same response as ours. expected: there are differences, all from the list below. generic: the client has no types for some of the calls. In all cases, our result is also compared with what the service sent."
    );
    print_counts(comparisons);
}

/// Returns a table with a row per client and operation and a column per protocol.
fn table(comparisons: &[ClientComparison]) -> Table {
    let mut rows: BTreeMap<(usize, &str), Vec<(Protocol, &CaseComparison)>> = BTreeMap::new();
    for comparison in comparisons {
        let client =
            OFFICIAL_CLIENTS.iter().position(|official| official.name == comparison.client);
        for case in &comparison.cases {
            let key = (client.unwrap_or_default(), case.operation);
            rows.entry(key).or_default().push((comparison.protocol, case));
        }
    }
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    let protocols = Protocol::ALL.map(|protocol| protocol.to_string());
    table.set_header(
        ["client", "operation"].into_iter().chain(protocols.iter().map(String::as_str)),
    );
    for ((client, operation), cases) in rows {
        let name = OFFICIAL_CLIENTS.get(client).map_or("", |official| official.name);
        let mut row = vec![name.to_owned(), operation.to_owned()];
        row.extend(Protocol::ALL.map(|protocol| {
            cell(cases.iter().filter(|(other, _)| *other == protocol).map(|(_, case)| *case))
        }));
        table.add_row(row);
    }
    table
}

fn cell<'a>(cases: impl Iterator<Item = &'a CaseComparison>) -> String {
    let cases: Vec<&CaseComparison> = cases.collect();
    let count =
        |matches: fn(&CaseComparison) -> bool| cases.iter().filter(|case| matches(case)).count();
    let different = count(|case| !case.differences.is_empty());
    let expected = count(|case| case.differences.is_empty() && !case.expected.is_empty());
    let generic = if cases.iter().any(|case| case.is_generic) { " (generic)" } else { "" };
    match (cases.len(), different, expected) {
        (0, ..) => "-".to_owned(),
        (total, 0, 0) => format!("{total} same{generic}"),
        (total, 0, expected) => {
            format!("{} same, {expected} expected{generic}", total - expected)
        }
        (total, different, _) => format!("{different} of {total} DIFFER{generic}"),
    }
}

fn print_counts(comparisons: &[ClientComparison]) {
    println!("\nCases:");
    for official in &OFFICIAL_CLIENTS {
        let of_client = comparisons.iter().filter(|comparison| comparison.client == official.name);
        let count: usize = of_client.map(|comparison| comparison.cases.len()).sum();
        let protocols: Vec<String> = official.protocols.iter().map(ToString::to_string).collect();
        println!("  {count} with {} ({})", official.name, protocols.join(", "));
    }
}

fn unexpected_differences(comparisons: &[ClientComparison]) -> Vec<String> {
    let mut errors = Vec::new();
    for comparison in comparisons {
        for case in &comparison.cases {
            errors.extend(case.differences.iter().map(|difference| {
                let ClientComparison { client, protocol, .. } = comparison;
                let CaseComparison { operation, case, .. } = case;
                format!("{client}, {protocol}, {operation} ({case}): {difference}")
            }));
        }
    }
    errors
}

/// Returns an error for each client and protocol with which not all cases were compared.
fn missing_cases(comparisons: &[ClientComparison]) -> Vec<String> {
    let mut errors = Vec::new();
    for official in &OFFICIAL_CLIENTS {
        for protocol in official.protocols {
            let is_complete = comparisons.iter().any(|comparison| {
                comparison.client == official.name
                    && comparison.protocol == *protocol
                    && comparison.is_complete()
            });
            if !is_complete {
                let (name, total) = (official.name, CASES.len());
                errors.push(format!(
                    "{name}, {protocol}: not all of the {total} cases were compared"
                ));
            }
        }
    }
    errors
}

/// Prints the expected differences. Returns an error for each that did not occur, and for each of its places.
fn print_expected_differences(found: &[Found]) -> Vec<String> {
    println!("\nExpected differences:");
    let mut errors = Vec::new();
    let found: BTreeMap<Found, usize> = found.iter().fold(BTreeMap::new(), |mut counts, found| {
        *counts.entry(*found).or_default() += 1;
        counts
    });
    for (index, expected) in EXPECTED_DIFFERENCES.iter().enumerate() {
        let count: usize =
            found.iter().filter(|((other, _), _)| *other == index).map(|(_, count)| count).sum();
        let (clients, reason) = (expected.clients(), expected.reason);
        println!("  {count} times, {clients}: {reason}");
        let mut missing = |place: &str| {
            errors.push(format!(
                "{clients}: expected difference did not occur{place}, remove it from expected_difference.rs: {reason}"
            ));
        };
        if expected.places.is_empty() && count == 0 {
            missing("");
        }
        for (place, name) in expected.places.iter().enumerate() {
            if !found.contains_key(&(index, Some(place))) {
                missing(&format!(" at {name}"));
            }
        }
    }
    errors
}
