//! Inputs that a plan does not send, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::invalid_reason::InvalidReason;
use crate::normalize::{find_authority, normalize_url};

/// An input that is not sent because the service would reject the whole call for it, or would
/// misinterpret it.
///
/// `Display` shows the input, what is wrong with it and what to write instead.
///
/// ```
/// use alicloud_cdn_refresh::Plan;
///
/// let plan = Plan::refresh(["example.com/a.jpg"]);
/// assert_eq!(
///     plan.invalid_inputs()[0].to_string(),
///     r#""example.com/a.jpg" has no scheme; write https://example.com/a.jpg"#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InvalidInput {
    /// Zero-based index of the input.
    pub index: usize,
    /// The input as passed, except that a user name and password before the host are masked.
    pub input: String,
    /// What is wrong with it.
    #[serde(flatten)]
    pub reason: InvalidReason,
}

impl InvalidInput {
    /// Masks everything before an `@` in an authority: it may be a password. There is more than one
    /// authority if the input contains a second URL.
    pub(crate) fn new(index: usize, input: &str, reason: InvalidReason) -> Self {
        let mut masked = String::with_capacity(input.len());
        let mut rest = input;
        // An input without a scheme begins with its authority.
        let mut scheme_length = find_authority(input).unwrap_or_default();
        loop {
            let (scheme, after_scheme) = rest.split_at(scheme_length);
            masked.push_str(scheme);
            let authority_length = after_scheme.find(['/', '?', '#']).unwrap_or(after_scheme.len());
            let (authority, after_authority) = after_scheme.split_at(authority_length);
            match authority.rfind('@') {
                Some(position) => {
                    masked.push_str("***");
                    masked.push_str(authority.get(position..).unwrap_or_default());
                }
                None => masked.push_str(authority),
            }
            rest = after_authority;
            scheme_length = match find_authority(rest) {
                // The second scheme follows the first host without a path between them.
                _ if authority.ends_with(':') && rest.starts_with('/') => {
                    rest.len() - rest.trim_start_matches('/').len()
                }
                Some(position) => position,
                None => break,
            };
        }
        masked.push_str(rest);
        InvalidInput { index, input: masked, reason }
    }

    /// Returns the input with `https://` in front, if that makes it valid.
    fn with_scheme(&self) -> Option<String> {
        if self.reason != InvalidReason::NoScheme {
            return None;
        }
        let url = format!("https://{}", self.input.trim());
        normalize_url(&url, None).is_ok().then_some(url)
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX_CHARACTERS_SHOWN: usize = 120;
        // `{:?}` escapes control characters, which must not reach a terminal.
        if let Some((end, _)) = self.input.char_indices().nth(MAX_CHARACTERS_SHOWN) {
            let start = self.input.get(..end).unwrap_or_default();
            return write!(f, "{start:?}… {}", self.reason);
        }
        match self.with_scheme() {
            Some(url) => write!(f, "{:?} has no scheme; write {url}", self.input),
            None => write!(f, "{:?} {}", self.input, self.reason),
        }
    }
}
