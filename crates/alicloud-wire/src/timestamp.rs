//! A time that the service sends as text.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::spelled::spelled;

/// A time that travels as text, such as `2020-08-03T08:54:23Z`.
///
/// Keeps the spelling of the service, and compares by value: all spellings of one time are equal. A text that
/// is not a time is kept too; it is equal only to the same text, and is neither before nor after anything.
///
/// Readable are dates with a time of day to the minute, the second or a fraction of a second, and with `Z` or
/// an offset such as `+08:00` or `+0800`. Blanks around them are ignored. A fraction is read to the
/// nanosecond, and a leap second as the second before it. Without `Z` or an offset, a text is not readable.
///
/// The features `jiff` and `chrono` add conversions from and to the types of these crates.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use alicloud_wire::Timestamp;
///
/// let created = Timestamp::from("2020-08-03T08:54Z");
/// assert_eq!(created, Timestamp::from("2020-08-03T16:54:00+08:00"));
/// assert_eq!(created.as_str(), "2020-08-03T08:54Z");
///
/// let since = SystemTime::UNIX_EPOCH + Duration::from_secs(1_596_444_863);
/// assert_eq!(Timestamp::from(since).as_str(), "2020-08-03T08:54:23Z");
/// assert!(created < since);
///
/// let unreadable = Timestamp::from("yesterday");
/// assert_eq!(unreadable.value(), None);
/// assert!(!(unreadable < since) && !(unreadable > since));
/// ```
#[derive(Clone, Default)]
pub struct Timestamp(Box<str>);

impl Timestamp {
    /// Returns the time, or `None` if the text is not readable.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use alicloud_wire::Timestamp;
    ///
    /// let hour = SystemTime::UNIX_EPOCH + Duration::from_secs(3_600);
    /// assert_eq!(Timestamp::from("1970-01-01T01:00:00Z").value(), Some(hour));
    /// assert_eq!(Timestamp::from("1970-01-01T01:00:00").value(), None);
    /// ```
    pub fn value(&self) -> Option<SystemTime> {
        read(&self.0)
    }
}

spelled!(Timestamp, SystemTime, seconds_and_nanoseconds);

/// Returns the seconds and nanoseconds since 1970; those before it count down from the largest number.
fn seconds_and_nanoseconds(time: SystemTime) -> (u64, u32) {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => (after.as_secs(), after.subsec_nanos()),
        Err(error) => (u64::MAX - error.duration().as_secs(), error.duration().subsec_nanos()),
    }
}

impl From<SystemTime> for Timestamp {
    /// Spells a time in whole seconds, like the service; a fraction of a second is dropped.
    ///
    /// The format has years from 0 to 9999. Of a time outside, it takes the first or last second of these.
    fn from(time: SystemTime) -> Self {
        Timestamp(spell(time).into())
    }
}

/// The error of a [`Timestamp`] that has no value of another type: its text is not readable, or its time is
/// out of range.
///
/// # Examples
///
/// ```
/// use std::time::SystemTime;
///
/// use alicloud_wire::Timestamp;
///
/// let error = SystemTime::try_from(&Timestamp::from("yesterday")).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "cannot read the text \"yesterday\" as a time; expected one such as 2020-08-03T08:54:23Z",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableTimestamp(Timestamp);

impl std::fmt::Display for UnreadableTimestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = crate::decode::describe_text(self.0.as_str());
        write!(f, "cannot read {text} as a time; expected one such as 2020-08-03T08:54:23Z")
    }
}

impl std::error::Error for UnreadableTimestamp {}

impl TryFrom<&Timestamp> for SystemTime {
    type Error = UnreadableTimestamp;

    fn try_from(timestamp: &Timestamp) -> Result<Self, Self::Error> {
        timestamp.value().ok_or_else(|| UnreadableTimestamp(timestamp.clone()))
    }
}

#[cfg(feature = "jiff")]
#[cfg_attr(docsrs, doc(cfg(feature = "jiff")))]
impl TryFrom<&Timestamp> for jiff::Timestamp {
    type Error = UnreadableTimestamp;

    fn try_from(timestamp: &Timestamp) -> Result<Self, Self::Error> {
        let (seconds, nanoseconds) = since_epoch(SystemTime::try_from(timestamp)?);
        jiff::Timestamp::new(seconds, nanoseconds as i32)
            .map_err(|_| UnreadableTimestamp(timestamp.clone()))
    }
}

#[cfg(feature = "jiff")]
#[cfg_attr(docsrs, doc(cfg(feature = "jiff")))]
impl From<jiff::Timestamp> for Timestamp {
    fn from(time: jiff::Timestamp) -> Self {
        let nanoseconds = time.as_nanosecond();
        let fraction = nanoseconds.rem_euclid(NANOSECONDS) as u32;
        // The division fits: a time of this crate has at most twelve digits of seconds.
        from_epoch(nanoseconds.div_euclid(NANOSECONDS) as i64, fraction)
    }
}

#[cfg(feature = "chrono")]
#[cfg_attr(docsrs, doc(cfg(feature = "chrono")))]
impl TryFrom<&Timestamp> for chrono::DateTime<chrono::Utc> {
    type Error = UnreadableTimestamp;

    fn try_from(timestamp: &Timestamp) -> Result<Self, Self::Error> {
        let (seconds, nanoseconds) = since_epoch(SystemTime::try_from(timestamp)?);
        chrono::DateTime::from_timestamp(seconds, nanoseconds)
            .ok_or_else(|| UnreadableTimestamp(timestamp.clone()))
    }
}

#[cfg(feature = "chrono")]
#[cfg_attr(docsrs, doc(cfg(feature = "chrono")))]
impl From<chrono::DateTime<chrono::Utc>> for Timestamp {
    fn from(time: chrono::DateTime<chrono::Utc>) -> Self {
        from_epoch(time.timestamp(), time.timestamp_subsec_nanos())
    }
}

/// Nanoseconds of a second.
#[cfg(feature = "jiff")]
const NANOSECONDS: i128 = 1_000_000_000;

/// Returns the seconds since 1970, negative before, and the nanoseconds of the second.
#[cfg(any(feature = "jiff", feature = "chrono"))]
fn since_epoch(time: SystemTime) -> (i64, u32) {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => (after.as_secs() as i64, after.subsec_nanos()),
        Err(error) => match error.duration() {
            before if before.subsec_nanos() == 0 => (-(before.as_secs() as i64), 0),
            before => (-(before.as_secs() as i64) - 1, 1_000_000_000 - before.subsec_nanos()),
        },
    }
}

/// Returns the time of seconds since 1970 and nanoseconds of the second.
#[cfg(any(feature = "jiff", feature = "chrono"))]
fn from_epoch(seconds: i64, nanoseconds: u32) -> Timestamp {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let second = match seconds {
        0.. => UNIX_EPOCH.checked_add(distance),
        _ => UNIX_EPOCH.checked_sub(distance),
    };
    let time = second.and_then(|second| second.checked_add(Duration::new(0, nanoseconds)));
    match time {
        Some(time) => time.into(),
        None => Timestamp((if seconds < 0 { FIRST } else { LAST }).into()),
    }
}

/// The first time that four digits of a year can express.
const FIRST: &str = "0000-01-01T00:00:00Z";

/// The last time that four digits of a year can express.
const LAST: &str = "9999-12-31T23:59:59Z";

/// The seconds from 1970 until after [`LAST`].
const END: u64 = 253_402_300_800;

/// The calendar repeats every 400 years; after five times, every year before 1970 is after it, where
/// `humantime` can read and write it.
const SHIFT_YEARS: u16 = 2_000;

/// The length of [`SHIFT_YEARS`].
const SHIFT: Duration = Duration::from_secs(5 * 146_097 * 86_400);

/// Maximum length in bytes of a readable text, which bounds the time of a comparison.
const MAX_LENGTH: usize = 64;

/// Reads a time.
fn read(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    if text.len() > MAX_LENGTH || !text.is_ascii() {
        return None;
    }
    let (local, offset) = split_zone(text)?;
    let (whole, fraction) = match local.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (local, None),
    };
    // `humantime` tolerates other texts in place of a fraction and after it.
    let is_fraction =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let seconds = match (whole.len(), fraction) {
        (16, None) => ":00",
        (19, None) => "",
        (19, Some(fraction)) if is_fraction(fraction) => "",
        _ => return None,
    };
    let (year, rest) = local.split_at_checked(4)?;
    let number = year.parse::<u16>().ok().filter(|_| is_fraction(year))?;
    let is_shifted = number < 1970;
    let year = if is_shifted { number + SHIFT_YEARS } else { number };
    let utc = humantime::parse_rfc3339(&format!("{year:04}{rest}{seconds}Z")).ok()?;
    let utc = if is_shifted { utc.checked_sub(SHIFT)? } else { utc };
    match offset {
        Offset::East(offset) => utc.checked_sub(offset),
        Offset::West(offset) => utc.checked_add(offset),
    }
}

/// The distance of a local time from UTC.
enum Offset {
    /// The local time is after UTC.
    East(Duration),
    /// The local time is before UTC.
    West(Duration),
}

/// Splits a text into its local time and its offset.
fn split_zone(text: &str) -> Option<(&str, Offset)> {
    if let Some(local) = text.strip_suffix(['Z', 'z']) {
        return Some((local, Offset::East(Duration::ZERO)));
    }
    // The date contains minus signs, which are further from the end.
    let sign = text.rfind(['+', '-']).filter(|sign| *sign >= 16)?;
    let (local, zone) = text.split_at_checked(sign)?;
    let (sign, zone) = zone.split_at_checked(1)?;
    let (hours, minutes) = match zone.len() {
        4 => zone.split_at_checked(2)?,
        _ => zone.split_once(':').filter(|_| zone.len() == 5)?,
    };
    let number = |digits: &str, limit: u64| {
        let is_number = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<u64>().ok().filter(|number| is_number && *number < limit)
    };
    let offset = Duration::from_secs(number(hours, 24)? * 3_600 + number(minutes, 60)? * 60);
    Some((local, if sign == "-" { Offset::West(offset) } else { Offset::East(offset) }))
}

/// Spells a time in whole seconds.
fn spell(time: SystemTime) -> String {
    let shifted = match time.duration_since(UNIX_EPOCH) {
        Ok(after) if after.as_secs() < END => {
            return humantime::format_rfc3339_seconds(time).to_string();
        }
        Ok(_) => return LAST.to_owned(),
        Err(error) => SHIFT.checked_sub(error.duration()),
    };
    let spelling = shifted
        .map(|shifted| humantime::format_rfc3339_seconds(UNIX_EPOCH + shifted).to_string())
        .unwrap_or_default();
    let year = spelling.get(..4).and_then(|year| year.parse::<u16>().ok());
    match (year.and_then(|year| year.checked_sub(SHIFT_YEARS)), spelling.get(4..)) {
        (Some(year), Some(rest)) => format!("{year:04}{rest}"),
        _ => FIRST.to_owned(),
    }
}
