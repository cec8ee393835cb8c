//! What is printed about a document.

use serde::{Deserialize, Serialize};

use super::pagers::PagerCount;

/// The summary of a document.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Summary {
    pub(super) stem: String,
    pub(super) product: String,
    pub(super) version: String,
    pub(super) operations: usize,
    pub(super) lines: usize,
    /// See [`Generated::lines_per_operation`](alicloud_codegen::Generated::lines_per_operation).
    #[serde(default)]
    pub(super) operation_lines: Vec<usize>,
    pub(super) examples: usize,
    pub(super) warnings: usize,
    /// Time to generate the crates in memory, in milliseconds.
    pub(super) milliseconds: u64,
    /// The operations that page.
    #[serde(default)]
    pub(super) pagers: PagerCount,
    /// Why the crates cannot be generated or compiled.
    pub(super) error: Option<String>,
}
