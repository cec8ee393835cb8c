//! Containers: `Option`, `Vec` and `BTreeMap`.

use std::collections::BTreeMap;

use super::{Identity, List, Map, Node, Scalar, Shape, View, ViewMut};

// These functions exist once per type of a model. A closure or an adapter would be one more function for
// each, and compiling the models takes most of the time of a build.

impl<T: Node + Default> Node for Option<T> {
    fn kind() -> Shape {
        T::kind()
    }

    fn shape(&self) -> Shape {
        T::kind()
    }

    fn view(&self) -> View<'_> {
        match self {
            Some(node) => node.view(),
            None => View::Absent,
        }
    }

    fn identity(&self) -> Identity<'_> {
        match self {
            Some(node) => node.identity(),
            None => Identity::View(View::Absent),
        }
    }

    fn clear(&mut self) {
        *self = None;
    }

    fn set_scalar(&mut self, scalar: Scalar<'_>) -> bool {
        let mut node = T::default();
        let is_set = node.set_scalar(scalar);
        if is_set {
            *self = Some(node);
        }
        is_set
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        self.get_or_insert_default().view_mut()
    }
}

impl<T: Node + Default> Node for Vec<T> {
    fn kind() -> Shape {
        Shape::List
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::List(self)
    }

    fn clear(&mut self) {
        // Frees the memory, which is counted again for new items.
        *self = Vec::new();
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        ViewMut::List(self)
    }
}

impl<T: Node + Default> List for Vec<T> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn item(&self, index: usize) -> Option<&dyn Node> {
        match self.as_slice().get(index) {
            Some(item) => Some(item),
            None => None,
        }
    }

    fn push(&mut self) -> &mut dyn Node {
        self.push_mut_default()
    }

    fn pop(&mut self) {
        self.truncate(self.len().saturating_sub(1));
    }

    fn capacity(&self) -> (usize, usize) {
        (Vec::capacity(self), size_of::<T>())
    }
}

/// `Vec::push_mut` needs a newer compiler than the minimum supported one.
trait PushMut<T> {
    fn push_mut_default(&mut self) -> &mut T;
}

impl<T: Default> PushMut<T> for Vec<T> {
    #[allow(clippy::indexing_slicing, reason = "the item at this index was pushed one line above")]
    fn push_mut_default(&mut self) -> &mut T {
        let index = self.len();
        Vec::push(self, T::default());
        &mut self[index]
    }
}

impl<T: Node + Default> Node for BTreeMap<String, T> {
    fn kind() -> Shape {
        Shape::Map
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Map(self)
    }

    fn clear(&mut self) {
        BTreeMap::clear(self);
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        ViewMut::Map(self)
    }
}

impl<T: Node + Default> Map for BTreeMap<String, T> {
    fn len(&self) -> usize {
        BTreeMap::len(self)
    }

    fn visit(&self, visit: &mut dyn FnMut(&str, &dyn Node)) {
        for (key, value) in self {
            visit(key, value);
        }
    }

    fn get(&self, key: &str) -> Option<&dyn Node> {
        BTreeMap::get(self, key).map(|value| value as &dyn Node)
    }

    fn entry(&mut self, key: &str) -> &mut dyn Node {
        BTreeMap::entry(self, key.to_owned()).or_default()
    }

    fn remove(&mut self, key: &str) {
        BTreeMap::remove(self, key);
    }
}
