//! A percentage that the service sends as text.

use crate::spelled::spelled;

/// A percentage that travels as text, such as `99.37%`.
///
/// Keeps the spelling of the service, and compares by value: `99.370%` equals `99.37%`. A text that is not a
/// percentage is kept too; it is equal only to the same text, and is neither less nor greater than anything.
///
/// The service writes a percent sign. A number without one is read as percent as well, blanks around the
/// number are ignored, and infinite and undefined numbers are not readable.
///
/// # Examples
///
/// ```
/// use alicloud_wire::Percent;
///
/// let progress = Percent::from("99.370%");
/// assert_eq!(progress.value(), Some(99.37));
/// assert_eq!(progress, Percent::from(99.37));
/// assert_eq!(progress.as_str(), "99.370%");
/// assert_eq!(Percent::from(99.37).as_str(), "99.37%");
/// assert!(progress < 100.0 && progress > Percent::from("9%"));
///
/// let unreadable = Percent::from("unknown");
/// assert_eq!(unreadable.value(), None);
/// assert!(!(unreadable < 100.0) && !(unreadable >= 100.0));
/// ```
#[derive(Clone, Default)]
pub struct Percent(Box<str>);

impl Percent {
    /// Returns the number of percent, or `None` if the text is not readable.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_wire::Percent;
    ///
    /// assert_eq!(Percent::from("100%").value(), Some(100.0));
    /// assert_eq!(Percent::from("-").value(), None);
    /// ```
    pub fn value(&self) -> Option<f64> {
        let text = self.0.trim();
        let number: f64 = text.strip_suffix('%').unwrap_or(text).trim_end().parse().ok()?;
        number.is_finite().then_some(number)
    }
}

/// Returns the same bits for equal numbers, since `-0` becomes `0`, and no second part.
fn equal_bits(number: f64) -> (u64, u32) {
    ((number + 0.0).to_bits(), 0)
}

spelled!(Percent, f64, equal_bits);

impl From<f64> for Percent {
    /// Spells a number of percent with a percent sign, like the service.
    fn from(number: f64) -> Self {
        Percent(format!("{number}%").into())
    }
}
