//! What a person sees of it.

use std::collections::BTreeMap;

use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;

use crate::cases::CASES;
use crate::deviation::DEVIATIONS;
use crate::driver::OFFICIAL;
use crate::trial::{Judged, Verdict};
use crate::way::Way;

/// One mistake shows in many cases; who wants to read on mends the first ones.
const MOST_PROBLEMS: usize = 60;

/// Prints the table and what is behind it; whether all is as it should be.
pub(crate) fn print(verdicts: &[Verdict]) -> bool {
    println!("{}", table(verdicts));
    println!(
        "Counted are cases with the same decoded request, the same verification and the same answer as ours; meant are those with a difference from the list below. What ours says is held against the service in all of them. (by name): the client has no type for some of them."
    );
    print_counts(verdicts);
    let mut problems = differences(verdicts);
    problems.extend(missing(verdicts));
    problems.extend(print_deviations(verdicts));
    println!();
    if problems.is_empty() {
        println!("All the same.");
    }
    for problem in problems.iter().take(MOST_PROBLEMS) {
        println!("error: {problem}");
    }
    if let Some(more) = problems.len().checked_sub(MOST_PROBLEMS).filter(|more| *more > 0) {
        println!("error: and {more} more");
    }
    problems.is_empty()
}

fn table(verdicts: &[Verdict]) -> Table {
    let mut rows: BTreeMap<(usize, &str), Vec<(Way, &Judged)>> = BTreeMap::new();
    for verdict in verdicts {
        let client = OFFICIAL.iter().position(|official| official.name == verdict.client);
        for judged in &verdict.rows {
            let key = (client.unwrap_or_default(), judged.operation);
            rows.entry(key).or_default().push((verdict.way, judged));
        }
    }
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    let ways = Way::ALL.map(|way| way.to_string());
    table.set_header(["client", "operation"].into_iter().chain(ways.iter().map(String::as_str)));
    for ((client, operation), judged) in rows {
        let name = OFFICIAL.get(client).map_or("", |official| official.name);
        let mut row = vec![name.to_owned(), operation.to_owned()];
        row.extend(Way::ALL.map(|way| {
            cell(judged.iter().filter(|(other, _)| *other == way).map(|(_, judged)| *judged))
        }));
        table.add_row(row);
    }
    table
}

fn cell<'a>(judged: impl Iterator<Item = &'a Judged>) -> String {
    let judged: Vec<&Judged> = judged.collect();
    let count = |is: fn(&Judged) -> bool| judged.iter().filter(|one| is(one)).count();
    let differing = count(|one| !one.differences.is_empty());
    let meant = count(|one| one.differences.is_empty() && !one.deviations.is_empty());
    let by_name = if judged.iter().any(|one| one.by_name) { " (by name)" } else { "" };
    match (judged.len(), differing, meant) {
        (0, ..) => "-".to_owned(),
        (all, 0, 0) => format!("{all} same{by_name}"),
        (all, 0, meant) => format!("{} same, {meant} meant{by_name}", all - meant),
        (all, some, _) => format!("{some} of {all} DIFFER{by_name}"),
    }
}

fn print_counts(verdicts: &[Verdict]) {
    println!("\nCases:");
    for official in &OFFICIAL {
        let own = verdicts.iter().filter(|verdict| verdict.client == official.name);
        let ran: usize = own.map(|verdict| verdict.rows.len()).sum();
        let ways: Vec<String> = official.ways.iter().map(ToString::to_string).collect();
        println!("  {ran} with {}, by {}", official.name, ways.join(", "));
    }
}

fn differences(verdicts: &[Verdict]) -> Vec<String> {
    let mut all = Vec::new();
    for verdict in verdicts {
        for judged in &verdict.rows {
            all.extend(judged.differences.iter().map(|difference| {
                let Verdict { client, way, .. } = verdict;
                let Judged { operation, case, .. } = judged;
                format!("{client}, {way}, {operation} ({case}): {difference}")
            }));
        }
    }
    all
}

/// A client that did less than it was asked to has shown nothing.
fn missing(verdicts: &[Verdict]) -> Vec<String> {
    let mut all = Vec::new();
    for official in &OFFICIAL {
        for way in official.ways {
            let done = verdicts.iter().any(|verdict| {
                verdict.client == official.name && verdict.way == *way && verdict.is_complete()
            });
            if !done {
                let (name, due) = (official.name, CASES.len());
                all.push(format!("{name}, {way}: not all of the {due} cases were compared"));
            }
        }
    }
    all
}

/// Prints what differs on purpose; gives what is said to differ and does not.
fn print_deviations(verdicts: &[Verdict]) -> Vec<String> {
    println!("\nDifferences that are meant:");
    let mut unmet = Vec::new();
    for (index, deviation) in DEVIATIONS.iter().enumerate() {
        let judged = verdicts.iter().flat_map(|verdict| &verdict.rows);
        let met = judged.flat_map(|one| &one.deviations).filter(|met| **met == index).count();
        let (clients, why) = (deviation.clients(), deviation.why);
        println!("  {met} times, {clients}: {why}");
        if met == 0 {
            unmet.push(format!("no longer differs, so strike it out: {clients}: {why}"));
        }
    }
    unmet
}
