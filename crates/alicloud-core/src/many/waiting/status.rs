//! The status of a poll.

/// The status of a resource after a poll.
///
/// The texts say what is missing or wrong; they appear in the message of a
/// [`WaitError`](crate::WaitError).
///
/// # Examples
///
/// ```
/// use alicloud_core::PollStatus;
///
/// fn status(percent: u8) -> PollStatus {
///     match percent {
///         100 => PollStatus::Succeeded,
///         percent => PollStatus::InProgress(format!("{percent} % copied")),
///     }
/// }
/// assert_eq!(status(40), PollStatus::InProgress("40 % copied".to_owned()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollStatus {
    /// The resource has reached the target state.
    Succeeded,
    /// The resource has not reached a final state yet; polling continues.
    InProgress(String),
    /// The resource will never reach the target state.
    Failed(String),
}

impl PollStatus {
    /// Returns the status for a state, given the names of the final states. Ignores case
    /// and surrounding whitespace.
    ///
    /// A state on neither list is in progress, and so is `None` or an empty state: services add new
    /// states, and list a resource some time after they have accepted it.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::PollStatus;
    ///
    /// let status = |state| PollStatus::from_state(state, &["Running"], &["Stopped", "Released"]);
    /// assert_eq!(status(Some("RUNNING")), PollStatus::Succeeded);
    /// assert_eq!(status(Some("Running ")), PollStatus::Succeeded);
    /// assert_eq!(status(Some("Starting")), PollStatus::InProgress("is Starting".to_owned()));
    /// assert_eq!(status(Some("Stopped")), PollStatus::Failed("is Stopped".to_owned()));
    /// assert_eq!(status(None), PollStatus::InProgress("is not listed".to_owned()));
    /// ```
    pub fn from_state(state: Option<&str>, success: &[&str], failure: &[&str]) -> PollStatus {
        let Some(state) = state.map(str::trim).filter(|state| !state.is_empty()) else {
            return PollStatus::InProgress("is not listed".to_owned());
        };
        let is_one_of = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(state));
        if is_one_of(success) {
            PollStatus::Succeeded
        } else if is_one_of(failure) {
            PollStatus::Failed(format!("is {state}"))
        } else {
            PollStatus::InProgress(format!("is {state}"))
        }
    }
}
