//! Parameters as they travel: `key=value&key=value`, percent-encoded.
//!
//! Written here by hand, not taken from a crate, because the client under test may well use that
//! crate too.

/// One decoded parameter. Bytes, since nothing promises that what arrives is UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) key: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

/// How the canonical form writes a parameter's name.
#[derive(Clone, Copy)]
pub(crate) enum Keys {
    /// As the documentation says and the PHP and older Java clients do.
    Encoded,
    /// As the Go, Python and Node clients do. Equal to the above for names of letters, digits and
    /// `._-`, which is nearly all of them.
    AsTheyAre,
}

/// Reads a query or a form body.
///
/// A `+` is a space and a broken escape stands for itself, as in the servlet containers that the
/// service runs on.
pub(crate) fn parse(text: &[u8]) -> Vec<Pair> {
    text.split(|&byte| byte == b'&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let mut halves = piece.splitn(2, |&byte| byte == b'=');
            Pair {
                key: decode(halves.next().unwrap_or_default()),
                value: decode(halves.next().unwrap_or_default()),
            }
        })
        .collect()
}

/// The pairs in byte order of their names, encoded again in the one way that is signed.
pub(crate) fn canonical<'a>(pairs: impl IntoIterator<Item = &'a Pair>, keys: Keys) -> Vec<u8> {
    let mut pairs: Vec<&Pair> = pairs.into_iter().collect();
    pairs.sort_by(|a, b| a.key.cmp(&b.key));
    let mut out = Vec::new();
    for pair in pairs {
        if !out.is_empty() {
            out.push(b'&');
        }
        match keys {
            Keys::Encoded => encode_into(&pair.key, &mut out),
            Keys::AsTheyAre => out.extend_from_slice(&pair.key),
        }
        out.push(b'=');
        encode_into(&pair.value, &mut out);
    }
    out
}

/// RFC 3986: letters, digits and `-_.~` stay, every other byte becomes `%XX`.
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

/// Decodes a segment of a path, where a `+` is a plus.
pub(crate) fn decode_segment(bytes: &[u8]) -> Vec<u8> {
    let pluses: Vec<Vec<u8>> = bytes.split(|&byte| byte == b'+').map(decode).collect();
    pluses.join(&b'+')
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

    fn again(text: &str) -> String {
        String::from_utf8(canonical(&parse(text.as_bytes()), Keys::Encoded)).unwrap()
    }

    #[test]
    fn spellings_of_one_value_become_one() {
        assert_eq!(again("A=+&B=%20"), "A=%20&B=%20");
        assert_eq!(again("A=*~!'()&B=%2a%7e"), "A=%2A~%21%27%28%29&B=%2A~");
        assert_eq!(again("a%2Fb=1"), "a%2Fb=1");
        assert_eq!(again("A"), "A=");
        assert_eq!(again("&&A=b=c&"), "A=b%3Dc");
    }

    #[test]
    fn names_sort_by_their_bytes_once_decoded() {
        assert_eq!(again("b=&B=&_=&a.b=&a-b=&0="), "0=&B=&_=&a-b=&a.b=&b=");
        assert_eq!(again("T.2=&T.10=&T.1="), "T.1=&T.10=&T.2=");
        assert_eq!(again("z=&%61="), "a=&z=");
    }

    #[test]
    fn nonsense_is_taken_literally() {
        assert_eq!(again("A=%"), "A=%25");
        assert_eq!(again("A=%zz%4"), "A=%25zz%254");
        assert_eq!(again("A=%ff"), "A=%FF");
        assert_eq!(again(""), "");
        assert_eq!(again("="), "=");
    }

    #[test]
    fn every_byte_survives_the_way_there_and_back() {
        let all: Vec<u8> = (0..=255).collect();
        assert!(decode(encode(&all).as_bytes()) == all);
    }
}
