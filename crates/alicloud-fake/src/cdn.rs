//! Cdn 2018-05-10.

use serde_json::{Value, json};

use crate::catalog::{Fields, Operation, Product, World};
use crate::incoming::Incoming;
use crate::refusal::Refusal;

pub(crate) const PRODUCT: Product = Product {
    name: "Cdn",
    version: "2018-05-10",
    operations: &[Operation { name: "DescribeRefreshTaskById", run: describe_refresh_task_by_id }],
};

/// The most ids that one call may ask for.
const MOST_IDS: usize = 10;

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
    /// The URL of the object, or the directory.
    pub object_path: String,
    /// `file`, `directory`, `preload` or `regex`.
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

    /// The two tasks of the documentation's example: `12345678` is complete, `23456789` is not.
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

    fn document(&self) -> Value {
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

fn describe_refresh_task_by_id(request: &Incoming, world: &mut World) -> Result<Fields, Refusal> {
    let ids = request.parameter("TaskId").ok_or_else(|| Refusal::missing("TaskId"))?;
    let ids = task_ids(&ids)?;
    let tasks: Vec<Value> = world
        .tasks
        .iter()
        .filter(|task| ids.contains(&task.task_id.as_str()))
        .map(Task::document)
        .collect();
    let mut fields = Fields::new();
    fields.insert("TotalCount".to_owned(), tasks.len().into());
    fields.insert("Tasks".to_owned(), tasks.into());
    Ok(fields)
}

fn task_ids(text: &str) -> Result<Vec<&str>, Refusal> {
    let ids: Vec<&str> = text.split(',').collect();
    let well_formed = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if ids.len() > MOST_IDS || !ids.iter().all(|id| well_formed(id)) {
        return Err(Refusal::bad_request(
            "InvalidTaskId.Malformed",
            "The specified TaskId is invalid.",
        ));
    }
    Ok(ids)
}
