//! The comments of a package: sentences that our documentation must not copy.

use std::collections::BTreeSet;

use alicloud_codegen::documentation::run_hashes;
use alicloud_codegen::spec::Spec;

use super::source::{Source, between};

/// A comment in a class.
pub(super) struct Comment {
    class: String,
    text: String,
}

/// Adds the comments in the classes of a file. Lines without code between them are one comment.
pub(super) fn read(source: &Source, comments: &mut Vec<Comment>) {
    let (mut class, mut text) = (String::new(), String::new());
    for line in source.text.lines() {
        if let Some(line) = line.trim_start().strip_prefix('#') {
            text.push_str(line.trim());
            text.push('\n');
            continue;
        }
        if !text.is_empty() {
            comments.push(Comment { class: class.clone(), text: std::mem::take(&mut text) });
        }
        if let Some(name) = between(line, "class ", "(") {
            name.clone_into(&mut class);
        }
    }
}

/// Returns the hashes of the comments about the operations of a description. The names of the classes start with those
/// of their operations. Short sentences in English are written alike by anybody.
pub(super) fn hashes(comments: &[Comment], spec: &Spec) -> BTreeSet<String> {
    let is_part = |comment: &&Comment| {
        spec.operations.iter().any(|operation| comment.class.starts_with(&operation.name))
    };
    comments.iter().filter(is_part).flat_map(|comment| run_hashes(&comment.text)).collect()
}
