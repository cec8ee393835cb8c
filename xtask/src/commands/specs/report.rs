//! A comparison as text for a terminal, and as Markdown for a changelog.

use super::change::Level;
use super::diff::Comparison;

const SECTIONS: [(Level, &str); 3] = [
    (Level::Major, "Breaking"),
    (Level::Minor, "Added or deprecated"),
    (Level::Patch, "Other changes, which leave the Rust API as it is"),
];
const MOVES: &str = "Names in Rust that move, although the API does not";

/// A heading and what stands under it: a place, where there is one, and what happened.
struct Section<'a> {
    title: &'static str,
    lines: Vec<(Option<&'a str>, &'a str)>,
}

impl Comparison {
    /// One line: what was compared, and the verdict.
    pub(super) fn headline(&self) -> String {
        let title = match self.old == self.new {
            true => self.new.clone(),
            false => format!("{} to {}", self.old, self.new),
        };
        format!("{title}: {}", self.verdict.map_or("no change", Level::name))
    }

    /// The text for people at a terminal.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", self.headline());
        for Section { title, lines } in self.sections() {
            text.push_str(&format!("\n{title} ({}):\n", lines.len()));
            for (place, what) in lines {
                let line = match place {
                    Some(place) => format!("  {place}: {what}\n"),
                    None => format!("  {what}\n"),
                };
                text.push_str(&line);
            }
        }
        for line in self.remarks() {
            text.push_str(&format!("\n{line}\n"));
        }
        text
    }

    /// The section for a changelog.
    pub(super) fn markdown(&self) -> String {
        let mut text = format!("### {}\n", self.headline());
        for Section { title, lines } in self.sections() {
            text.push_str(&format!("\n#### {title}\n\n"));
            for (place, what) in lines {
                let line = match place {
                    Some(place) => format!("- `{place}`: {what}\n"),
                    None => format!("- {what}\n"),
                };
                text.push_str(&line);
            }
        }
        for line in self.remarks() {
            text.push_str(&format!("\n{line}\n"));
        }
        text
    }

    /// What has lines, in order.
    fn sections(&self) -> Vec<Section<'_>> {
        let mut sections = Vec::new();
        for (level, title) in SECTIONS {
            let lines: Vec<_> = self
                .changes
                .iter()
                .filter(|change| change.level == level)
                .map(|change| (Some(change.place.as_str()), change.what.as_str()))
                .collect();
            sections.push(Section { title, lines });
            if level == Level::Major {
                let lines = self.moves.iter().map(|line| (None, line.as_str())).collect();
                sections.push(Section { title: MOVES, lines });
            }
        }
        sections.retain(|section| !section.lines.is_empty());
        sections
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        match self.documentation {
            0 => {}
            1 => remarks.push("The documentation of 1 place changed.".to_owned()),
            places => remarks.push(format!("The documentation of {places} places changed.")),
        }
        if self.verdict.is_some() && self.changes.is_empty() && self.documentation == 0 {
            remarks.push("Only examples, or what the generator does not use, changed.".to_owned());
        }
        if let Some(why) = &self.not_lowered {
            let why = why.lines().next().unwrap_or_default();
            remarks.push(format!(
                "Names in Rust were not compared, as one of the two cannot be generated: {why}"
            ));
        }
        if self.verdict == Some(Level::Major) {
            remarks.push(
                "Before 1.0 a major change raises the second number of the version.".to_owned(),
            );
        }
        remarks
    }
}
