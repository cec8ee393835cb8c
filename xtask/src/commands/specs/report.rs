//! Formats a comparison as text or as Markdown.

use super::change::Level;
use super::diff::Comparison;

const SECTIONS: [(Level, &str); 3] = [
    (Level::Major, "Breaking"),
    (Level::Minor, "Added or deprecated"),
    (Level::Patch, "Other changes, without effect on the Rust API"),
];
const SIDE_EFFECTS: &str = "Rust items that change although their operation does not";

/// A section with a title.
struct Section<'a> {
    title: &'static str,
    /// Location, if there is one, and text.
    lines: Vec<(Option<&'a str>, &'a str)>,
}

impl Comparison {
    /// Returns the compared descriptions and the required version bump, on one line.
    pub(super) fn headline(&self) -> String {
        let title = match self.old == self.new {
            true => self.new.clone(),
            false => format!("{} to {}", self.old, self.new),
        };
        format!("{title}: {}", self.level.map_or("no change", Level::name))
    }

    /// Formats the comparison for a terminal.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", self.headline());
        for Section { title, lines } in self.sections() {
            text.push_str(&format!("\n{title} ({}):\n", lines.len()));
            for (location, change) in lines {
                let line = match location {
                    Some(location) => format!("  {location}: {change}\n"),
                    None => format!("  {change}\n"),
                };
                text.push_str(&line);
            }
        }
        for line in self.remarks() {
            text.push_str(&format!("\n{line}\n"));
        }
        text
    }

    /// Formats the comparison as a section of a changelog.
    pub(super) fn markdown(&self) -> String {
        let mut text = format!("### {}\n", self.headline());
        for Section { title, lines } in self.sections() {
            text.push_str(&format!("\n#### {title}\n\n"));
            for (location, change) in lines {
                let line = match location {
                    Some(location) => format!("- `{location}`: {change}\n"),
                    None => format!("- {change}\n"),
                };
                text.push_str(&line);
            }
        }
        for line in self.remarks() {
            text.push_str(&format!("\n{line}\n"));
        }
        text
    }

    /// Returns the sections that are not empty.
    fn sections(&self) -> Vec<Section<'_>> {
        let mut sections = Vec::new();
        for (level, title) in SECTIONS {
            let lines: Vec<_> = self
                .changes
                .iter()
                .filter(|change| change.level == level)
                .map(|change| (Some(change.location.as_str()), change.text.as_str()))
                .collect();
            sections.push(Section { title, lines });
            if level == Level::Major {
                let lines = self.side_effects.iter().map(|line| (None, line.as_str())).collect();
                sections.push(Section { title: SIDE_EFFECTS, lines });
            }
        }
        sections.retain(|section| !section.lines.is_empty());
        sections
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        match self.documentation {
            0 => {}
            1 => remarks.push("The documentation changed in 1 location.".to_owned()),
            count => remarks.push(format!("The documentation changed in {count} locations.")),
        }
        let is_unlisted = self.changes.is_empty() && self.side_effects.is_empty();
        if self.level.is_some() && is_unlisted && self.documentation == 0 {
            remarks
                .push("Only examples or properties that the generator ignores changed.".to_owned());
        }
        if let Some(error) = &self.generator_error {
            let error = error.lines().next().unwrap_or_default();
            remarks.push(format!(
                "The Rust items were not compared, because one description cannot be generated: {error}"
            ));
        }
        if self.level == Some(Level::Major) {
            remarks.push("Before 1.0, a major change increments the minor version.".to_owned());
        }
        remarks
    }
}
