//! Standard output: text, tables and JSON.

use std::io::{self, Write as _};
use std::time::Duration;

use alicloud_codegen::diagnostics::CommandError;
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use indicatif::ProgressBar;
use serde::Serialize;

/// Prints to standard output. A closed pipe is not an error: `head` closes it, for example.
pub(crate) fn print(text: &str) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CommandError::new(format!("error: cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints a line to standard error. Without a reader, the line is lost, but the command goes on.
pub(crate) fn print_error(line: &str) {
    _ = writeln!(io::stderr(), "{line}");
}

/// Prints a value as JSON.
pub(crate) fn print_json(value: &impl Serialize) -> Result<(), CommandError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| CommandError::new(format!("error: cannot write JSON: {error}")))?;
    print(&(text + "\n"))
}

/// Returns a table as text, with one line break at the end.
pub(crate) fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(header.iter().copied());
    for row in rows {
        table.add_row(row.iter().map(|text| printable(text)));
    }
    let lines: Vec<String> =
        table.lines().map(|line| line.trim_end().trim_start_matches(' ').to_owned()).collect();
    lines.join("\n") + "\n"
}

/// Returns a text in one line, without characters that change what a terminal shows.
pub(crate) fn printable(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    alicloud_wire::printable::printable(&words.join(" ")).to_string()
}

/// Returns a spinner on standard error, which is only shown on a terminal.
pub(crate) fn spinner(message: String) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(message);
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}
