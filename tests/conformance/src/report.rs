//! Prints the results, and writes them as JSON lines.

use std::collections::BTreeMap;
use std::path::Path;

use alicloud_codegen::diagnostics::CommandError;
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{Cell, CellAlignment, Table};

use super::files::write_if_changed;
use super::pagers::PagerCount;
use super::row::{DocumentResult, Row};

/// Maximum number of examples to print for one kind of result.
const MAX_PRINTED: usize = 10;

/// Prints a table with one line per document, and the examples that were not decoded completely.
pub(super) fn print(results: &[DocumentResult], has_oracle: bool, no_compile: bool) {
    println!("{}", table(results, no_compile));
    for result in results {
        if let Some(error) = &result.summary.error {
            println!("{}: {}", result.summary.stem, first_lines(error, 12));
        }
    }
    if !no_compile {
        print_incomplete(results);
        if has_oracle {
            print_oracle_comparison(results);
        }
    }
    print_pagers(results);
    print_lines_per_operation(results);
    let failed = results.iter().filter(|result| result.summary.error.is_some()).count();
    let verb = if no_compile { "generate" } else { "generate and compile" };
    println!("{} of {} documents {verb}", results.len() - failed, results.len());
}

/// Writes all rows as JSON lines.
pub(super) fn write(path: &Path, results: &[DocumentResult]) -> Result<(), CommandError> {
    let mut text = String::new();
    for row in results.iter().flat_map(|result| &result.rows) {
        text.push_str(&serde_json::to_string(row).unwrap_or_default());
        text.push('\n');
    }
    write_if_changed(path, &text)
}

/// How many rows meet a condition, and how many rows there are.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    matching: usize,
    total: usize,
}

impl Share {
    fn count<'a>(rows: impl Iterator<Item = &'a Row>, matches: impl Fn(&Row) -> bool) -> Self {
        rows.fold(Share::default(), |share, row| Share {
            matching: share.matching + usize::from(matches(row)),
            total: share.total + 1,
        })
    }

    fn text(self) -> String {
        match self.total {
            0 => "–".to_owned(),
            total => format!("{}/{total}", self.matching),
        }
    }
}

/// Returns four shares: JSON decoded, JSON equal to the example, XML decoded, XML equal to JSON.
fn shares<'a>(rows: impl Iterator<Item = &'a Row> + Clone) -> [Share; 4] {
    let json = rows.clone().filter(|row| row.is_json());
    let xml = rows.filter(|row| !row.is_json());
    let compared = |row: &&Row| row.equal.is_some();
    let equal = |row: &Row| row.equal == Some(true);
    [
        Share::count(json.clone(), |row| row.ok),
        Share::count(json.filter(compared), equal),
        Share::count(xml.clone(), |row| row.ok),
        Share::count(xml.filter(compared), equal),
    ]
}

fn table(results: &[DocumentResult], no_compile: bool) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    let mut head = vec!["document", "operations", "lines", "examples", "warnings", "ms"];
    if !no_compile {
        head.extend(["JSON ok", "= example", "XML ok", "= JSON"]);
    }
    table.set_header(head);
    let number = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    let mut line = |name: &str, sums: [u64; 5], shares: Option<[Share; 4]>| {
        let mut cells = vec![Cell::new(name)];
        cells.extend(sums.map(|sum| number(sum.to_string())));
        cells.extend(shares.into_iter().flatten().map(|share| number(share.text())));
        table.add_row(cells);
    };
    let mut totals = [0; 5];
    for result in results {
        let summary = &result.summary;
        let sums = [
            summary.operations as u64,
            summary.lines as u64,
            summary.examples as u64,
            summary.warnings as u64,
            summary.milliseconds,
        ];
        for (total, sum) in totals.iter_mut().zip(sums) {
            *total += sum;
        }
        let name = match summary.error {
            None => summary.stem.clone(),
            Some(_) => format!("{} FAILED", summary.stem),
        };
        line(&name, sums, (!no_compile).then(|| shares(result.rows.iter())));
    }
    let all = results.iter().flat_map(|result| &result.rows);
    line(&format!("total of {}", results.len()), totals, (!no_compile).then(|| shares(all)));
    table
}

/// Prints the examples that were not decoded completely.
fn print_incomplete(results: &[DocumentResult]) {
    for format in ["json", "xml"] {
        let incomplete: Vec<&Row> = results
            .iter()
            .flat_map(|result| &result.rows)
            .filter(|row| row.format == format && !row.ok)
            .collect();
        let failed = incomplete.iter().filter(|row| row.error.is_some()).count();
        if !incomplete.is_empty() {
            println!(
                "{format}: {} responses not decoded completely: {} without some fields, {failed} not at all",
                incomplete.len(),
                incomplete.len() - failed
            );
        }
        for row in incomplete.iter().take(MAX_PRINTED) {
            println!("  {} {}: {}", row.product, row.op, row.reason());
        }
        print_omitted(incomplete.len());
    }
}

/// Prints the results by the oracle's verdict, and the first disagreements of each kind.
fn print_oracle_comparison(results: &[DocumentResult]) {
    let rows = || results.iter().flat_map(|result| &result.rows);
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header(["type", "verdict", "ours ok", "ours equal"]);
    let mut verdicts: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
    for row in rows() {
        let verdict = row.verdict.as_deref().unwrap_or("none");
        verdicts.entry((&row.format, verdict)).or_default().push(row);
    }
    for ((format, verdict), rows) in verdicts {
        let [json, json_equal, xml, xml_equal] = shares(rows.iter().copied());
        let (ok, equal) = if format == "json" { (json, json_equal) } else { (xml, xml_equal) };
        table.add_row([format.to_owned(), verdict.to_owned(), ok.text(), equal.text()]);
    }
    println!("Results by the oracle's verdict:\n{table}");
    let mut kinds: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows() {
        if let Some(kind) = &row.disagreement {
            kinds.entry(kind).or_default().push(row);
        }
    }
    let total: usize = kinds.values().map(Vec::len).sum();
    println!("{total} disagreements");
    for (kind, rows) in kinds {
        println!("{}: {kind}", rows.len());
        for row in rows.iter().take(MAX_PRINTED) {
            println!("  {} {} {}: {}", row.product, row.op, row.format, row.reason());
        }
        print_omitted(rows.len());
    }
}

/// Prints how many of the operations that page have a pager, by kind, and the first that have none.
fn print_pagers(results: &[DocumentResult]) {
    let mut sum = PagerCount::default();
    results.iter().for_each(|result| sum.add(&result.summary.pagers));
    let (candidates, recognized) = sum.by_kind.values().fold((0, 0), |(all, recognized), count| {
        (all + count.candidates, recognized + count.recognized)
    });
    if candidates == 0 {
        return;
    }
    let kinds: Vec<String> = ["page", "token", "marker", "offset"]
        .iter()
        .filter_map(|kind| {
            let count = sum.by_kind.get(*kind)?;
            Some(format!("{kind} {} of {}", count.recognized, count.candidates))
        })
        .collect();
    println!(
        "pagers: {recognized} of {candidates} candidates ({}), and {} other operations",
        kinds.join(", "),
        sum.pagers - recognized
    );
    for missing in sum.missing.iter().take(MAX_PRINTED) {
        println!("  no pager: {missing}");
    }
    if sum.missing.len() > MAX_PRINTED {
        println!("  and {} more", sum.missing.len() - MAX_PRINTED);
    }
}

/// Prints the median of the generated lines of an operation.
fn print_lines_per_operation(results: &[DocumentResult]) {
    let mut lines: Vec<usize> =
        results.iter().flat_map(|result| &result.summary.operation_lines).copied().collect();
    lines.sort_unstable();
    if let Some(median) = lines.get(lines.len() / 2) {
        println!("lines per operation: median {median}, of {} operations", lines.len());
    }
}

fn print_omitted(total: usize) {
    if total > MAX_PRINTED {
        println!("  and {} more; --report FILE.jsonl writes all of them", total - MAX_PRINTED);
    }
}

fn first_lines(text: &str, count: usize) -> String {
    text.lines().take(count).collect::<Vec<_>>().join("\n")
}
