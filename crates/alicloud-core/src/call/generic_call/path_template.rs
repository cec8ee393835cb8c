//! Validation of the path of a generic call.
//!
//! A generated crate has templates that the generator has checked. The path of a generic call is written
//! by hand, mostly copied from the documentation, so it is checked before the call is sent.

use std::borrow::Cow;

use alicloud_wire::InvalidParameter;

/// Returns the template with all placeholders in braces. `values` are the names that have a value.
pub(super) fn normalize(template: &str, values: &[&str]) -> Result<String, InvalidParameter> {
    let invalid = |reason: String| InvalidParameter {
        parameter: "path".into(),
        reason: format!("{template:?} {reason}"),
    };
    let PathTemplate { text, names } = parse(template).map_err(invalid)?;
    if let Some(name) = names.iter().find(|name| !values.contains(name)) {
        return Err(invalid(format!(
            "has no value for {name}; set it with path_param({name:?}, …)"
        )));
    }
    if let Some(name) = values.iter().find(|name| !names.contains(name)) {
        return Err(without_placeholder(name, format!("the path {template:?} has no {{{name}}}")));
    }
    Ok(text)
}

/// Returns the error of a value without a placeholder.
pub(super) fn without_placeholder(name: &str, reason: String) -> InvalidParameter {
    let parameter = Cow::Owned(name.to_owned());
    InvalidParameter { parameter, reason: format!("has no placeholder: {reason}") }
}

/// A parsed path.
struct PathTemplate<'a> {
    /// The path with all placeholders in braces.
    text: String,
    /// The names of the placeholders.
    names: Vec<&'a str>,
}

fn parse(template: &str) -> Result<PathTemplate<'_>, String> {
    let (path, query) = match template.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (template, None),
    };
    if !path.starts_with('/') {
        return Err("is not a path; write it like /clusters/{Id}".to_owned());
    }
    let mut text = String::with_capacity(template.len());
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(character) = rest.chars().next() {
        let after = rest.get(character.len_utf8()..).unwrap_or_default();
        rest = match character {
            '{' | '[' => {
                let (name, after) = placeholder(character, after)?;
                let plain_name = name.strip_prefix('+').unwrap_or(name);
                if names.contains(&plain_name) {
                    return Err(format!(
                        "has two placeholders {plain_name:?}; give each its own name"
                    ));
                }
                names.push(plain_name);
                text.extend(["{", name, "}"]);
                after
            }
            _ => {
                check_literal(character, after)?;
                text.push(character);
                after
            }
        };
    }
    let has_dot_segment = path.split('/').any(crate::request::is_dot_segment);
    if has_dot_segment || path.contains("//") {
        return Err("has a segment that is empty, `.` or `..`; remove it".to_owned());
    }
    if let Some(query) = query {
        check_query(query)?;
        text.extend(["?", query]);
    }
    Ok(PathTemplate { text, names })
}

/// Returns the name of a placeholder, and the text after it.
fn placeholder(open: char, after_open: &str) -> Result<(&str, &str), String> {
    let close = if open == '{' { '}' } else { ']' };
    let (name, after) = after_open
        .split_once(close)
        .filter(|(name, _)| !name.contains(['{', '}', '[', ']', '/']))
        .ok_or_else(|| format!("has {open:?} without {close:?}; write it like /clusters/{{Id}}"))?;
    if name.trim_start_matches('+').is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Err(format!("has an invalid placeholder {name:?}; write it like /clusters/{{Id}}"));
    }
    Ok((name, after))
}

/// Checks a character outside of placeholders. Others are changed by HTTP clients and proxies, so that the
/// signature would not match.
fn check_literal(character: char, after: &str) -> Result<(), String> {
    let is_hex = |index| after.as_bytes().get(index).is_some_and(u8::is_ascii_hexdigit);
    let is_valid = match character {
        '%' => is_hex(0) && is_hex(1),
        _ => character.is_ascii_alphanumeric() || "/-._~!$&'()+,;=:@".contains(character),
    };
    if is_valid {
        return Ok(());
    }
    Err(match character {
        '#' => "is not a path: it has a fragment; remove it from '#' on".to_owned(),
        '}' | ']' => format!("has {character:?} without its opening bracket"),
        '*' => "has '*'; write {+Name} for a value with several segments".to_owned(),
        '%' => {
            "has '%' without two hexadecimal digits; write %25 for the character itself".to_owned()
        }
        _ => format!(
            "is not a path: it has {character:?}; percent-encode it or pass it with path_param"
        ),
    })
}

/// Checks the fixed query of a path. It is encoded before it is sent, so most characters are possible.
fn check_query(query: &str) -> Result<(), String> {
    let values = query.split('&').map(|pair| pair.split_once('=').map_or("", |(_, value)| value));
    let has_placeholder = query.contains(['{', '}'])
        || values.into_iter().any(|value| value.starts_with('[') && value.ends_with(']'));
    if has_placeholder {
        return Err("has a placeholder in its query; add the parameter with `param`".to_owned());
    }
    match query.chars().find(|character| !character.is_ascii_graphic() || *character == '#') {
        Some(character) => Err(format!(
            "is not a path: its query has {character:?}; add the parameter with `param`"
        )),
        None => Ok(()),
    }
}
