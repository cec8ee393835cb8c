//! Repairs JSON that the official clients accept and `serde_json` rejects.

/// Levels of objects and arrays that are read: the file, its profiles, a profile and its endpoints.
const MAX_DEPTH: usize = 4;

/// Replaces, in place, parts of a JSON text that only matter to other programs:
///
/// * `NaN`, `Infinity` and numbers beyond the range of a double, by 0.
/// * Escapes of half a surrogate pair, by the replacement character.
/// * Objects and arrays that are nested more deeply than is read, by 0.
///
/// The length does not change, so the text stays in a buffer that is wiped.
pub(super) fn repair(json: &mut [u8]) {
    let mut depth = 0_usize;
    let mut nested_at = 0;
    let mut index = 0;
    while let Some(byte) = json.get(index).copied() {
        let start = index;
        index += 1;
        match byte {
            b'"' => index = repair_string(json, index),
            b'[' | b'{' => {
                depth += 1;
                if depth == MAX_DEPTH + 1 {
                    nested_at = start;
                }
            }
            b']' | b'}' => {
                if depth == MAX_DEPTH + 1 {
                    blank(json, nested_at, index);
                }
                depth = depth.saturating_sub(1);
            }
            _ if is_token(byte) => {
                while json.get(index).copied().is_some_and(is_token) {
                    index += 1;
                }
                let token = json.get(start..index).and_then(|token| str::from_utf8(token).ok());
                let number = token.and_then(|token| token.parse::<f64>().ok());
                if number.is_some_and(|number| !number.is_finite()) {
                    blank(json, start, index);
                }
            }
            _ => {}
        }
    }
}

/// Returns whether a byte belongs to a number or a name.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)
}

/// Overwrites a range with 0 and spaces.
fn blank(json: &mut [u8], start: usize, end: usize) {
    if let Some([first, rest @ ..]) = json.get_mut(start..end) {
        *first = b'0';
        rest.fill(b' ');
    }
}

/// Repairs the string that begins at this index, and returns the index after it.
fn repair_string(json: &mut [u8], mut index: usize) -> usize {
    while let Some(byte) = json.get(index).copied() {
        match byte {
            b'"' => return index + 1,
            b'\\' => match (escaped_unit(json, index), escaped_unit(json, index + 6)) {
                (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => index += 12,
                (Some(0xd800..=0xdfff), _) => {
                    if let Some(digits) = json.get_mut(index + 2..index + 6) {
                        digits.copy_from_slice(b"fffd");
                    }
                    index += 6;
                }
                _ => index += 2,
            },
            _ => index += 1,
        }
    }
    index
}

/// Returns the UTF-16 unit of the escape, such as `\u00e4`, at this index.
fn escaped_unit(json: &[u8], index: usize) -> Option<u16> {
    let digits = json.get(index..index + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs_what_other_parsers_accept() {
        for (text, expected) in [
            (r#"{"a":NaN,"b":-Infinity}"#, r#"{"a":0  ,"b":0        }"#),
            (r#"{"a":1e999,"b":1e9,"c":[null,true]}"#, r#"{"a":0    ,"b":1e9,"c":[null,true]}"#),
            (r#"{"a":"NaN \" 1e999"}"#, r#"{"a":"NaN \" 1e999"}"#),
            (
                r#""\ud800x\uD83d\ude00\udc00\\ud800\ud800""#,
                r#""\ufffdx\uD83d\ude00\ufffd\\ud800\ufffd""#,
            ),
            (r#"[[[[{"a":[1]},2]]]]"#, r#"[[[[0        ,2]]]]"#),
            (r#"[[[["]",["["]]],{}]]"#, r#"[[[["]",0    ]],{}]]"#),
            (r#"{"a":"\ud8"#, r#"{"a":"\ud8"#),
            ("]]}\"\\", "]]}\"\\"),
        ] {
            let mut json = text.as_bytes().to_vec();
            repair(&mut json);
            assert_eq!(String::from_utf8(json).unwrap(), expected);
        }
    }
}
