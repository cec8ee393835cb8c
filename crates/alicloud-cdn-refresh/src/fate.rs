//! What became of an object.

use std::fmt;

use alicloud_cdn::{Error, error_code};
use serde::{Deserialize, Serialize};

/// What became of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fate", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Fate {
    /// It was not sent yet, perhaps because of a problem.
    NotSent {
        /// Why not, when that was tried.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        problem: Option<Problem>,
    },
    /// The service did not take it.
    Rejected {
        /// What the service said.
        problem: Problem,
    },
    /// It may have been submitted or not, because the answer to the call was lost; or the service has
    /// forgotten its task before it ended.
    Unknown {
        /// Which of both, and how.
        problem: Problem,
    },
    /// It was submitted and is under way.
    Pending {
        /// Its state as the service writes it; absent while it is not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<String>,
        /// How far it is, in percent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        percent: Option<f64>,
    },
    /// It has taken effect on the whole network.
    Live,
    /// It was submitted and will never take effect.
    Failed {
        /// Its state as the service writes it, such as `Failed`.
        status: String,
        /// The service's reason, such as `Origin Timeout`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
}

impl Fate {
    /// Submitted, and not listed by the service yet.
    pub(crate) const UNSEEN: Fate = Fate::Pending { status: None, percent: None };

    /// Whether looking at tasks will not change it any more. What is unknown is so only when the service
    /// has forgotten it.
    pub fn is_final(&self) -> bool {
        matches!(self, Fate::Live | Fate::Failed { .. } | Fate::Unknown { .. })
    }

    /// A word for it: `live`, `failed`, `pending`, `rejected`, `unknown` or `not-sent`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Fate::NotSent { .. } => "not-sent",
            Fate::Rejected { .. } => "rejected",
            Fate::Unknown { .. } => "unknown",
            Fate::Pending { .. } => "pending",
            Fate::Live => "live",
            Fate::Failed { .. } => "failed",
        }
    }

    /// How far it is, in percent.
    pub(crate) fn percent(&self) -> f64 {
        match self {
            Fate::Live => 100.0,
            Fate::Pending { percent, .. } => percent.unwrap_or(0.0).clamp(0.0, 100.0),
            _ => 0.0,
        }
    }
}

/// A phrase such as `Refreshing, 42%` or `failed: Origin Timeout`.
impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fate::Live => f.write_str("live"),
            Fate::NotSent { problem: None } => f.write_str("not sent"),
            Fate::NotSent { problem: Some(problem) } => write!(f, "not sent: {problem}"),
            Fate::Rejected { problem } => write!(f, "rejected by the service: {problem}"),
            Fate::Unknown { problem } => write!(f, "not known: {problem}"),
            Fate::Pending { status: None, .. } => f.write_str("not listed yet"),
            Fate::Pending { status: Some(status), percent: None } => f.write_str(status),
            Fate::Pending { status: Some(status), percent: Some(percent) } => {
                write!(f, "{status}, {percent}%")
            }
            Fate::Failed { status, description } => {
                f.write_str(&status.to_lowercase())?;
                description.iter().try_for_each(|description| write!(f, ": {description}"))
            }
        }
    }
}

/// How a call failed, as it is kept: an [`Error`] cannot be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Problem {
    /// The service's code, such as `QuotaExceeded.Refresh`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// One line that says what happened, with the request id.
    pub message: String,
    /// What to do about it.
    pub advice: String,
}

impl Problem {
    pub(crate) fn new(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Problem { code: None, message: message.into(), advice: advice.into() }
    }

    /// What a call has that was being sent when the program ended.
    pub(crate) fn cut_off() -> Self {
        Problem::new(
            "the program ended before the answer came",
            "submit the job again: it looks for it first",
        )
    }

    /// What an object has that did not end while the service remembered its task.
    pub(crate) fn forgotten() -> Self {
        Problem::new(
            "it was submitted more than 3 days ago, and the service has forgotten what became of it",
            "look at the object itself, and refresh it again if it is old",
        )
    }

    /// What a call has whose answer is a success that names no task.
    pub(crate) fn without_task() -> Self {
        Problem::new(
            "the service took the call and named no task that could be followed",
            "look into the list of tasks",
        )
    }
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        Problem {
            code: error.code().map(str::to_owned),
            message: error.to_string(),
            advice: advice(error).to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.advice)
    }
}

/// What to do about a failed call of this crate's operations.
fn advice(error: &Error) -> &'static str {
    use alicloud_core::Outcome;
    match error {
        e if e.outcome() == Outcome::Unknown => {
            "look into the list of tasks before sending it again"
        }
        e if e.is_clock_skew() => "set the clock of this machine",
        e if e.is_auth() => "check the access key, its secret and the security token",
        e if e.code() == Some(error_code::SINGLE_REQUEST_OVER_LIMIT) => {
            "this account takes fewer objects in a call: plan smaller calls, with Limits or --per-call"
        }
        e if e.code() == Some(error_code::PRELOAD_QUEUE_FULL) => {
            "look at the quota of the day, and send it again when preloads under way have ended"
        }
        e if e.code() == Some(error_code::QUOTA_PER_MINUTE_EXCEEDED_REFRESH)
            || e.code() == Some(error_code::TOO_MANY_REFRESH) =>
        {
            "the service takes no more of them in this minute: send it again in some minutes"
        }
        e if e.is_quota() => {
            "the quota of the day begins anew at 00:00 in UTC+8: send it then, or ask for more"
        }
        e if e.is_throttling() => "other programs use the same account: send it again later",
        e if e.is_forbidden() || is_about_domain(e) => {
            "use the credentials of the account that owns the domain, and grant them this action"
        }
        e if e.is_connect() => "check the network, the endpoint and the proxy variables",
        e if e.is_invalid_request() => "correct what the message names",
        _ => "send it again; quote the request id to support if it stays",
    }
}

/// A domain of somebody else is one that the service does not find.
fn is_about_domain(error: &Error) -> bool {
    error.is_not_found() || error.code().is_some_and(|code| code.starts_with("InvalidDomain"))
}
