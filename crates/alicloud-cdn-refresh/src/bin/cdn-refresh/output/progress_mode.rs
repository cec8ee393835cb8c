//! How progress is displayed.

use indicatif::ProgressDrawTarget;

/// How progress is displayed.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum ProgressMode {
    Quiet,
    Json,
    Terminal,
    Log,
}

impl ProgressMode {
    pub(super) fn new(json: bool, quiet: bool) -> Self {
        match (json, quiet) {
            (_, true) => ProgressMode::Quiet,
            (true, _) => ProgressMode::Json,
            // A terminal that cannot move its cursor counts as a log.
            _ if !ProgressDrawTarget::stderr().is_hidden() => ProgressMode::Terminal,
            _ => ProgressMode::Log,
        }
    }
}
