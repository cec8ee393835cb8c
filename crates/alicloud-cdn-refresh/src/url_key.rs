//! Whether two spellings of a URL are one object.

use percent_encoding::percent_decode_str;

use crate::kind::TargetKind;

/// What is equal for two spellings of one object: the one that was sent and the one that the service
/// lists. The case of scheme and host says nothing, nor does whether a character is percent-encoded that
/// means nothing in a URL.
pub(crate) fn key(url: &str, kind: Option<TargetKind>) -> Vec<u8> {
    let Some((scheme, behind)) = url.split_once("://") else { return url.as_bytes().to_vec() };
    let (host, rest) = behind.split_at(behind.find(['/', '?']).unwrap_or(behind.len()));
    let rest = match kind {
        Some(TargetKind::IgnoreParams) => rest.split('?').next().unwrap_or_default(),
        _ => rest,
    };
    let mut key = format!("{scheme}://{host}").to_ascii_lowercase().into_bytes();
    match kind {
        Some(TargetKind::Regex) => key.extend_from_slice(rest.as_bytes()),
        _ => decode(if rest.is_empty() { "/" } else { rest }, &mut key),
    }
    key
}

/// Decodes what may as well stand there as it is. `%2F` is not a slash that separates.
fn decode(text: &str, out: &mut Vec<u8>) {
    const MEANT: &[u8] = b"%/?#[]@!$&'()*+,;=:";
    let mut parts = text.split('%');
    out.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let escape = format!("%{}", part.get(..2).unwrap_or_default());
        let decoded: Vec<u8> = percent_decode_str(&escape).collect();
        let rest = match decoded.as_slice() {
            [byte] if !MEANT.contains(byte) && !byte.is_ascii_control() => {
                out.push(*byte);
                part.get(2..)
            }
            [_] => {
                out.extend_from_slice(escape.to_ascii_uppercase().as_bytes());
                part.get(2..)
            }
            _ => {
                out.push(b'%');
                Some(part)
            }
        };
        out.extend_from_slice(rest.unwrap_or_default().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_object_are_equal_and_others_are_not() {
        let same = |a, b, kind| key(a, kind) == key(b, kind);
        assert!(same("HTTP://A.example/%E5%9B%BE?x=%2f%7e%", "http://a.example/图?x=%2F~%", None));
        assert!(same("http://a.example", "http://a.example/", None));
        assert!(same(
            "http://a.example/x?a=1",
            "http://a.example/x",
            Some(TargetKind::IgnoreParams)
        ));
        assert!(!same("http://a.example/x?a=1", "http://a.example/x", None));
        assert!(!same("http://a.example/x", "http://a.example/X", None));
        assert!(!same("http://a.example/a%2Fb", "http://a.example/a/b", None));
        assert!(!same("http://a.example/a%3Fb", "http://a.example/a?b", None));
        assert!(!same("http://a.example/x", "https://a.example/x", None));
        assert!(!same("http://a.example/%2e", "http://a.example/.", Some(TargetKind::Regex)));
    }
}
