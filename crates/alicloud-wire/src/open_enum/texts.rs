//! The texts of enum values that are unknown or spelled in another case.

use std::fmt;

/// The text of an unknown enum value.
///
/// Only an enum of [`open_enum!`](crate::open_enum) creates one from a text, so it never contains a known value.
///
/// # Examples
///
/// ```
/// # alicloud_wire::open_enum! { /// A status.
/// # pub enum Status { /// Done.
/// # Complete = "Complete", } }
/// match Status::from("Paused") {
///     Status::Unknown(unknown) => assert_eq!(unknown.as_str(), "Paused"),
///     known => unreachable!("{known}"),
/// }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unknown(pub(super) Box<str>);

impl Unknown {
    /// Returns the text that the service sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text of a known enum value that came in another case.
///
/// # Examples
///
/// ```
/// # alicloud_wire::open_enum! { /// A status.
/// # pub enum Status { /// Done.
/// # Complete = "Complete", } }
/// let status = Status::from("COMPLETE");
/// assert_eq!(status, Status::Complete);
/// match status {
///     Status::Respelled(respelled) => assert_eq!(respelled.as_str(), "COMPLETE"),
///     other => unreachable!("{other}"),
/// }
/// ```
#[derive(Clone)]
pub struct Respelled {
    /// The position of the known value.
    pub(super) position: usize,
    pub(super) text: Box<str>,
}

impl Respelled {
    /// Returns the position of the known value; for [`open_enum!`](crate::open_enum).
    #[doc(hidden)]
    pub fn __position(&self) -> usize {
        self.position
    }

    /// Returns the text that the service sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Respelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl fmt::Display for Respelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
