//! Options of the caller.

use crate::ir::Layout;

/// Options of the caller.
///
/// # Examples
///
/// ```
#[doc = include_str!("../doctest/gadget.txt")]
/// use alicloud_codegen::lower::Choice;
///
/// let choice = Choice { operations: vec!["ListGadget".to_owned()], ..Choice::default() };
/// let settings = Settings { choice, ..Settings::default() };
/// let error = generate(Path::new("gadget.json"), DESCRIPTION, &Overlay::default(), &settings);
/// assert!(error.unwrap_err().to_string().contains("ListGadgets"), "the nearest name");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// The name in the crate names; defaults to the product code.
    pub name: Option<String>,
    /// The operations to generate; empty means all.
    pub operations: Vec<String>,
    /// What the code becomes.
    pub layout: Layout,
}
