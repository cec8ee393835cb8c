//! Whether two spellings of a URL are one object.

use percent_encoding::percent_decode_str;

use crate::kind::Kind;

/// What is equal for two spellings of one object: the one that was sent and the one that the service
/// lists. The case of scheme and host says nothing, nor does which characters are percent-encoded.
pub(crate) fn key(url: &str, kind: Option<Kind>) -> Vec<u8> {
    let Some((scheme, behind)) = url.split_once("://") else { return url.as_bytes().to_vec() };
    let (host, rest) = behind.split_at(behind.find(['/', '?']).unwrap_or(behind.len()));
    let rest = match kind {
        Some(Kind::IgnoreParams) => rest.split('?').next().unwrap_or_default(),
        _ => rest,
    };
    let mut key = format!("{scheme}://{host}").to_ascii_lowercase().into_bytes();
    match kind {
        Some(Kind::Regex) => key.extend_from_slice(rest.as_bytes()),
        _ => key.extend(percent_decode_str(if rest.is_empty() { "/" } else { rest })),
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_object_are_equal_and_others_are_not() {
        let same = |a, b, kind| key(a, kind) == key(b, kind);
        assert!(same("HTTP://A.example/%E5%9B%BE?x=%2f", "http://a.example/图?x=/", None));
        assert!(same("http://a.example", "http://a.example/", None));
        assert!(same("http://a.example/x?a=1", "http://a.example/x", Some(Kind::IgnoreParams)));
        assert!(!same("http://a.example/x?a=1", "http://a.example/x", None));
        assert!(!same("http://a.example/x", "http://a.example/X", None));
        assert!(!same("http://a.example/x", "https://a.example/x", None));
        assert!(!same("http://a.example/%2e", "http://a.example/.", Some(Kind::Regex)));
    }
}
