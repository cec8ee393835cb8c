//! Options of the caller.

use crate::ir::Layout;

/// Options of the caller.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// The name in the crate names; defaults to the product code.
    pub name: Option<String>,
    /// The operations to generate; empty means all.
    pub operations: Vec<String>,
    /// What the code becomes.
    pub layout: Layout,
}
