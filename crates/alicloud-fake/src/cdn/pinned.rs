//! Tasks added by the test, which never change on their own.

use std::collections::HashMap;

use super::Task;

#[derive(Default)]
pub(crate) struct PinnedTasks {
    tasks: Vec<Task>,
    /// Indices of tasks by task id.
    by_id: HashMap<String, Vec<usize>>,
}

impl PinnedTasks {
    pub(crate) fn new(tasks: Vec<Task>) -> Self {
        let mut pinned = Self::default();
        for task in tasks {
            pinned.add(task);
        }
        pinned
    }

    pub(crate) fn add(&mut self, task: Task) {
        self.by_id.entry(task.task_id.clone()).or_default().push(self.tasks.len());
        self.tasks.push(task);
    }

    pub(crate) fn all(&self) -> &[Task] {
        &self.tasks
    }

    pub(crate) fn has_id(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// Returns the tasks with these ids, in the order in which they were added.
    pub(crate) fn with_ids(&self, ids: &[&str]) -> Vec<&Task> {
        let mut indices: Vec<usize> =
            ids.iter().filter_map(|id| self.by_id.get(*id)).flatten().copied().collect();
        indices.sort_unstable();
        indices.dedup();
        indices.into_iter().filter_map(|index| self.tasks.get(index)).collect()
    }
}
