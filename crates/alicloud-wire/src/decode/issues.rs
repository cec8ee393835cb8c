//! The issues of one decoding, and their limits.

use super::DecodeIssue;

/// Maximum number of issues.
const MAX_ISSUES: usize = 1_000;

/// Maximum size of a path or a reason, in bytes.
pub(super) const MAX_TEXT: usize = 256;

/// Maximum size of all paths and reasons, in bytes.
const MAX_TOTAL_TEXT: usize = 128 << 10;

/// The issues of one decoding. Those beyond a limit are counted, but not stored.
#[derive(Default)]
pub(super) struct Issues {
    stored: Vec<Issue>,
    text: usize,
    omitted: usize,
}

struct Issue {
    issue: DecodeIssue,
    /// Whether the root has another kind of value than its type.
    is_fatal: bool,
}

/// A position in the issues.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    stored: usize,
    omitted: usize,
}

impl Issues {
    /// Adds an issue, or counts it, before its texts are created.
    pub(super) fn add(&mut self, is_fatal: bool, issue: impl FnOnce() -> DecodeIssue) {
        // One of them is for the number of those that are left out.
        let is_full = self.stored.len() >= MAX_ISSUES - 1 || self.text >= MAX_TOTAL_TEXT;
        if is_full && !is_fatal {
            self.omitted += 1;
            return;
        }
        let DecodeIssue { path, reason } = issue();
        let issue = DecodeIssue::new(shorten(path), shorten(reason));
        self.text += issue.path.len() + issue.reason.len();
        self.stored.push(Issue { issue, is_fatal });
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { stored: self.stored.len(), omitted: self.omitted }
    }

    /// Removes the issues between two marks.
    pub(super) fn discard(&mut self, from: Mark, to: Mark) {
        let removed = self.stored.drain(from.stored..to.stored);
        self.text -=
            removed.map(|Issue { issue, .. }| issue.path.len() + issue.reason.len()).sum::<usize>();
        self.omitted -= to.omitted - from.omitted;
    }

    /// Returns the issues, or the reason why the root cannot be decoded.
    pub(super) fn finish(self) -> Result<Vec<DecodeIssue>, String> {
        let mut issues = Vec::with_capacity(self.stored.len() + 1);
        for Issue { issue, is_fatal } in self.stored {
            if is_fatal {
                return Err(issue.reason);
            }
            issues.push(issue);
        }
        if self.omitted > 0 {
            issues
                .push(DecodeIssue::new("", format!("{} more issues are not listed", self.omitted)));
        }
        Ok(issues)
    }
}

/// Cuts a text off at the maximum size.
fn shorten(mut text: String) -> String {
    if text.len() > MAX_TEXT {
        let end = (0..=MAX_TEXT - '…'.len_utf8()).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or_default());
        text.push('…');
    }
    text
}
