//! Records.

use super::{Node, Record, RecordType, Shape, View, ViewMut};

impl<T: Record> Node for T {
    fn kind() -> Shape {
        Shape::Record
    }

    fn shape(&self) -> Shape {
        Self::kind()
    }

    fn view(&self) -> View<'_> {
        View::Record(self)
    }

    fn clear(&mut self) {
        for index in 0..self.record_type().fields.len() {
            if let Some(node) = self.get_mut(index) {
                node.clear();
            }
        }
    }

    fn view_mut(&mut self) -> ViewMut<'_> {
        ViewMut::Record(self)
    }
}

/// A record that would contain itself is boxed.
impl<T: Record> Record for Box<T> {
    fn record_type(&self) -> &'static RecordType {
        (**self).record_type()
    }

    fn get(&self, index: usize) -> Option<&dyn Node> {
        (**self).get(index)
    }

    fn get_mut(&mut self, index: usize) -> Option<&mut dyn Node> {
        (**self).get_mut(index)
    }
}
