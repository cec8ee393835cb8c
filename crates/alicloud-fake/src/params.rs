//! Percent-encoded parameters: `name=value&name=value`.
//!
//! Not taken from a crate, because the client under test may use the same crate.

/// A decoded parameter. It can be other than UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Param {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

/// The encoding of parameter names in the canonical form.
#[derive(Clone, Copy)]
pub(crate) enum NameEncoding {
    /// Percent-encoded, like in the documentation and in the PHP and older Java clients.
    Encoded,
    /// Unchanged, like in the Go, Python and Node clients. Equal to `Encoded` for names of letters,
    /// digits and `._-`, which are nearly all names.
    Plain,
}

/// Parses a query or a form body.
///
/// A `+` is a space and an invalid escape is taken literally, like in the servlet containers that
/// the service runs on.
pub(crate) fn parse(text: &[u8]) -> Vec<Param> {
    text.split(|&byte| byte == b'&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let mut halves = piece.splitn(2, |&byte| byte == b'=');
            Param {
                name: decode(halves.next().unwrap_or_default()),
                value: decode(halves.next().unwrap_or_default()),
            }
        })
        .collect()
}

/// Returns the canonical form that is signed: the parameters in byte order of their names.
pub(crate) fn canonicalize<'a>(
    params: impl IntoIterator<Item = &'a Param>,
    names: NameEncoding,
) -> Vec<u8> {
    let mut params: Vec<&Param> = params.into_iter().collect();
    params.sort_by(|a, b| a.name.cmp(&b.name));
    let mut out = Vec::new();
    for param in params {
        if !out.is_empty() {
            out.push(b'&');
        }
        match names {
            NameEncoding::Encoded => encode_into(&param.name, &mut out),
            NameEncoding::Plain => out.extend_from_slice(&param.name),
        }
        out.push(b'=');
        encode_into(&param.value, &mut out);
    }
    out
}

/// Percent-encodes every byte except letters, digits and `-_.~` (RFC 3986).
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    encode_into(bytes, &mut out);
    out.into_iter().map(char::from).collect()
}

fn encode_into(bytes: &[u8], out: &mut Vec<u8>) {
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte),
            _ => out.extend_from_slice(&[b'%', hex_digit(byte >> 4), hex_digit(byte & 15)]),
        }
    }
}

fn hex_digit(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0' + nibble,
        _ => b'A' + nibble - 10,
    }
}

/// Decodes a segment of a path, where a `+` is not a space.
pub(crate) fn decode_path_segment(bytes: &[u8]) -> Vec<u8> {
    let parts: Vec<Vec<u8>> = bytes.split(|&byte| byte == b'+').map(decode).collect();
    parts.join(&b'+')
}

fn decode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        rest = match rest {
            [b'%', high, low, tail @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(hex_value(*high) << 4 | hex_value(*low));
                tail
            }
            [b'+', tail @ ..] => {
                out.push(b' ');
                tail
            }
            [byte, tail @ ..] => {
                out.push(*byte);
                tail
            }
            [] => return out,
        };
    }
}

fn hex_value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        String::from_utf8(canonicalize(&parse(text.as_bytes()), NameEncoding::Encoded)).unwrap()
    }

    #[test]
    fn equivalent_encodings_have_the_same_canonical_form() {
        assert_eq!(canonical("A=+&B=%20"), "A=%20&B=%20");
        assert_eq!(canonical("A=*~!'()&B=%2a%7e"), "A=%2A~%21%27%28%29&B=%2A~");
        assert_eq!(canonical("a%2Fb=1"), "a%2Fb=1");
        assert_eq!(canonical("A"), "A=");
        assert_eq!(canonical("&&A=b=c&"), "A=b%3Dc");
    }

    #[test]
    fn params_are_sorted_by_decoded_name() {
        assert_eq!(canonical("b=&B=&_=&a.b=&a-b=&0="), "0=&B=&_=&a-b=&a.b=&b=");
        assert_eq!(canonical("T.2=&T.10=&T.1="), "T.1=&T.10=&T.2=");
        assert_eq!(canonical("z=&%61="), "a=&z=");
    }

    #[test]
    fn invalid_escapes_are_taken_literally() {
        assert_eq!(canonical("A=%"), "A=%25");
        assert_eq!(canonical("A=%zz%4"), "A=%25zz%254");
        assert_eq!(canonical("A=%ff"), "A=%FF");
        assert_eq!(canonical(""), "");
        assert_eq!(canonical("="), "=");
    }

    #[test]
    fn every_byte_survives_a_round_trip() {
        let all: Vec<u8> = (0..=255).collect();
        assert!(decode(encode(&all).as_bytes()) == all);
    }
}
