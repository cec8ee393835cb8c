//! The commands, one module each.

pub(crate) mod codegen;
pub(crate) mod docs;
pub(crate) mod interop;
pub(crate) mod specs;
