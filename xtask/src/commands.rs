//! One file a verb.

pub(crate) mod codegen;
pub(crate) mod conformance;
pub(crate) mod interop;
pub(crate) mod specs;
