//! Names that Rust, the layout of the crates or a file system reserves.

/// Keywords of edition 2024, used or reserved, that can be raw identifiers.
pub(super) const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Keywords that cannot be raw identifiers.
pub(super) const NEVER_RAW: &[&str] = &["crate", "self", "super", "_"];

/// Modules, files and methods that the layout of the crates itself uses, and crates that a path in
/// generated code can start with. An operation or type of such a name gets an underscore: `lib_`.
const RESERVED_MODULES: &[&str] = &[
    // Files that cargo and rustc treat specially.
    "lib",
    "main",
    "mod",
    // Modules of the crates.
    "client",
    "error_code",
    "model",
    "operations",
    "product",
    "types",
    // Methods of every client; the method of an operation has the name of its module.
    "builder",
    "call",
    "clone",
    "core",
    "from",
    "from_env",
    "generic_call",
    "into",
    // Names that clippy knows as those of a constructor and of a method of `Ord`.
    "new",
    "cmp",
    // Crates.
    "alloc",
    "proc_macro",
    "serde_json",
    "std",
];

/// The start of the names of our crates.
const RESERVED_MODULE_PREFIX: &str = "alicloud_";

/// File names that Windows keeps for devices, in any case and with any extension.
const WINDOWS_DEVICES: &[&str] = &["aux", "con", "nul", "prn"];

/// Devices of Windows whose names end with a digit.
const NUMBERED_WINDOWS_DEVICES: &[&str] = &["com", "lpt"];

/// Names of products whose crates would have the names of the runtime crates.
pub(super) const RESERVED_PRODUCTS: &[&str] = &["core", "wire"];

/// Static items that the file of an operation imports.
pub(super) const RESERVED_STATICS: &[&str] = &["PRODUCT"];

/// Type names that generated code itself uses.
pub(super) const RESERVED_TYPES: &[&str] = &[
    "Self",
    "String",
    "Vec",
    "Option",
    "Some",
    "None",
    "Ok",
    "Err",
    "Result",
    "Box",
    "Value",
    "Bytes",
    "Percent",
    "Secret",
    "Timestamp",
    "BTreeMap",
    "Default",
    "Debug",
    "Clone",
    "Into",
    "IntoIterator",
    "Iterator",
    "From",
    "SystemTime",
    "Unknown",
    "Client",
    "Call",
    "Operation",
    "ResponseKind",
    "Paged",
    "Items",
    "Pages",
    "PolledItem",
    "Wait",
    "Waiter",
    "PartialEq",
    "Eq",
    "Hash",
    "Copy",
    "Drop",
    "Fn",
    "FnMut",
    "FnOnce",
    "Send",
    "Sync",
    "Sized",
    "ToString",
    "AsRef",
];

pub(super) fn is_reserved_module(name: &str) -> bool {
    RESERVED_MODULES.contains(&name)
        || name.starts_with(RESERVED_MODULE_PREFIX)
        || is_windows_device(name)
}

/// Returns whether Windows cannot store a file or folder of this name.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::names::is_windows_device;
///
/// assert!(is_windows_device("Con") && is_windows_device("nul.1") && !is_windows_device("Cdn"));
/// ```
pub fn is_windows_device(name: &str) -> bool {
    let name = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_numbered = NUMBERED_WINDOWS_DEVICES.iter().any(|device| {
        name.strip_prefix(device)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
    });
    is_numbered || WINDOWS_DEVICES.contains(&name.as_str())
}
