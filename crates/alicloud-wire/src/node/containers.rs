//! Containers: `Option`, `Box`, `Vec` and `BTreeMap`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{List, Map, Node, Record, Scalar, Shape, View};

impl<T: Node + Default> Node for Option<T> {
    fn kind() -> Shape {
        T::kind()
    }

    fn shape(&self) -> Shape {
        T::kind()
    }

    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Absent, Node::view)
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

    fn record(&mut self) -> Option<&mut dyn Record> {
        self.get_or_insert_default().record()
    }

    fn list(&mut self) -> Option<&mut dyn List> {
        self.get_or_insert_default().list()
    }

    fn map(&mut self) -> Option<&mut dyn Map> {
        self.get_or_insert_default().map()
    }

    fn any(&mut self) -> Option<&mut Value> {
        self.get_or_insert_default().any()
    }
}

impl<T: Node> Node for Box<T> {
    fn kind() -> Shape {
        T::kind()
    }

    fn shape(&self) -> Shape {
        T::kind()
    }

    fn view(&self) -> View<'_> {
        (**self).view()
    }

    fn clear(&mut self) {
        (**self).clear();
    }

    fn set_scalar(&mut self, scalar: Scalar<'_>) -> bool {
        (**self).set_scalar(scalar)
    }

    fn record(&mut self) -> Option<&mut dyn Record> {
        (**self).record()
    }

    fn list(&mut self) -> Option<&mut dyn List> {
        (**self).list()
    }

    fn map(&mut self) -> Option<&mut dyn Map> {
        (**self).map()
    }

    fn any(&mut self) -> Option<&mut Value> {
        (**self).any()
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
        Vec::clear(self);
    }

    fn list(&mut self) -> Option<&mut dyn List> {
        Some(self)
    }
}

impl<T: Node + Default> List for Vec<T> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn item(&self, index: usize) -> Option<&dyn Node> {
        self.get(index).map(|item| item as &dyn Node)
    }

    fn push(&mut self) -> &mut dyn Node {
        self.push_mut_default()
    }

    fn pop(&mut self) {
        Vec::pop(self);
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

    fn map(&mut self) -> Option<&mut dyn Map> {
        Some(self)
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

    fn entry(&mut self, key: &str) -> &mut dyn Node {
        BTreeMap::entry(self, key.to_owned()).or_default()
    }

    fn remove(&mut self, key: &str) {
        BTreeMap::remove(self, key);
    }
}
