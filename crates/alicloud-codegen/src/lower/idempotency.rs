//! Decides whether a failed call of an operation may be retried: whether the operation only reads.

use heck::ToSnakeCase as _;

use crate::diagnostics::Diagnostics;
use crate::ir::Idempotency;
use crate::spec::Operation;

/// Verbs of operations that only read.
const READS: &[&str] = &[
    "check", "count", "describe", "get", "head", "inquire", "list", "look", "lookup", "query",
    "search",
];

/// Verbs of operations that change something.
const WRITES: &[&str] = &[
    "abort",
    "accept",
    "acquire",
    "activate",
    "add",
    "allocate",
    "alter",
    "append",
    "apply",
    "approve",
    "assign",
    "associate",
    "attach",
    "authorize",
    "bind",
    "buy",
    "cancel",
    "change",
    "clean",
    "clear",
    "clone",
    "close",
    "commit",
    "confirm",
    "consume",
    "convert",
    "copy",
    "create",
    "deactivate",
    "delete",
    "deploy",
    "deregister",
    "destroy",
    "detach",
    "disable",
    "disassociate",
    "dissociate",
    "drop",
    "edit",
    "enable",
    "execute",
    "finish",
    "grant",
    "import",
    "init",
    "initialize",
    "insert",
    "install",
    "invoke",
    "join",
    "kill",
    "leave",
    "lock",
    "merge",
    "migrate",
    "modify",
    "move",
    "notify",
    "open",
    "pause",
    "pay",
    "post",
    "publish",
    "purchase",
    "purge",
    "push",
    "put",
    "reboot",
    "refund",
    "refresh",
    "register",
    "reject",
    "release",
    "remove",
    "renew",
    "replace",
    "report",
    "reset",
    "resize",
    "restart",
    "restore",
    "resume",
    "retry",
    "revert",
    "revoke",
    "rollback",
    "rotate",
    "run",
    "save",
    "send",
    "set",
    "start",
    "stop",
    "submit",
    "subscribe",
    "suspend",
    "switch",
    "sync",
    "tag",
    "terminate",
    "transfer",
    "trigger",
    "unassign",
    "unassociate",
    "unbind",
    "uninstall",
    "unlock",
    "unregister",
    "unsubscribe",
    "untag",
    "update",
    "upgrade",
    "upload",
    "upsert",
    "write",
];

/// Words before a verb that do not change its meaning.
const PREFIXES: &[&str] = &["batch", "bulk", "multi", "un", "re"];

/// What a name says about its operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NameMeaning {
    Reads,
    Writes,
    Unclear,
}

/// Returns the idempotency of an operation. `overlay` overrides what the description says.
pub(super) fn decide(
    operation: &Operation,
    overlay: Option<bool>,
    diagnostics: &mut Diagnostics,
) -> Idempotency {
    let (is_read, doubt) = is_read(operation);
    if let (None, Some(doubt)) = (overlay, doubt) {
        let treatment = match is_read {
            true => "its calls are retried; if it writes, add `idempotent = false` to the overlay",
            false => {
                "its calls are not retried after a lost response; if it only reads, add `idempotent = true` to the overlay"
            }
        };
        diagnostics.note(operation.pointer.as_str(), doubt, treatment);
    }
    match (overlay, is_read) {
        (None | Some(true), true) => Idempotency::ReadOnly,
        (Some(true), false) => Idempotency::Idempotent,
        (None, false) | (Some(false), _) => Idempotency::Mutating,
    }
}

/// Returns whether an operation only reads, from all that the description says about it, and what
/// makes this doubtful.
///
/// The rule, where the first case that applies decides:
///
/// 1. It writes if anything says so: `operationType: write`, `systemTags` with `create`, `update` or
///    `delete`, a name such as `DeleteThing` or `CheckAndUpdate`, or no method but PUT, PATCH and DELETE.
/// 2. It reads if `operationType` is `read`, or if it is absent and `systemTags` has `get` or `list`.
/// 3. With `operationType: readAndWrite`, which many descriptions use for reads, too, it reads if
///    `systemTags` has `get` or `list` and the name (`DescribeThings`) or the only method (GET) agrees.
/// 4. It reads if only its name says so. This is always reported.
/// 5. Otherwise it writes: a retry of a read is cheap, a second write is not.
fn is_read(operation: &Operation) -> (bool, Option<String>) {
    let title = operation.name.as_str();
    let declared = operation.operation_type.as_deref().unwrap_or_default();
    let tag = operation.system_operation_type.as_deref().unwrap_or_default();
    let tag_reads = matches!(tag, "get" | "list");
    let name = name_meaning(title);
    let only = |names: &[&str]| {
        let mut methods = operation.methods.iter();
        !operation.methods.is_empty()
            && methods.all(|method| names.contains(&method.trim().to_ascii_uppercase().as_str()))
    };

    let writer = match (declared, tag) {
        ("write", _) => Some("operationType is write".to_owned()),
        (_, "create" | "update" | "delete") => Some(format!("systemTags has {tag}")),
        _ if name == NameMeaning::Writes => Some("its name says so".to_owned()),
        _ if only(&["PUT", "PATCH", "DELETE"]) => Some("its methods say so".to_owned()),
        _ => None,
    };
    if let Some(writer) = writer {
        let is_contradicted = declared == "read" || tag_reads || name == NameMeaning::Reads;
        let doubt = format!("{title} is described as a read and as a write: {writer}");
        return (false, is_contradicted.then_some(doubt));
    }
    if declared == "read" || (tag_reads && declared != "readAndWrite") {
        return (true, None);
    }
    if tag_reads && (name == NameMeaning::Reads || only(&["GET", "HEAD"])) {
        return (true, None);
    }
    if name == NameMeaning::Reads {
        return (true, Some(format!("only the name of {title} says that it reads")));
    }
    let doubt =
        format!("{title} is described as a read and as a write: operationType is {declared}");
    (false, tag_reads.then_some(doubt))
}

/// Returns what the verb of a name says. A second verb after `And` or `Or` counts if it writes.
fn name_meaning(name: &str) -> NameMeaning {
    let snake = name.to_snake_case();
    let words: Vec<&str> = snake.split('_').skip_while(|word| PREFIXES.contains(word)).collect();
    let writes_too = words
        .windows(2)
        .any(|pair| matches!(pair, ["and" | "or" | "then", second] if WRITES.contains(second)));
    match words.as_slice() {
        [verb, ..] if WRITES.contains(verb) => NameMeaning::Writes,
        _ if writes_too => NameMeaning::Writes,
        ["check", "in" | "out", ..] => NameMeaning::Unclear,
        [verb, ..] if READS.contains(verb) => NameMeaning::Reads,
        _ => NameMeaning::Unclear,
    }
}
