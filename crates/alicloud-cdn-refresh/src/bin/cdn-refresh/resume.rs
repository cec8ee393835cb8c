//! The command that a job belongs to, and that continues it.

use std::fmt;

use alicloud_cdn_refresh::{Job, TargetKind};

/// A command that submits jobs, with the kind of its inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum JobCommand {
    /// `refresh`. Without a kind, inputs are files and directories.
    Refresh {
        kind: Option<TargetKind>,
    },
    Preload,
    /// None of them: the job was created with the library.
    Mixed,
}

impl JobCommand {
    /// Returns the command that submits this job.
    pub(crate) fn from_job(job: &Job) -> Self {
        let mut kinds: Vec<TargetKind> = job.calls().iter().filter_map(|call| call.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        match kinds.as_slice() {
            [TargetKind::Preload] => JobCommand::Preload,
            [kind] => JobCommand::Refresh { kind: Some(*kind) },
            [TargetKind::File, TargetKind::Directory] => JobCommand::Refresh { kind: None },
            _ => JobCommand::Mixed,
        }
    }

    /// Returns the subcommand and the options that a person would write to submit the job, or `None` if
    /// no command does.
    pub(crate) fn arguments(self) -> Option<String> {
        match self {
            // Files and directories need no `--kind`.
            JobCommand::Refresh { kind: Some(TargetKind::File | TargetKind::Directory) } => {
                Some("refresh".to_owned())
            }
            JobCommand::Refresh { .. } | JobCommand::Preload => Some(self.to_string()),
            JobCommand::Mixed => None,
        }
    }

    /// Returns whether this command can continue a job of another one. Without a kind, `refresh`
    /// continues jobs of every kind.
    pub(crate) fn can_continue(self, job: JobCommand) -> bool {
        match (self, job) {
            (JobCommand::Refresh { kind: None }, JobCommand::Refresh { .. }) => true,
            _ => self == job,
        }
    }
}

/// For messages, always with the kind.
impl fmt::Display for JobCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JobCommand::Refresh { kind: None } => f.write_str("refresh"),
            JobCommand::Refresh { kind: Some(kind) } => write!(f, "refresh --kind {kind}"),
            JobCommand::Preload => f.write_str("preload"),
            JobCommand::Mixed => f.write_str("a program that uses several kinds"),
        }
    }
}
