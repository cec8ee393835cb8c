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
        clear_fields(self);
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

    fn nodes(&self) -> Vec<&dyn Node> {
        (**self).nodes()
    }

    fn edit(&mut self, edit: &mut dyn FnMut(&mut [&mut dyn Node])) {
        (**self).edit(edit);
    }
}

fn clear_fields(record: &mut dyn Record) {
    record.edit(&mut |nodes| nodes.iter_mut().for_each(|node| node.clear()));
}

/// Returns the values of fields; for the macros, which expand to less code with it.
pub fn nodes<'a>(nodes: &[&'a dyn Node]) -> Vec<&'a dyn Node> {
    nodes.to_vec()
}
