//! The task of one object.

use serde_json::{Value, json};

/// The task of one object that is refreshed or preloaded.
///
/// The service uses one task id for many objects, so several of these can share an id. Fields hold
/// the text of the response, so a test can also set undocumented values.
///
/// ```
/// use alicloud_fake::Task;
///
/// let task = Task {
///     status: "Refreshing".into(),
///     progress: "42%".into(),
///     ..Task::new("704225667", "http://example.com/a.png")
/// };
/// assert_eq!(task.object_type, "file");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The task id. Clients can only request ids that consist of digits.
    pub task_id: String,
    /// The URL of the object, the directory or the regular expression.
    /// [`Simulation`](crate::Simulation) describes the path of a cache tag.
    pub object_path: String,
    /// `file`, `directory`, `regex`, `IgnoreParams`, `preload` or `CacheTag`.
    pub object_type: String,
    /// The progress in percent, such as `100%` or `99.37%`; `Process` in the response.
    pub progress: String,
    /// `Complete`, `Pending`, `Refreshing` or `Failed`.
    pub status: String,
    /// The creation time in UTC, such as `2020-08-03T08:54:23Z`.
    pub creation_time: String,
    /// Why it failed; empty otherwise.
    pub description: String,
}

impl Task {
    /// Creates a completed refresh of a file.
    ///
    /// ```
    /// use alicloud_fake::Task;
    ///
    /// let task = Task::new("704225667", "http://example.com/a.png");
    /// assert_eq!((task.status.as_str(), task.progress.as_str()), ("Complete", "100%"));
    /// ```
    pub fn new(task_id: impl Into<String>, object_path: impl Into<String>) -> Self {
        Self {
            task_id: task_id.into(),
            object_path: object_path.into(),
            object_type: "file".to_owned(),
            progress: "100%".to_owned(),
            status: "Complete".to_owned(),
            creation_time: "2020-08-03T08:54:23Z".to_owned(),
            description: String::new(),
        }
    }

    /// Returns the two tasks of the documented example: `12345678` is complete, `23456789` never
    /// completes. A service without a simulation has them by default.
    ///
    /// ```
    /// use alicloud_fake::Task;
    ///
    /// let [complete, refreshing] = Task::examples();
    /// assert_eq!(complete.task_id, "12345678");
    /// assert_eq!(refreshing.progress, "99.37%");
    /// ```
    pub fn examples() -> [Self; 2] {
        [
            Self::new("12345678", "http://example.com/abc.jpg"),
            Self {
                progress: "99.37%".to_owned(),
                status: "Refreshing".to_owned(),
                creation_time: "2020-08-03T09:12:44Z".to_owned(),
                ..Self::new("23456789", "http://example.com/bcd.jpg")
            },
        ]
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "CreationTime": self.creation_time,
            "Description": self.description,
            "ObjectPath": self.object_path,
            "ObjectType": self.object_type,
            "Process": self.progress,
            "Status": self.status,
            "TaskId": self.task_id,
        })
    }
}
