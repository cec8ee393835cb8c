//! Formats the differences between a description and a package.

use super::super::change::sanitize;
use super::known;

/// What differs about an element, in the order of the report.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Difference {
    /// Only the package has it.
    Missing,
    /// Both have it, with different types or locations.
    Different,
    /// Only the description has it.
    OnlyHere,
}

/// The comparison of a description with a package.
pub(super) struct Drift {
    pub(super) title: String,
    /// Name and version of the package.
    pub(super) package: String,
    /// The number of operations that both have.
    pub(super) common: usize,
    /// The number of operations of the package.
    pub(super) total: usize,
    /// The numbers of compared parameters and fields.
    pub(super) parameters: usize,
    pub(super) fields: usize,
    /// Operations of the package that the description leaves out on purpose.
    pub(super) not_selected: Vec<String>,
    /// Difference, location and text, sorted.
    pub(super) differences: Vec<(Difference, String, String)>,
    /// The number of elements with known differences.
    pub(super) known: usize,
    /// Known differences that do not exist.
    pub(super) without_effect: Vec<String>,
}

impl Drift {
    /// Returns whether something has to be done.
    pub(super) fn is_drift(&self) -> bool {
        let is_only_here = |difference: &Difference| *difference == Difference::OnlyHere;
        !self.without_effect.is_empty()
            || self.differences.iter().any(|(difference, ..)| !is_only_here(difference))
    }

    /// Formats the differences for a terminal, and a summary.
    pub(super) fn text(&self, list_all: bool) -> String {
        let mut text = format!("{} against {}\n", self.title, sanitize(&self.package));
        let mut section = |title: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                text.push_str(&format!("\n{title} ({}):\n", lines.len()));
                lines.iter().for_each(|line| text.push_str(&format!("  {}\n", sanitize(line))));
            }
        };
        for (difference, title) in [
            (Difference::Missing, "Missing here; adding is a minor change"),
            (Difference::Different, "Different; a change here is a major one"),
            (Difference::OnlyHere, "Only here, perhaps removed; removing is a major change"),
        ] {
            let lines = self.differences.iter().filter(|(kind, ..)| *kind == difference);
            section(title, lines.map(|(_, at, what)| format!("{at}: {what}")).collect());
        }
        let title = format!("Without effect in {}; remove them", known::FILE);
        section(&title, self.without_effect.clone());
        if list_all {
            section("Operations that are not part of the description", self.not_selected.clone());
        }
        let count = |is_counted: &dyn Fn(Difference, &str) -> bool| {
            self.differences.iter().filter(|(kind, at, _)| is_counted(*kind, at)).count()
        };
        let missing =
            |mark: char| count(&|kind, at: &str| kind == Difference::Missing && at.contains(mark));
        text.push_str(&format!(
            "\n{}: {} of {} operations; missing {} of {} parameters and {} of {} fields; {} different, {} only here, {} known\n",
            self.title,
            self.common,
            self.total,
            missing('?'),
            self.parameters,
            missing('!'),
            self.fields,
            count(&|kind, _| kind == Difference::Different),
            count(&|kind, _| kind == Difference::OnlyHere),
            self.known,
        ));
        text
    }
}
