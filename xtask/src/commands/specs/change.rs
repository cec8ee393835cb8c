//! The changes between two descriptions, and the version bumps that they require.

/// The version bump of the generated crates that a change requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// The Rust API does not change.
    Patch,
    /// Items are added or deprecated; programs continue to compile.
    Minor,
    /// A program can fail to compile or to work.
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

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    /// Where it is, in the notation of overlays.
    pub(super) location: String,
    /// What changed.
    pub(super) text: String,
    pub(super) level: Level,
}

impl Change {
    /// Returns the operation that the location belongs to, `#` for shared types, or the location
    /// itself.
    pub(super) fn owner(&self) -> &str {
        if self.location.starts_with('#') {
            return "#";
        }
        self.location.split(['?', '!']).next().unwrap_or_default()
    }
}

/// A collector of changes.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) list: Vec<Change>,
    /// The number of locations with different documentation.
    pub(super) documentation: usize,
}

impl Changes {
    pub(super) fn add(&mut self, level: Level, location: &str, text: impl Into<String>) {
        self.list.push(Change { location: sanitize(location), text: text.into(), level });
    }

    /// Adds a change of a deprecation, if there is one.
    pub(super) fn compare_deprecation(&mut self, location: &str, old: bool, new: bool) {
        match (old, new) {
            (false, true) => self.add(Level::Minor, location, "deprecated"),
            (true, false) => self.add(Level::Patch, location, "no longer deprecated"),
            _ => {}
        }
    }

    /// Counts a location if its documentation differs.
    pub(super) fn compare_documentation<T: PartialEq>(&mut self, old: T, new: T) {
        self.documentation += usize::from(old != new);
    }
}

/// Formats text of a description as inline code on one line.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", sanitize(text))
}

/// Replaces characters that could break a line or its formatting, and truncates long text.
pub(super) fn sanitize(text: &str) -> String {
    const MAX_CHARS: usize = 300;
    let mut sanitized: String = text
        .chars()
        .take(MAX_CHARS)
        .map(|character| match character {
            '`' => '\'',
            // Line separators and bidirectional controls, which `is_control` does not cover.
            '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
            other if other.is_control() => '\u{FFFD}',
            other => other,
        })
        .collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        sanitized.push('…');
    }
    sanitized
}
