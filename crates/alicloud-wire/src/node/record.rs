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

    fn nodes_mut(&mut self) -> Vec<&mut dyn Node> {
        (**self).nodes_mut()
    }
}

fn clear_fields(record: &mut dyn Record) {
    record.nodes_mut().into_iter().for_each(Node::clear);
}

/// Returns the values of fields; for the macros, which expand to less code with it.
pub fn nodes<'a>(nodes: &[&'a dyn Node]) -> Vec<&'a dyn Node> {
    nodes.to_vec()
}

/// Returns the values of fields; for the macros, which expand to less code with it.
pub fn nodes_mut<'a>(nodes: &mut [Option<&'a mut dyn Node>]) -> Vec<&'a mut dyn Node> {
    nodes.iter_mut().filter_map(Option::take).collect()
}
