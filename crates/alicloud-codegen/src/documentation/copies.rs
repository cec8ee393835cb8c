//! Sentences that must not be copied: compared by hashes, so that nobody has to keep them.
//!
//! A copy seldom is a whole sentence: words come before or after it, or a part is left out. So the hashes are those of
//! all runs of eight words. The longest published document has 25,000 of them, in a file of 300 KB.

use std::collections::HashSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::words;
use crate::diagnostics::{CommandError, Diagnostics};
use crate::files::io_error;

/// The file of the hashes of the sentences that an import left out of a description.
pub const PROSE_HASHES: &str = "prose.hashes";

/// The words of a run that is compared. Of a shorter sentence, the run is the whole sentence.
const RUN: usize = 8;

/// The fewest words of a sentence that is compared. Shorter ones, such as "The id of the domain.", are written alike
/// by anybody.
const MIN_WORDS: usize = 6;

/// The hexadecimal digits of a hash: few enough to be short, and enough for millions of runs.
const HASH_DIGITS: usize = 12;

/// Returns the hashes of all runs of eight words in the sentences of a text, and of its sentences with six or seven
/// words.
///
/// Markup, punctuation and case do not count. Each Chinese character is a word.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::documentation::sentence_hashes;
///
/// let hashes = sentence_hashes("Names of gadgets have up to 64 characters.");
/// assert_eq!(hashes, sentence_hashes("names of `gadgets` have up\nto 64 <b>characters</b>"));
/// assert_eq!(sentence_hashes("Names of gadgets have up to 64 visible characters.").len(), 2);
/// assert!(sentence_hashes("The name of the gadget.").is_empty());
/// ```
pub fn sentence_hashes(text: &str) -> Vec<String> {
    let mut hashes = run_hashes(text);
    let sentences = words::sentences(text).into_iter();
    let short = sentences.filter(|words| (MIN_WORDS..RUN).contains(&words.len()));
    hashes.extend(short.map(|words| hash(&words)));
    hashes
}

/// Returns the hashes of all runs of eight words in the sentences of a text, and none of its short sentences: for texts
/// in our own language, where anybody writes "The id of the resource group." alike.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::documentation::run_hashes;
///
/// assert!(run_hashes("The id of the resource group.").is_empty());
/// assert_eq!(run_hashes("Names of gadgets have up to 64 characters.").len(), 1);
/// ```
pub fn run_hashes(text: &str) -> Vec<String> {
    let mut hashes = Vec::new();
    for words in words::sentences(text) {
        hashes.extend(words.windows(RUN).map(hash));
    }
    hashes
}

/// The sentences that texts of our own must not repeat.
#[derive(Debug, Clone, Default)]
pub(crate) struct PublishedSentences {
    hashes: HashSet<String>,
}

impl PublishedSentences {
    /// Reads the hashes in the folder of a file, if there are any.
    pub(crate) fn read_beside(file: &Path) -> Result<Self, CommandError> {
        let path: PathBuf = file.with_file_name(PROSE_HASHES);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(io_error(&path, "cannot be read", &error)),
        };
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_hash = |line: &str| line.len() == HASH_DIGITS && line.bytes().all(is_digit);
        // Nothing would ever equal another text, and no copy would be found.
        if let Some(index) = text.lines().position(|line| !is_hash(line)) {
            return Err(CommandError::new(format!(
                "error: {}:{}: not a hash of {HASH_DIGITS} digits; restore the file from version control, or remove it and import the description again",
                path.display(),
                index + 1
            )));
        }
        Ok(Self { hashes: text.lines().map(str::to_owned).collect() })
    }

    /// Reports a text that repeats a sentence or a run of words of one. `key` is the name of the text in its entry.
    pub(crate) fn check(
        &self,
        file: &Path,
        place: &str,
        key: &str,
        text: &str,
        diagnostics: &mut Diagnostics,
    ) {
        if let Some(copy) = self.copy_in(text) {
            let at = if key.is_empty() { String::new() } else { format!(" in `{key}`") };
            diagnostics.error_in(
                file,
                place,
                format!("the entry has a sentence of the imported document{at}, or a part of one: {copy:?}"),
                "write the fact in own words",
            );
        }
    }

    /// Returns the first words of a text that are copied.
    fn copy_in(&self, text: &str) -> Option<String> {
        if self.hashes.is_empty() {
            return None;
        }
        let words: Vec<String> = words::sentences(text).into_iter().flatten().collect();
        let mut copy: Option<Range<usize>> = None;
        for start in 0..words.len() {
            if copy.as_ref().is_some_and(|copy| copy.end < start) {
                break;
            }
            for end in start + MIN_WORDS..=(start + RUN).min(words.len()) {
                if words.get(start..end).is_some_and(|run| self.hashes.contains(&hash(run))) {
                    let first = copy.map_or(start, |copy| copy.start);
                    copy = Some(first..end);
                }
            }
        }
        words.get(copy?).map(|words| words.join(" "))
    }
}

fn hash(words: &[String]) -> String {
    let mut hash = crate::hash::sha256(words.join(" ").as_bytes());
    hash.truncate(HASH_DIGITS);
    hash
}
