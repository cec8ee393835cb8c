//! What a comparison finds, and how much it matters.

/// What a change asks of the version numbers of the generated crates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Nothing that a compiler sees.
    Patch,
    /// Programs go on compiling, and there is something new or deprecated.
    Minor,
    /// A program can stop compiling or working.
    Major,
}

impl Level {
    pub(super) fn name(self) -> &'static str {
        match self {
            Level::Patch => "patch",
            Level::Minor => "minor",
            Level::Major => "major",
        }
    }
}

/// One change at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    /// The place, as an overlay writes it.
    pub(super) place: String,
    pub(super) what: String,
    pub(super) level: Level,
}

impl Change {
    /// The operation that the place belongs to, `#` for shared types, or the place itself.
    pub(super) fn owner(&self) -> &str {
        if self.place.starts_with('#') {
            return "#";
        }
        self.place.split(['?', '!']).next().unwrap_or_default()
    }
}

/// All that was found, while it is collected.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) changes: Vec<Change>,
    /// How many places differ in their documentation alone or besides.
    pub(super) documentation: usize,
}

impl Found {
    pub(super) fn add(&mut self, level: Level, place: &str, what: impl Into<String>) {
        self.changes.push(Change { place: clean(place), what: what.into(), level });
    }

    /// Adds what happened to a mark that programs see as a deprecation.
    pub(super) fn deprecation(&mut self, place: &str, old: bool, new: bool) {
        match (old, new) {
            (false, true) => self.add(Level::Minor, place, "deprecated"),
            (true, false) => self.add(Level::Patch, place, "no longer deprecated"),
            _ => {}
        }
    }

    pub(super) fn document<T: PartialEq>(&mut self, old: T, new: T) {
        self.documentation += usize::from(old != new);
    }
}

/// A text of a document as code in a sentence. A document may hold anything; a line stays a line.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", clean(text))
}

fn clean(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut out: String = text
        .chars()
        .take(LONGEST)
        .map(|character| match character {
            '`' => '\'',
            // Line breaks, terminal escapes and what turns the direction of writing.
            '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
            other if other.is_control() => '\u{FFFD}',
            other => other,
        })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}
