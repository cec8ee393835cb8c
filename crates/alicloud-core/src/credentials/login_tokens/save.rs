//! Changes of a profile in the file of the CLI. The rest of the file stays as it is, byte for byte.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use serde_json::value::RawValue;
use zeroize::{Zeroize as _, Zeroizing};

use crate::credentials::{Credentials, file};
use crate::secret::Secret;

/// New values of some keys of a profile.
pub(in crate::credentials) struct ProfileChange<'a> {
    pub(in crate::credentials) profile: &'a str,
    /// A key with a token. If it has none of these values, another program has logged in again meanwhile, and
    /// nothing is changed.
    pub(in crate::credentials) token_key: &'a str,
    pub(in crate::credentials) known_tokens: Vec<&'a Secret>,
    pub(in crate::credentials) values: Vec<(&'static str, Value)>,
}

impl Drop for ProfileChange<'_> {
    fn drop(&mut self) {
        for (_, value) in &mut self.values {
            if let Value::String(text) = value {
                text.zeroize();
            }
        }
    }
}

/// Returns the values of the keys in which the CLI stores the credentials of a login.
pub(in crate::credentials) fn credential_values(
    credentials: &Credentials,
) -> Vec<(&'static str, Value)> {
    let token = credentials.security_token().map(Secret::expose);
    vec![
        ("access_key_id", credentials.access_key_id().into()),
        ("access_key_secret", credentials.access_key_secret().expose().into()),
        ("sts_token", token.into()),
        ("sts_expiration", seconds_since_1970(credentials.expiration())),
    ]
}

pub(in crate::credentials) fn seconds_since_1970(time: Option<SystemTime>) -> Value {
    time.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).map(|since| since.as_secs()).into()
}

/// The raw values of an object or the raw items of an array: parts of the text of the file.
type RawFields<'a> = BTreeMap<String, &'a RawValue>;

impl ProfileChange<'_> {
    /// Writes the file with the new values. A reader sees the old file or the new one, never a part.
    ///
    /// # Errors
    ///
    /// The reason why nothing was written.
    pub(super) fn save(&self, path: &Path, nonce: &str) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
        // Two providers of this process must not undo each other's changes.
        static WRITING: Mutex<()> = Mutex::new(());
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        // The file may be a link, which stays one.
        let path = fs::canonicalize(path).map_err(failed)?;
        let text = file::read(&path, file::CONFIG_MEBIBYTES)?
            .ok_or_else(|| format!("{} is gone", path.display()))?;
        let text = self.apply(&text).map_err(|reason| format!("{} {reason}", path.display()))?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        let nonce: String = nonce.chars().filter(char::is_ascii_alphanumeric).collect();
        name.push(format!(".{nonce}.tmp"));
        let temporary = path.with_file_name(name);
        let written = write(&temporary, &text).and_then(|()| fs::rename(&temporary, &path));
        written.map_err(|error| {
            fs::remove_file(&temporary).ok();
            failed(error)
        })
    }

    fn apply(&self, text: &str) -> Result<Zeroizing<String>, String> {
        let changed = || "does not have the profile with the tokens that were renewed".to_owned();
        let (profile, fields) = self.find(text).ok_or_else(changed)?;
        let mut edits: Vec<(Range<usize>, Zeroizing<String>)> = Vec::new();
        for (key, value) in &self.values {
            let value = Zeroizing::new(value.to_string());
            match fields.get(*key).and_then(|old| range_in(text, old.get())) {
                Some(range) => edits.push((range, value)),
                // After the opening brace.
                None => {
                    let start = profile.start + 1;
                    let pair = format!("\"{key}\": {}, ", *value);
                    edits.push((start..start, Zeroizing::new(pair)));
                }
            }
        }
        edits.sort_by_key(|(range, _)| range.start);
        let added: usize = edits.iter().map(|(_, value)| value.len()).sum();
        // Growing the buffer would leave copies in memory that are not wiped.
        let mut edited = Zeroizing::new(String::with_capacity(text.len() + added));
        let mut copied = 0;
        for (range, value) in &edits {
            edited.push_str(text.get(copied..range.start).ok_or_else(changed)?);
            edited.push_str(value);
            copied = range.end;
        }
        edited.push_str(text.get(copied..).ok_or_else(changed)?);
        Ok(edited)
    }

    /// Returns where the profile is in the text, and its fields.
    fn find<'t>(&self, text: &'t str) -> Option<(Range<usize>, RawFields<'t>)> {
        let json = text.strip_prefix('\u{feff}').unwrap_or(text);
        let root: RawFields<'t> = serde_json::from_str(json).ok()?;
        let profiles: Vec<&'t RawValue> = serde_json::from_str(root.get("profiles")?.get()).ok()?;
        let is_text = |raw: Option<&&RawValue>, expected: &str| {
            let text = raw.and_then(|raw| serde_json::from_str::<Secret>(raw.get()).ok());
            text.is_some_and(|text| text.expose() == expected)
        };
        // The first profile of this name, as when the file is read.
        let (raw, fields) = profiles.into_iter().find_map(|raw| {
            let fields: RawFields<'t> = serde_json::from_str(raw.get()).ok()?;
            is_text(fields.get("name"), self.profile).then_some((raw, fields))
        })?;
        let token = fields.get(self.token_key);
        let is_known = self.known_tokens.iter().any(|known| is_text(token, known.expose()));
        let range = range_in(text, raw.get()).filter(|_| is_known)?;
        Some((range, fields))
    }
}

/// Returns where a part of a text is.
fn range_in(text: &str, part: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let range = start..start.checked_add(part.len())?;
    text.get(range.clone()).filter(|found| *found == part).map(|_| range)
}

/// Writes a new file that only this user can read.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
