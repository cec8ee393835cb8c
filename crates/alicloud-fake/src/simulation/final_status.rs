//! How a task ends.

/// The final status of an object.
#[derive(Debug, Clone)]
pub(super) struct FinalStatus {
    pub(super) status: String,
    pub(super) description: String,
}

impl FinalStatus {
    pub(super) fn new(status: &str) -> Self {
        Self { status: status.to_owned(), description: String::new() }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.status == "Complete"
    }
}
