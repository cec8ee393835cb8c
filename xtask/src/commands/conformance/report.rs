//! The results, for people and as rows.

use std::collections::BTreeMap;
use std::path::Path;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{Cell, CellAlignment, Table};

use crate::codegen::diagnostics::Failure;

use super::harness::put;
use super::row::{Finished, Row};

/// How many disagreements of a kind the terminal shows; the report has them all.
const SHOWN: usize = 10;

/// Prints a table a document, the totals, and what is wrong.
pub(super) fn print(finished: &[Finished], judged: bool, no_compile: bool) {
    println!("{}", table(finished, no_compile));
    for one in finished {
        if let Some(failure) = &one.summary.failure {
            println!("{}: {}", one.summary.stem, first_lines(failure, 12));
        }
    }
    if !no_compile {
        unreadable(finished);
        if judged {
            agreement(finished);
        }
    }
    let failed = finished.iter().filter(|one| one.summary.failure.is_some()).count();
    let verb = if no_compile { "generate" } else { "generate and compile" };
    println!("{} of {} documents {verb}", finished.len() - failed, finished.len());
}

/// Writes every row.
pub(super) fn write(path: &Path, finished: &[Finished]) -> Result<(), Failure> {
    let mut text = String::new();
    for row in finished.iter().flat_map(|one| &one.rows) {
        text.push_str(&serde_json::to_string(row).unwrap_or_default());
        text.push('\n');
    }
    put(path, &text)
}

/// How many of some rows are good in a way, and of how many.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    good: usize,
    all: usize,
}

impl Share {
    fn of<'a>(rows: impl Iterator<Item = &'a Row>, good: impl Fn(&Row) -> bool) -> Self {
        rows.fold(Share::default(), |share, row| Share {
            good: share.good + usize::from(good(row)),
            all: share.all + 1,
        })
    }

    fn text(self) -> String {
        match self.all {
            0 => "–".to_owned(),
            all => format!("{}/{all}", self.good),
        }
    }
}

/// The shares of a table's line: JSON ok, JSON equal to the example, XML ok, XML equal to JSON.
fn shares<'a>(rows: impl Iterator<Item = &'a Row> + Clone) -> [Share; 4] {
    let json = rows.clone().filter(|row| row.is_json());
    let xml = rows.filter(|row| !row.is_json());
    let compared = |row: &&Row| row.equal.is_some();
    let equal = |row: &Row| row.equal == Some(true);
    [
        Share::of(json.clone(), |row| row.ok),
        Share::of(json.filter(compared), equal),
        Share::of(xml.clone(), |row| row.ok),
        Share::of(xml.filter(compared), equal),
    ]
}

fn table(finished: &[Finished], no_compile: bool) -> Table {
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
    for one in finished {
        let summary = &one.summary;
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
        let name = match summary.failure {
            None => summary.stem.clone(),
            Some(_) => format!("{} FAILED", summary.stem),
        };
        line(&name, sums, (!no_compile).then(|| shares(one.rows.iter())));
    }
    let all = finished.iter().flat_map(|one| &one.rows);
    line(&format!("{} in all", finished.len()), totals, (!no_compile).then(|| shares(all)));
    table
}

/// The examples that did not decode without a loss.
fn unreadable(finished: &[Finished]) {
    for format in ["json", "xml"] {
        let lost: Vec<&Row> = finished
            .iter()
            .flat_map(|one| &one.rows)
            .filter(|row| row.format == format && !row.ok)
            .collect();
        let whole = lost.iter().filter(|row| row.error.is_some()).count();
        if !lost.is_empty() {
            println!(
                "{format}: {} responses not read whole: {} with fields left out, {whole} not at all",
                lost.len(),
                lost.len() - whole
            );
        }
        for row in lost.iter().take(SHOWN) {
            println!("  {} {}: {}", row.product, row.op, row.complaint());
        }
        more(lost.len());
    }
}

/// How we agree with the oracle: by verdict, and the first disagreements of each kind.
fn agreement(finished: &[Finished]) {
    let rows = || finished.iter().flat_map(|one| &one.rows);
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header(["type", "verdict", "ok here", "equal here"]);
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
    println!("The oracle's verdicts:\n{table}");
    let mut kinds: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows() {
        if let Some(kind) = &row.disagreement {
            kinds.entry(kind).or_default().push(row);
        }
    }
    let all: usize = kinds.values().map(Vec::len).sum();
    println!("{all} disagreements");
    for (kind, rows) in kinds {
        println!("{}: {kind}", rows.len());
        for row in rows.iter().take(SHOWN) {
            println!("  {} {} {}: {}", row.product, row.op, row.format, row.complaint());
        }
        more(rows.len());
    }
}

fn more(all: usize) {
    if all > SHOWN {
        println!("  and {} more; --report FILE.jsonl has them all", all - SHOWN);
    }
}

fn first_lines(text: &str, count: usize) -> String {
    text.lines().take(count).collect::<Vec<_>>().join("\n")
}
