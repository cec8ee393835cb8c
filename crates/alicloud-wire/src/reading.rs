//! Typed readings of fields that travel as text.
//!
//! The text is never lost: a generated struct keeps it in a field and offers the reading as a
//! method. Text that does not read as promised gives `None`.

use std::time::SystemTime;

/// Reads a UTC time such as `2020-08-03T08:54:23Z`, with or without a fraction of a second.
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

/// Reads a percentage such as `99.37%`, in percent: 100.0 is all of it.
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

/// Reads a whole number such as `1996`.
///
/// ```
/// assert_eq!(alicloud_wire::reading::integer(" 1996 "), Some(1996));
/// ```
pub fn integer(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

/// Reads a list joined with commas, such as `704222901,704222902`; empty items are left out.
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
