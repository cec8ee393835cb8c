//! Waiters: how to poll the states of resources.

use serde::Serialize;

use super::FieldPath;
use crate::overlay::Constant;

/// How to poll the states of resources by their ids. Fields have their Rust names.
#[derive(Debug, Clone, Serialize)]
pub struct Waiter {
    /// The method of the client, `wait_for_refresh_tasks`.
    pub method: String,
    /// The parameter that takes the ids, by its name on the wire.
    pub parameter: String,
    /// Maximum ids per call, if it is known.
    pub max_ids: Option<usize>,
    /// The arguments of the request's `new`.
    pub arguments: Vec<WaiterValue>,
    /// The other fields to set, with their values.
    pub setters: Vec<(String, WaiterValue)>,
    /// The required fields that are not set; callers set them.
    pub unset: Vec<String>,
    /// One resource in running text, `task`.
    pub noun: String,
    /// The list of the response.
    pub items: FieldPath,
    /// The type of an item.
    pub item: String,
    /// Whether to read all pages.
    pub paged: bool,
    /// The id of an item.
    pub id: FieldPath,
    /// The state of an item.
    pub state: FieldPath,
    /// The type of the state, if it is an enum.
    pub state_enum: Option<String>,
    /// The explanation of a failure in an item.
    pub detail: Option<FieldPath>,
    /// The states that are the target, compared without case.
    pub success: Vec<String>,
    /// The states from which the target cannot be reached.
    pub failure: Vec<String>,
    /// Whether an id that is not listed has reached the target.
    pub absence_is_success: bool,
}

/// What a waiter sets a field of its requests to.
#[derive(Debug, Clone, Serialize)]
pub enum WaiterValue {
    /// The ids of a call.
    Ids,
    /// Always the same value.
    Constant(Constant),
}
