//! The search for the field of a key.

use std::borrow::Cow;

use crate::node::{Field, Node, Record, Shape, Slot};
use crate::xml_name;

/// The fields of a record that is being decoded.
pub(crate) struct Fields<'a, 'n> {
    fields: &'static [Field],
    nodes: &'a mut [&'n mut dyn Node],
    /// The position after the last field that was found. Most responses have their fields in the order of
    /// the description.
    next: usize,
}

impl Fields<'_, '_> {
    /// Returns what `decode` returns, which it calls with the fields of a record.
    pub(crate) fn of<T>(
        record: &mut dyn Record,
        decode: impl FnOnce(&mut Fields<'_, '_>) -> T,
    ) -> Option<T> {
        let fields = record.fields();
        let mut decode = Some(decode);
        let mut result = None;
        record.edit(&mut |nodes| {
            result = decode.take().map(|decode| decode(&mut Fields { fields, nodes, next: 0 }));
        });
        result
    }

    /// Returns the field for a key: by its exact name, or else by the only name that matches
    /// case-insensitively.
    ///
    /// A key with another case never replaces a value, but it adds an item to a list whose elements are
    /// `repeated`, as in XML. There, a key can be escaped.
    pub(crate) fn find(&mut self, key: &str, repeated: bool) -> Option<Slot<'_>> {
        let index = match self.fields.get(self.next) {
            Some(field) if field.name == key => self.next,
            _ => match self.fields.iter().position(|field| field.name == key) {
                Some(index) => index,
                None => self.find_ignoring_case(key, repeated)?,
            },
        };
        self.next = index + 1;
        Some(Slot { field: self.fields.get(index)?, node: &mut **self.nodes.get_mut(index)? })
    }

    #[cold]
    fn find_ignoring_case(&self, key: &str, repeated: bool) -> Option<usize> {
        let key = match repeated {
            true => xml_name::unescape(key),
            false => Cow::Borrowed(key),
        };
        if let Cow::Owned(key) = &key
            && let Some(index) = self.fields.iter().position(|field| field.name == key)
        {
            return Some(index);
        }
        let is_match = |(_, field): &(usize, &Field)| field.name.eq_ignore_ascii_case(&key);
        let mut candidates = self.fields.iter().enumerate().filter(is_match);
        let (index, _) = candidates.next().filter(|_| candidates.next().is_none())?;
        let node = self.nodes.get(index)?;
        let is_free = node.view().is_absent() || (repeated && node.shape() == Shape::List);
        is_free.then_some(index)
    }
}
