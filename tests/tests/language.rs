//! Old names and phrases that must not come back; see "Vocabulary" in CONTRIBUTING.md.
#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// Names that were replaced by standard terms.
const NAMES: &[&str] = &[
    "Allowance",
    "AnyCall",
    "BadTaskId",
    "ErrorReply",
    "Fate",
    "FixedClock",
    "FixedNonce",
    "RawReply",
    "RefreshKind",
    "RefreshObjectType",
    "RefreshTaskStatus",
    "Refused",
    "Refusal",
    "Repeated",
    "Reply",
    "ReplyFuture",
    "ReplyKind",
    "Shortage",
    "Tracked",
    "UNSEEN",
    "Verdict",
    "at_once",
    "call_any",
    "can_be_made",
    "carried_out",
    "correct_clock",
    "cut_to",
    "divided_by",
    "dripping",
    "each_call",
    "ends_as",
    "files_a_day",
    "for_action",
    "for_at_most",
    "having_seen",
    "in_a_call",
    "in_calls_of",
    "into_replies",
    "is_harmless",
    "keeps_for",
    "left_over",
    "listed_after",
    "look_for",
    "max_reply_bytes",
    "most_in_a_call",
    "narrow_down",
    "of_tasks",
    "refresh_takes",
    "repeats_left",
    "reply_json",
    "reply_raw",
    "troubled",
    "with_held",
];

/// Options and keys that were replaced.
const OPTIONS: &[&str] = &["--look-for", "--per-call", "--interval", "repeat = \"safe\""];

/// Phrases of the old prose, in lower case.
const PHRASES: &[&str] = &[
    "unless told otherwise",
    "unless it is told",
    "service double",
    "told apart",
    "look again",
    "looks again",
    "sent again",
    "has become of",
    "became of",
    "it shall be",
    "any more.",
    "begins anew",
    "behind the question mark",
    "to the last edge",
    "says nothing of",
    "as of [`",
];

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) {
    const SKIPPED_FOLDERS: &[&str] = &["target", ".git", "node_modules", "vectors"];
    const EXTENSIONS: &[&str] =
        &["rs", "md", "toml", "json", "snap", "py", "js", "sh", "txt", "yml", "yaml", "jsonl"];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            if !SKIPPED_FOLDERS.contains(&name) {
                collect_files(&path, files);
            }
        } else if path
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| EXTENSIONS.contains(&extension))
            && !["CHANGELOG.md", "package-lock.json", "language.rs"].contains(&name)
        {
            files.push(path);
        }
    }
}

/// Joins the lines of a text and of its comments, so that a phrase is found across a line break.
fn join_lines(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim().trim_start_matches(['/', '!', '#']).trim());
    lines.collect::<Vec<_>>().join(" ").to_lowercase()
}

fn contains_word(text: &str, word: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(word).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        // A part of a service's code, such as `Key.Repeated`, is no name of ours.
        let is_code = before == Some('.') && word.starts_with(char::is_uppercase);
        !before.is_some_and(is_word) && !after.is_some_and(is_word) && !is_code
    })
}

#[test]
fn old_names_and_phrases_do_not_come_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    collect_files(root, &mut files);
    assert!(files.len() > 300, "only {} files were found", files.len());
    let mut found = Vec::new();
    for path in &files {
        let Ok(text) = fs::read_to_string(path) else { continue };
        let joined = join_lines(&text);
        let names = NAMES.iter().filter(|name| contains_word(&text, name));
        let options = OPTIONS.iter().filter(|option| contains_word(&text, option));
        let phrases = PHRASES.iter().filter(|phrase| joined.contains(**phrase));
        for old in names.chain(options).chain(phrases) {
            found.push(format!("{}: {old}", path.strip_prefix(root).unwrap().display()));
        }
    }
    assert!(found.is_empty(), "old words:\n{}", found.join("\n"));
}

#[test]
fn a_word_is_found_alone_and_a_phrase_across_lines() {
    assert!(contains_word("a Fate!", "Fate"));
    assert!(!contains_word("a Fateful", "Fate"));
    assert!(!contains_word("max_left_over", "left_over"));
    assert!(join_lines("/// Waits unless\n/// told otherwise.").contains("unless told otherwise"));
}
