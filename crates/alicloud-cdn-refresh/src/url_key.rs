//! Keys that are equal for two spellings of the same object.

use percent_encoding::percent_decode_str;

use crate::kind::TargetKind;

/// Returns a key that is equal for all spellings of an object, such as the URL that was sent and the
/// URL that the service lists.
///
/// The key ignores the case of scheme and host, whether unreserved characters are percent-encoded, and
/// surrounding whitespace.
pub(crate) fn url_key(url: &str, kind: Option<TargetKind>) -> Vec<u8> {
    let url = url.trim();
    let Some((scheme, after_scheme)) = url.split_once("://") else {
        return url.as_bytes().to_vec();
    };
    let host_length = after_scheme.find(['/', '?']).unwrap_or(after_scheme.len());
    let (host, path_and_query) = after_scheme.split_at(host_length);
    let path_and_query = match kind {
        Some(TargetKind::IgnoreParams) => path_and_query.split('?').next().unwrap_or_default(),
        _ => path_and_query,
    };
    let mut key = format!("{scheme}://{host}").to_ascii_lowercase().into_bytes();
    match kind {
        Some(TargetKind::Regex) => key.extend_from_slice(path_and_query.as_bytes()),
        _ if path_and_query.is_empty() => key.push(b'/'),
        _ => decode_unreserved(path_and_query, &mut key),
    }
    key
}

/// Decodes escapes of unreserved characters. Reserved ones stay encoded: `%2F` is not a separator.
fn decode_unreserved(text: &str, out: &mut Vec<u8>) {
    const RESERVED: &[u8] = b"%/?#[]@!$&'()*+,;=:";
    let mut parts = text.split('%');
    out.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let escape = format!("%{}", part.get(..2).unwrap_or_default());
        let decoded: Vec<u8> = percent_decode_str(&escape).collect();
        let rest = match decoded.as_slice() {
            [byte] if !RESERVED.contains(byte) && !byte.is_ascii_control() => {
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
    fn only_spellings_of_the_same_object_have_equal_keys() {
        let same = |a, b, kind| url_key(a, kind) == url_key(b, kind);
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
