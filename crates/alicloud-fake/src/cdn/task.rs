//! One object of a task, as the service tells of it.

use serde_json::{Value, json};

/// One object that is being refreshed or preloaded.
///
/// The service gives out one task id for many objects; so may several of these share an id. Fields
/// are text as on the wire, so that a test can also make up values that no document knows.
///
/// ```
/// use alicloud_fake::Task;
///
/// let task = Task {
///     status: "Refreshing".into(),
///     process: "42%".into(),
///     ..Task::new("704225667", "http://example.com/a.png")
/// };
/// assert_eq!(task.object_type, "file");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The id. Calls can only ask for ids of digits.
    pub task_id: String,
    /// The URL of the object, the directory or the regular expression. What a cache tag has here
    /// is told at [`Simulation`](crate::Simulation).
    pub object_path: String,
    /// `file`, `directory`, `regex`, `IgnoreParams`, `preload` or `CacheTag`.
    pub object_type: String,
    /// Progress in percent, such as `100%` or `99.37%`.
    pub process: String,
    /// `Complete`, `Pending`, `Refreshing` or `Failed`.
    pub status: String,
    /// UTC, such as `2020-08-03T08:54:23Z`.
    pub creation_time: String,
    /// Why it failed; empty otherwise.
    pub description: String,
}

impl Task {
    /// A file whose refresh is complete.
    pub fn new(task_id: impl Into<String>, object_path: impl Into<String>) -> Self {
        Self {
            task_id: task_id.into(),
            object_path: object_path.into(),
            object_type: "file".to_owned(),
            process: "100%".to_owned(),
            status: "Complete".to_owned(),
            creation_time: "2020-08-03T08:54:23Z".to_owned(),
            description: String::new(),
        }
    }

    /// The two tasks of the documentation's example: `12345678` is complete, `23456789` is not and
    /// never will be. A service without a simulation has them, unless it is given others.
    pub fn examples() -> [Self; 2] {
        [
            Self::new("12345678", "http://example.com/abc.jpg"),
            Self {
                process: "99.37%".to_owned(),
                status: "Refreshing".to_owned(),
                creation_time: "2020-08-03T09:12:44Z".to_owned(),
                ..Self::new("23456789", "http://example.com/bcd.jpg")
            },
        ]
    }

    pub(super) fn document(&self) -> Value {
        json!({
            "CreationTime": self.creation_time,
            "Description": self.description,
            "ObjectPath": self.object_path,
            "ObjectType": self.object_type,
            "Process": self.process,
            "Status": self.status,
            "TaskId": self.task_id,
        })
    }
}
