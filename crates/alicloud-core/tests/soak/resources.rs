//! The open files, sockets, threads and memory of this process.

use std::fs;
use std::path::PathBuf;

/// What a process holds that must not grow.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Resources {
    /// The kinds of the open files and sockets.
    descriptors: Vec<String>,
    threads: usize,
}

impl Resources {
    pub(crate) fn in_use() -> Resources {
        let entries = |folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        // A descriptor that was closed meanwhile has no link.
        let links = entries("/proc/self/fd").filter_map(|path| fs::read_link(path).ok());
        let kind = |link: PathBuf| {
            let link = link.to_string_lossy().into_owned();
            link.split_once(":[").map_or(link.clone(), |(kind, _)| kind.to_owned())
        };
        let mut descriptors: Vec<String> = links.map(kind).collect();
        descriptors.sort();
        Resources { descriptors, threads: entries("/proc/self/task").count() }
    }
}

/// Returns the resident memory of this process in KiB.
pub(crate) fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
