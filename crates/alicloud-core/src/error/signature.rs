//! Why a signature does not match: what the service signed, beside what was signed here.

use std::fmt;

use alicloud_wire::percent_decode;

use super::display::one_line;
use crate::secret::REDACTED;

/// Why the service computed another signature; see
/// [`Error::signature_mismatch`](crate::Error::signature_mismatch).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureMismatch {
    /// Both sides signed the same text, so the secret is wrong.
    ///
    /// Cause: a secret of another access key, an old one, or one that was cut when it was copied.
    /// Cure: take id and secret from the same place, again.
    Secret,
    /// The two sides signed different texts.
    ///
    /// Cause: something on the way changed the request (a proxy, a middleware), or a mistake in this
    /// crate. Cure: look at the named part on the way; report it with the message where there is
    /// nothing on the way.
    Text {
        /// Where they differ first: `parameter TaskId`, `header host`, `method`, `path`.
        part: String,
        /// What stands there here; nothing where it is absent, or must not be shown.
        ours: Option<String>,
        /// What stands there at the service.
        theirs: Option<String>,
    },
}

impl fmt::Display for SignatureMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SignatureMismatch::Secret => f.write_str(
                "the service signed the same text, so the secret is not the one of this access key",
            ),
            SignatureMismatch::Text { part, ours, theirs } => {
                write!(f, "the service signed another text, beginning with {part}")?;
                let quoted = |text: &Option<String>| match text {
                    Some(text) => format!("{:?}", one_line(text, 100)),
                    None => "absent".to_owned(),
                };
                match (ours, theirs) {
                    (None, None) => Ok(()),
                    (ours, theirs) => {
                        write!(f, ": {} here, {} there", quoted(ours), quoted(theirs))
                    }
                }
            }
        }
    }
}

/// Where the service's own text begins in a message, in the three forms it has.
const RPC: &str = "server string to sign is:";
const ACS3: &str = "server stringtosign is [";
const CANONICAL: &str = "server canonicalrequest is [";

/// The message without the service's text, which is long and of no use to a person.
pub(super) fn without_text(message: &str) -> &str {
    let lower = message.to_ascii_lowercase();
    let start = [RPC, ACS3, CANONICAL].iter().filter_map(|marker| lower.find(marker)).min();
    let short = start.and_then(|start| message.get(..start)).unwrap_or(message);
    short.trim_end_matches(|end: char| end.is_whitespace() || matches!(end, ',' | ':'))
}

/// The message without the security token, by the place where it stands: one that was changed on its
/// way no longer looks like the one that is known.
pub(super) fn without_token(message: &str) -> String {
    let mut out = message.to_owned();
    for (begins, ends) in [
        ("SecurityToken%3D", &["%26", " ", "\"", "]", "\n"][..]),
        ("x-acs-security-token:", &["\n", "\\", "]"]),
    ] {
        let mut from = 0;
        while let Some(found) = out.get(from..).and_then(|rest| rest.find(begins)) {
            let start = from + found + begins.len();
            let value = out.get(start..).unwrap_or_default();
            let length = ends.iter().filter_map(|end| value.find(end)).min();
            let end = start + length.unwrap_or(value.len());
            out.replace_range(start..end, REDACTED);
            from = start + REDACTED.len();
        }
    }
    out
}

/// Compares the service's text in a message with ours. Secrets are taken out of all three already.
pub(super) fn compare(
    message: &str,
    string_to_sign: &str,
    canonical_request: Option<&str>,
) -> Option<SignatureMismatch> {
    // Line breaks may have been escaped once more on their way into the message.
    let message = match message.contains('\n') {
        true => message.to_owned(),
        false => message.replace("\\r", "").replace("\\n", "\n"),
    };
    let message = message.replace("\r\n", "\n");
    let lower = message.to_ascii_lowercase();
    let behind = |marker: &str| message.get(lower.find(marker)? + marker.len()..);

    if let (Some(ours), Some(theirs)) = (canonical_request, behind(CANONICAL).map(in_brackets)) {
        return Some(compare_canonical(ours, theirs));
    }
    if let Some(theirs) = behind(ACS3).map(in_brackets) {
        return Some(match theirs.trim() == string_to_sign {
            true => SignatureMismatch::Secret,
            // A hash does not tell what it was made of.
            false => differs("the canonical request, which it does not show", None, None),
        });
    }
    let theirs = behind(RPC)?.trim_start_matches([' ', '[', '"']);
    if theirs.trim_end() == string_to_sign {
        return Some(SignatureMismatch::Secret);
    }
    if string_to_sign.contains('\n') {
        let theirs = theirs.trim_end_matches([']', '"', '.', ' ', '\n']);
        return Some(compare_lines(string_to_sign, theirs));
    }
    let theirs = theirs.split_whitespace().next().unwrap_or_default();
    let trimmed = theirs.trim_end_matches([']', '"', '.', ',', ';']);
    Some(match [theirs, trimmed].contains(&string_to_sign) {
        true => SignatureMismatch::Secret,
        false => compare_rpc(string_to_sign, trimmed),
    })
}

/// A text that ends with its bracket; it may hold others.
fn in_brackets(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let next = lower.find("] server ").or_else(|| lower.find("], server "));
    let end = next.or_else(|| text.rfind(']')).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

fn differs(part: impl Into<String>, ours: Option<&str>, theirs: Option<&str>) -> SignatureMismatch {
    let owned = |text: &str| text.to_owned();
    SignatureMismatch::Text { part: part.into(), ours: ours.map(owned), theirs: theirs.map(owned) }
}

/// `POST&%2F&…`, in which the parameters are escaped twice.
fn compare_rpc(ours: &str, theirs: &str) -> SignatureMismatch {
    fn split(text: &str) -> [&str; 3] {
        let mut parts = text.splitn(3, '&');
        [(); 3].map(|()| parts.next().unwrap_or_default())
    }
    let ([method, path, query], [their_method, their_path, their_query]) =
        (split(ours), split(theirs));
    if method != their_method {
        return differs("the method", Some(method), Some(their_method));
    }
    if path != their_path {
        return differs("the path", Some(&percent_decode(path)), Some(&percent_decode(their_path)));
    }
    let (query, their_query) = (percent_decode(query), percent_decode(their_query));
    compare_query(&query, &their_query)
        .unwrap_or_else(|| differs("the escaping of the parameters", None, None))
}

/// The canonical request of ACS3: method, path, query, headers, an empty line, the names of the
/// headers, the hash of the body.
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
            0 => differs("the method", Some(ours), Some(theirs)),
            1 => differs("the path", Some(ours), Some(theirs)),
            2 => compare_query(ours, theirs)
                .unwrap_or_else(|| differs("the escaping of the parameters", None, None)),
            _ => match compare_headers(&our_lines, &their_lines) {
                Some(found) => found,
                None if index + 1 == our_lines.len() => {
                    differs("the hash of the body", Some(ours), Some(theirs))
                }
                None => differs("the list of signed headers", Some(ours), Some(theirs)),
            },
        };
    }
    differs("its end", None, None)
}

fn lines(text: &str) -> Vec<&str> {
    text.split('\n').collect()
}

/// The headers of two canonical requests, which stand between the third and the first empty line.
fn compare_headers(ours: &[&str], theirs: &[&str]) -> Option<SignatureMismatch> {
    fn headers<'a>(lines: &[&'a str]) -> Vec<(&'a str, &'a str)> {
        let lines = lines.iter().skip(3).take_while(|line| !line.is_empty());
        lines.map(|line| line.split_once(':').unwrap_or((line, ""))).collect()
    }
    first_difference("header", &headers(ours), &headers(theirs))
}

/// The string to sign of HMAC-SHA1 in ROA style: four headers by position, `x-acs-*`, the resource.
fn compare_lines(ours: &str, theirs: &str) -> SignatureMismatch {
    const NAMED: [&str; 5] = [
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
        if let Some(part) = NAMED.get(index) {
            return differs(*part, Some(ours), Some(theirs));
        }
        return match ours.split_once(':').filter(|(name, _)| name.starts_with("x-acs-")) {
            Some(ours) => {
                let theirs = theirs.split_once(':').unwrap_or((theirs, ""));
                first_difference("header", &[ours], &[theirs])
            }
            None => None,
        }
        .unwrap_or_else(|| differs("the path and the parameters", Some(ours), Some(theirs)));
    }
    differs("its end", None, None)
}

fn compare_query(ours: &str, theirs: &str) -> Option<SignatureMismatch> {
    fn pairs(text: &str) -> Vec<(&str, &str)> {
        text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect()
    }
    first_difference("parameter", &pairs(ours), &pairs(theirs))
}

/// The first of two lists of names and values in which they differ.
fn first_difference(
    kind: &str,
    ours: &[(&str, &str)],
    theirs: &[(&str, &str)],
) -> Option<SignatureMismatch> {
    let knows = |list: &[(&str, &str)], name: &str| list.iter().any(|(known, _)| *known == name);
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
        (Some((name, our)), _) if !knows(theirs, name) => (*name, Some(*our), None),
        (_, Some((name, their))) if !knows(ours, name) => (*name, None, Some(*their)),
        (Some((name, _)), _) | (None, Some((name, _))) => {
            return Some(differs(format!("the order of the {kind}s at {name}"), None, None));
        }
        (None, None) => return None,
    };
    let part = format!("{kind} {}", percent_decode(name));
    // What changed a secret on its way has also changed how it looks, so that it was not taken out.
    let lower = part.to_ascii_lowercase();
    if ["token", "secret", "password", "signature="].iter().any(|word| lower.contains(word)) {
        return Some(differs(part, None, None));
    }
    let decoded = |text: Option<&str>| text.map(|text| percent_decode(text).into_owned());
    let (our, their) = (decoded(our), decoded(their));
    // Where only the escaping differs, decoding would hide the difference.
    let (our, their) = match our == their {
        true => (ours.get(index).map(|pair| pair.1), theirs.get(index).map(|pair| pair.1)),
        false => (our.as_deref(), their.as_deref()),
    };
    Some(differs(part, our, their))
}
