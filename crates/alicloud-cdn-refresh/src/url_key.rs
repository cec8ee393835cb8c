//! Keys that are equal for two spellings of the same object.

use percent_encoding::percent_decode_str;

use crate::kind::TargetKind;
use crate::normalize::{domain_and_port, is_default_port};

/// Returns a key that is equal for all spellings of an object, such as the URL that was sent and the
/// URL that the service lists.
///
/// The key ignores surrounding whitespace, the case of scheme and host, a dot at the end of the host,
/// the port that the scheme implies, whether the host is in Punycode, whether an empty path is written,
/// and whether a character is percent-encoded that means the same in both forms.
pub(crate) fn url_key(url: &str, kind: Option<TargetKind>) -> Vec<u8> {
    let url = url.trim();
    let Some((scheme, after_scheme)) = url.split_once("://") else {
        return url.as_bytes().to_vec();
    };
    let authority_length = after_scheme.find(['/', '?']).unwrap_or(after_scheme.len());
    let (authority, target) = after_scheme.split_at(authority_length);
    let scheme = scheme.to_ascii_lowercase();
    let mut key = format!("{scheme}://{}", authority_key(&scheme, authority)).into_bytes();
    if kind == Some(TargetKind::Regex) {
        key.extend_from_slice(target.as_bytes());
        return key;
    }
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let path = if path.is_empty() { "/" } else { path };
    decode_harmless(path, MEANINGFUL_IN_PATH, &mut key);
    if let Some(query) = query.filter(|_| kind != Some(TargetKind::IgnoreParams)) {
        key.push(b'?');
        decode_harmless(query, MEANINGFUL_IN_QUERY, &mut key);
    }
    key
}

/// Returns host and port: in lower case and Punycode if it is a valid domain, otherwise in lower case.
fn authority_key(scheme: &str, authority: &str) -> String {
    let authority = authority.strip_suffix(':').unwrap_or(authority);
    match domain_and_port(authority) {
        Ok((domain, port)) if is_default_port(scheme, port) => domain,
        Ok((domain, port)) => domain + port,
        Err(_) => authority.to_lowercase(),
    }
}

/// Characters that divide a path when they are not percent-encoded, and the percent sign itself.
const MEANINGFUL_IN_PATH: &[u8] = b"%/?#;=&";

/// Characters that divide a query when they are not percent-encoded, the percent sign itself, and the
/// plus sign, which is a space there.
const MEANINGFUL_IN_QUERY: &[u8] = b"%#;=&+";

/// Decodes the escapes of a text, except those of characters that mean something else when they are
/// not encoded.
fn decode_harmless(text: &str, meaningful: &[u8], out: &mut Vec<u8>) {
    let mut parts = text.split('%');
    out.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let escape = format!("%{}", part.get(..2).unwrap_or_default());
        let decoded: Vec<u8> = percent_decode_str(&escape).collect();
        let rest = match decoded.as_slice() {
            [byte] if !meaningful.contains(byte) && !byte.is_ascii_control() => {
                out.push(*byte);
                part.get(2..)
            }
            [_] => {
                out.extend_from_slice(escape.to_ascii_uppercase().as_bytes());
                part.get(2..)
            }
            // Not an escape: a percent sign, which is sent encoded.
            _ => {
                out.extend_from_slice(b"%25");
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
        assert!(same("http://a.example?x", "http://a.example/?x", None));
        assert!(same("https://a.example:443/", "HTTPS://A.example./", None));
        assert!(same("http://例子.中国:080/x", "http://xn--fsqu00a.xn--fiqs8s/x", None));
        assert!(same("http://a.example/100%/x", "http://a.example/100%25/x", None));
        assert!(same(
            "http://a.example/it's+(1)!,*:@$",
            "http://a.example/it%27s%2b%281%29%21%2C%2a%3A%40%24",
            None
        ));
        assert!(same(
            "http://a.example/x?p=/a:b?[0]'",
            "http://a.example/x?p=%2fa%3Ab%3F%5B0%5d%27",
            None
        ));
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
        assert!(!same("http://a.example:443/x", "http://a.example/x", None));
        assert!(!same("http://a.example:8080/x", "http://a.example/x", None));
        assert!(!same("http://a.example/x/", "http://a.example/x", None));
        assert!(!same("http://a.example/x?", "http://a.example/x", None));
        assert!(!same("http://a.example/x?a=1%26b", "http://a.example/x?a=1&b", None));
        assert!(!same("http://a.example/x?a%3D1", "http://a.example/x?a=1", None));
        assert!(!same("http://a.example/x?a=1%2B1", "http://a.example/x?a=1+1", None));
        assert!(!same("http://a.example/x?a=1%2B1", "http://a.example/x?a=1%201", None));
        assert!(!same("http://a.example/a%252Fb", "http://a.example/a%2Fb", None));
        assert!(!same("http://a.example/a%3Bb", "http://a.example/a;b", None));
        assert!(!same("http://a.example/%2e", "http://a.example/.", Some(TargetKind::Regex)));
    }
}
