//! The limits of decoding.

/// Limits of a decoder. A response that exceeds one is an error.
///
/// # Memory
///
/// Decoding a response needs at most 40 bytes of memory per byte, or 8 MiB if that is more: 32 for the value,
/// and 8 for buffers of the decoder. These are the worst cases:
///
/// | Response | Bytes per byte |
/// |---|---|
/// | lists of numbers or booleans | 12 |
/// | lists of texts with one character | 34, then an error |
/// | lists of lists | 32 |
/// | lists of nearly empty objects, whose structs or maps are large | 32, then an error |
/// | free-form values | 32, then an error |
/// | one text, or a list or an object instead of it | 3 |
/// | text that is not valid, in addition | 8 |
/// | elements, numbers and texts of unknown fields | 6 |
///
/// Real responses need less, because their names and texts are longer.
///
/// # Examples
///
/// ```
/// use alicloud_wire::{DecodeLimits, from_json_with};
///
/// let mut limits = DecodeLimits::default();
/// limits.max_nodes = 3;
/// assert!(from_json_with::<Vec<String>>(br#"["a", "b"]"#, limits).is_ok());
/// assert!(from_json_with::<Vec<String>>(br#"["a", "b", "c"]"#, limits).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeLimits {
    /// Maximum size of the response in bytes. Defaults to 16 MiB, which needs at most 640 MiB of memory.
    pub max_bytes: usize,
    /// Maximum levels of nesting. Defaults to 100. JSON is always limited to 127 levels.
    pub max_depth: usize,
    /// Maximum number of fields, items and entries, which bounds the memory that a small response can
    /// require. Defaults to 4,000,000.
    pub max_nodes: usize,
    /// Maximum memory of the value, in bytes per byte of the response. Every response may use 8 MiB.
    /// Defaults to 32.
    pub max_memory_per_byte: usize,
}

impl Default for DecodeLimits {
    fn default() -> Self {
        DecodeLimits {
            max_bytes: 16 << 20,
            max_depth: 100,
            max_nodes: 4_000_000,
            max_memory_per_byte: 32,
        }
    }
}
