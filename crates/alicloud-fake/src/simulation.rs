//! The life of refreshes and preloads after they have been submitted.

mod progress;
mod rates;
mod running;
mod settings;
mod usage;

pub(crate) use progress::percent_text;
pub(crate) use rates::Rates;
pub use running::Submission;
pub(crate) use running::{Listed, Order, Running};
pub use settings::Simulation;
pub(crate) use usage::Allowance;
