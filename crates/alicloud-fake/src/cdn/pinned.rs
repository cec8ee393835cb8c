//! Tasks that a test has put there: they are as they are until it changes them.

use std::collections::HashMap;

use super::Task;

#[derive(Default)]
pub(crate) struct Pinned {
    tasks: Vec<Task>,
    by_id: HashMap<String, Vec<usize>>,
}

impl Pinned {
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

    pub(crate) fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// Those of these ids, in the order in which they were put there.
    pub(super) fn of_ids(&self, ids: &[&str]) -> Vec<&Task> {
        let mut places: Vec<usize> =
            ids.iter().filter_map(|id| self.by_id.get(*id)).flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().filter_map(|place| self.tasks.get(place)).collect()
    }
}
