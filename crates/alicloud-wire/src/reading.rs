//! Parsers for fields that the service sends as text.
//!
//! Generated structs keep the text in a field and have a method that parses it. Invalid text is `None`.

use std::time::SystemTime;

/// Parses a UTC time such as `2020-08-03T08:54:23Z`, with or without a fraction of a second.
///
/// # Examples
///
/// ```
/// use alicloud_wire::reading::time;
///
/// assert!(time("2020-08-03T08:54:23Z").is_some());
/// assert!(time("yesterday").is_none());
/// ```
pub fn time(text: &str) -> Option<SystemTime> {
    humantime::parse_rfc3339(text.trim()).ok()
}

/// Parses a percentage such as `99.37%` to a number of percent, 99.37.
///
/// # Examples
///
/// ```
/// use alicloud_wire::reading::percentage;
///
/// assert_eq!(percentage("99.37%"), Some(99.37));
/// assert_eq!(percentage("99.37"), None);
/// ```
pub fn percentage(text: &str) -> Option<f64> {
    let number: f64 = text.trim().strip_suffix('%')?.trim_end().parse().ok()?;
    number.is_finite().then_some(number)
}

/// Parses an integer such as `1996`.
///
/// # Examples
///
/// ```
/// assert_eq!(alicloud_wire::reading::integer(" 1996 "), Some(1996));
/// ```
pub fn integer(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

/// Splits a comma-separated list such as `704222901,704222902`. Empty items are omitted.
///
/// # Examples
///
/// ```
/// use alicloud_wire::reading::comma_list;
///
/// assert_eq!(comma_list("704222901, 704222902"), ["704222901", "704222902"]);
/// assert!(comma_list("").is_empty());
/// ```
pub fn comma_list(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect()
}
