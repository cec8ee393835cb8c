//! How this program is called in the messages of others.

use std::fs;

use alicloud_core::credentials::Variables;
use alicloud_core::{Clock as _, SystemClock};

use crate::state::redis_problem::Holder;
use crate::time::format_rfc3339_seconds;

/// Returns the host and the process that open a job now.
pub(super) fn this_program() -> Holder {
    Holder {
        program: format!("{} (process {})", host_name(), std::process::id()),
        since: format_rfc3339_seconds(SystemClock.now()),
    }
}

fn host_name() -> String {
    // The name of a pod is that of the kernel; not every shell exports the variable.
    let kernel = fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let variables = Variables::from_env();
    let variable = |name| variables.text(name).ok().flatten();
    let name = kernel.or_else(|| variable("HOSTNAME")).or_else(|| variable("COMPUTERNAME"));
    let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| "an unknown host".to_owned())
}
