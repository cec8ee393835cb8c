//! Diagnosis of signature errors: compares the text that the service signed with the text signed here.

use std::fmt;

use alicloud_wire::sensitive::is_masked_name;
use alicloud_wire::{percent_decode, percent_encode};

use super::text::one_line;
use crate::secret::{REDACTED, Redactor};

/// Why the service computed another signature.
///
/// Returned by [`Error::signature_mismatch`](crate::Error::signature_mismatch).
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::testing::{FakeTransport, ManualClock, DeterministicNonce};
/// # use alicloud_core::{Client, Credentials};
/// use alicloud_core::SignatureMismatch;
///
/// # let client = |fake| Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret")).transport(fake)
/// #     .clock(ManualClock::from_unix_seconds(1_767_323_045))
/// #     .nonce_source(DeterministicNonce::constant("n")).build();
/// # let preview = client(FakeTransport::new())?.generic_call("Refresh").into_call().preview().await?;
/// # let message = format!("server StringToSign is [{}]", preview.string_to_sign.unwrap());
/// # let client = client(FakeTransport::new().error("Refresh", 400, "SignatureDoesNotMatch", &message))?;
/// let error = client.generic_call("Refresh").await.unwrap_err();
/// assert_eq!(error.signature_mismatch(), Some(&SignatureMismatch::Secret));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureMismatch {
    /// Both sides signed the same text, so the secret is wrong.
    ///
    /// Cause: the secret of another access key, an old secret, or one that was truncated when copied.
    /// Remedy: copy id and secret again, from the same source.
    Secret,
    /// The two sides signed different texts.
    ///
    /// Cause: a proxy or middleware changed the request, or a bug in this crate. Remedy: check what
    /// changes the named part; without a proxy or middleware, report a bug with the message.
    Text {
        /// The first difference, such as `parameter TaskId`, `header host` or `the path`.
        part: String,
        /// The value signed here; `None` if it is absent or secret.
        ours: Option<String>,
        /// The value signed by the service; `None` if it is absent or secret.
        theirs: Option<String>,
    },
}

impl fmt::Display for SignatureMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SignatureMismatch::Secret => f.write_str(
                "the service signed the same text, so the secret does not belong to this access key",
            ),
            SignatureMismatch::Text { part, ours, theirs } => {
                let part = one_line(part, 100);
                write!(f, "the service signed a different text; first difference: {part}")?;
                let quoted = |text: &Option<String>| match text {
                    Some(text) => format!("{:?}", one_line(text, 100)),
                    None => "absent".to_owned(),
                };
                match (ours, theirs) {
                    (None, None) => Ok(()),
                    (ours, theirs) => {
                        write!(f, ", {} here, {} at the service", quoted(ours), quoted(theirs))
                    }
                }
            }
        }
    }
}

// Markers that precede the text that the service signed, one per signature version and form.
const RPC_MARKER: &str = "server string to sign is:";
const ACS3_MARKER: &str = "server stringtosign is [";
const CANONICAL_MARKER: &str = "server canonicalrequest is [";

/// Returns the message without the text that the service signed, which is long and not meant for humans.
pub(super) fn strip_signed_text(message: &str) -> &str {
    let lower = message.to_ascii_lowercase();
    let start = [RPC_MARKER, ACS3_MARKER, CANONICAL_MARKER]
        .iter()
        .filter_map(|marker| lower.find(marker))
        .min();
    let short = start.and_then(|start| message.get(..start)).unwrap_or(message);
    short.trim_end_matches(|last: char| last.is_whitespace() || matches!(last, ',' | ':'))
}

/// Redacts the security token and the named parameters and headers by their positions in the message: a
/// value that was changed in transit no longer equals the known one.
pub(super) fn redact_by_name(message: &str, secret_names: &[String]) -> String {
    let mut out = message.to_owned();
    redact_after(&mut out, "SecurityToken%3D", &DOUBLE_ENCODED_ENDS);
    redact_after(&mut out, "x-acs-security-token:", &HEADER_ENDS);
    for name in secret_names {
        let encoded = percent_encode(name);
        let double_encoded = percent_encode(&encoded);
        redact_after(&mut out, &format!("{double_encoded}%3D"), &DOUBLE_ENCODED_ENDS);
        redact_after(&mut out, &format!("{encoded}="), &["&", " ", "\"", "]", "\n", "\\"]);
        redact_after(&mut out, &format!("{name}:"), &HEADER_ENDS);
    }
    out
}

const DOUBLE_ENCODED_ENDS: [&str; 5] = ["%26", " ", "\"", "]", "\n"];
const HEADER_ENDS: [&str; 3] = ["\n", "\\", "]"];

/// Redacts each text from a start marker to the first end marker.
fn redact_after(text: &mut String, start_marker: &str, end_markers: &[&str]) {
    let mut from = 0;
    while let Some(offset) = text.get(from..).and_then(|rest| rest.find(start_marker)) {
        let start = from + offset + start_marker.len();
        let value = text.get(start..).unwrap_or_default();
        let length = end_markers.iter().filter_map(|end| value.find(end)).min();
        let end = start + length.unwrap_or(value.len());
        text.replace_range(start..end, REDACTED);
        from = start + REDACTED.len();
    }
}

impl SignatureMismatch {
    /// Hides the values of a part that is or contains a secret.
    pub(super) fn without_secrets(self, secret_names: &[String], redactor: &Redactor) -> Self {
        let SignatureMismatch::Text { part, ours, theirs } = self else { return self };
        let redacted = |text: Option<String>| text.map(|text| redactor.redact(&text));
        let (part, ours, theirs) = (redactor.redact(&part), redacted(ours), redacted(theirs));
        let is_secret = match part.split_once(' ') {
            // A path or the whole text can contain a secret of any parameter.
            Some(("the", rest)) => rest.starts_with("path") && !secret_names.is_empty(),
            Some((_, name)) => secret_names.iter().any(|known| known == name),
            None => false,
        };
        match is_secret {
            true => mismatch(part, None, None),
            false => SignatureMismatch::Text { part, ours, theirs },
        }
    }
}

/// Compares the text that the service signed, taken from its message, with the text signed here. The result
/// is not redacted.
pub(super) fn compare(
    message: &str,
    string_to_sign: &str,
    canonical_request: Option<&str>,
) -> Option<SignatureMismatch> {
    // Some services escape the line breaks once more.
    let message = match message.contains('\n') {
        true => message.to_owned(),
        false => message.replace("\\r", "").replace("\\n", "\n"),
    };
    let message = message.replace("\r\n", "\n");
    let lower = message.to_ascii_lowercase();
    let text_after = |marker: &str| message.get(lower.find(marker)? + marker.len()..);

    if let (Some(ours), Some(theirs)) =
        (canonical_request, text_after(CANONICAL_MARKER).map(up_to_bracket))
    {
        return Some(compare_canonical(ours, theirs));
    }
    if let Some(theirs) = text_after(ACS3_MARKER).map(up_to_bracket) {
        return Some(match theirs.trim() == string_to_sign {
            true => SignatureMismatch::Secret,
            // The string to sign contains only a hash of the canonical request.
            false => mismatch("the canonical request, which the service does not show", None, None),
        });
    }
    let theirs = text_after(RPC_MARKER)?.trim_start_matches([' ', '[', '"']);
    if theirs.trim_end() == string_to_sign {
        return Some(SignatureMismatch::Secret);
    }
    if string_to_sign.contains('\n') {
        let theirs = theirs.trim_end_matches([']', '"', '.', ' ', '\n']);
        return Some(match theirs == string_to_sign {
            true => SignatureMismatch::Secret,
            false => compare_lines(string_to_sign, theirs),
        });
    }
    let theirs = theirs.split_whitespace().next().unwrap_or_default();
    let trimmed = theirs.trim_end_matches([']', '"', '.', ',', ';']);
    Some(match [theirs, trimmed].contains(&string_to_sign) {
        true => SignatureMismatch::Secret,
        false => compare_rpc(string_to_sign, trimmed),
    })
}

/// Returns the text up to its closing bracket; the text may contain other brackets.
fn up_to_bracket(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let next = lower.find("] server ").or_else(|| lower.find("], server "));
    let end = next.or_else(|| text.rfind(']')).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

fn mismatch(
    part: impl Into<String>,
    ours: Option<&str>,
    theirs: Option<&str>,
) -> SignatureMismatch {
    let owned = |text: &str| text.to_owned();
    SignatureMismatch::Text { part: part.into(), ours: ours.map(owned), theirs: theirs.map(owned) }
}

/// Compares strings to sign of RPC style: `POST&%2F&…`, with parameters escaped twice.
fn compare_rpc(ours: &str, theirs: &str) -> SignatureMismatch {
    fn split(text: &str) -> [&str; 3] {
        let mut parts = text.splitn(3, '&');
        [(); 3].map(|()| parts.next().unwrap_or_default())
    }
    let ([method, path, query], [their_method, their_path, their_query]) =
        (split(ours), split(theirs));
    if method != their_method {
        return mismatch("the method", Some(method), Some(their_method));
    }
    if path != their_path {
        return mismatch(
            "the path",
            Some(&percent_decode(path)),
            Some(&percent_decode(their_path)),
        );
    }
    let (query, their_query) = (percent_decode(query), percent_decode(their_query));
    compare_query(&query, &their_query)
        .unwrap_or_else(|| mismatch("the escaping of the parameters", None, None))
}

/// Compares canonical requests of ACS3: method, path, query, headers, an empty line, header names, hash
/// of the body.
fn compare_canonical(ours: &str, theirs: &str) -> SignatureMismatch {
    if ours == theirs.trim_end() {
        return SignatureMismatch::Secret;
    }
    let (our_lines, their_lines) = (lines(ours), lines(theirs));
    for (index, (ours, theirs)) in our_lines.iter().zip(&their_lines).enumerate() {
        if ours == theirs {
            continue;
        }
        return match index {
            0 => mismatch("the method", Some(ours), Some(theirs)),
            1 => mismatch("the path", Some(ours), Some(theirs)),
            2 => compare_query(ours, theirs)
                .unwrap_or_else(|| mismatch("the escaping of the parameters", None, None)),
            _ => match compare_headers(&our_lines, &their_lines) {
                Some(mismatch) => mismatch,
                None if index + 1 == our_lines.len() => {
                    mismatch("the hash of the body", Some(ours), Some(theirs))
                }
                None => mismatch("the list of signed headers", Some(ours), Some(theirs)),
            },
        };
    }
    mismatch("the end", None, None)
}

fn lines(text: &str) -> Vec<&str> {
    text.split('\n').collect()
}

/// Compares the headers of two canonical requests: the lines from the fourth to the first empty one.
fn compare_headers(ours: &[&str], theirs: &[&str]) -> Option<SignatureMismatch> {
    fn headers<'a>(lines: &[&'a str]) -> Vec<(&'a str, &'a str)> {
        let lines = lines.iter().skip(3).take_while(|line| !line.is_empty());
        lines.map(|line| line.split_once(':').unwrap_or((line, ""))).collect()
    }
    first_difference("header", &headers(ours), &headers(theirs))
}

/// Compares strings to sign of HMAC-SHA1 in ROA style: the method, four headers by position, `x-acs-*`
/// headers, the resource.
fn compare_lines(ours: &str, theirs: &str) -> SignatureMismatch {
    const LINE_NAMES: [&str; 5] = [
        "the method",
        "the header accept",
        "the header content-md5",
        "the header content-type",
        "the header date",
    ];
    for (index, (ours, theirs)) in ours.split('\n').zip(theirs.split('\n')).enumerate() {
        if ours == theirs {
            continue;
        }
        if let Some(part) = LINE_NAMES.get(index) {
            return mismatch(*part, Some(ours), Some(theirs));
        }
        return match ours.split_once(':').filter(|(name, _)| name.starts_with("x-acs-")) {
            Some(ours) => {
                let theirs = theirs.split_once(':').unwrap_or((theirs, ""));
                first_difference("header", &[ours], &[theirs])
            }
            None => None,
        }
        .unwrap_or_else(|| mismatch("the path and the parameters", Some(ours), Some(theirs)));
    }
    mismatch("the end", None, None)
}

fn compare_query(ours: &str, theirs: &str) -> Option<SignatureMismatch> {
    fn pairs(text: &str) -> Vec<(&str, &str)> {
        text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect()
    }
    first_difference("parameter", &pairs(ours), &pairs(theirs))
}

/// Returns the first difference of two lists of names and values.
fn first_difference(
    kind: &str,
    ours: &[(&str, &str)],
    theirs: &[(&str, &str)],
) -> Option<SignatureMismatch> {
    let contains = |list: &[(&str, &str)], name: &str| list.iter().any(|(known, _)| *known == name);
    let mut index = 0;
    let (our, their) = loop {
        match (ours.get(index), theirs.get(index)) {
            (None, None) => return None,
            (our, their) if our == their => index += 1,
            pair => break pair,
        }
    };
    let (name, our, their) = match (our, their) {
        (Some((name, our)), Some((other, their))) if name == other => {
            (*name, Some(*our), Some(*their))
        }
        (Some((name, our)), _) if !contains(theirs, name) => (*name, Some(*our), None),
        (_, Some((name, their))) if !contains(ours, name) => (*name, None, Some(*their)),
        (Some((name, _)), _) | (None, Some((name, _))) => {
            return Some(mismatch(format!("the order of the {kind}s at {name}"), None, None));
        }
        (None, None) => return None,
    };
    let part = format!("{kind} {}", percent_decode(name));
    // A secret that was changed in transit no longer equals the known one, so it was not redacted.
    if is_masked_name(&percent_decode(name)) {
        return Some(mismatch(part, None, None));
    }
    let decoded = |text: Option<&str>| text.map(|text| percent_decode(text).into_owned());
    let (our, their) = (decoded(our), decoded(their));
    // If only the escaping differs, decoding would hide the difference.
    let (our, their) = match our == their {
        true => (ours.get(index).map(|pair| pair.1), theirs.get(index).map(|pair| pair.1)),
        false => (our.as_deref(), their.as_deref()),
    };
    Some(mismatch(part, our, their))
}
