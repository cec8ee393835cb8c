//! Checks of an overlay that need no description: its texts for people, and values that contradict each other.

use std::collections::BTreeSet;

use super::Overlay;
use crate::diagnostics::{Diagnostics, line_number};
use crate::documentation::text_fault;

impl Overlay {
    /// Reports texts that are empty, have invisible characters or are copied, values of enums that are there twice, and
    /// limits that no list can have.
    pub(crate) fn check(&self, diagnostics: &mut Diagnostics) {
        self.check_entries(diagnostics);
        self.check_texts(diagnostics);
    }

    fn check_entries(&self, diagnostics: &mut Diagnostics) {
        for spanned in &self.document.entries {
            let entry = spanned.get_ref();
            let place = format!("line {}", line_number(&self.text, spanned.span().start));
            if let Some((min, max)) = entry.items
                && (max == 0 || max < min)
            {
                let what = format!("no list has the limits `items = [{min}, {max}]`");
                let treatment = "write the fewest and the most items per call, such as `[1, 10]`";
                diagnostics.error_in(&self.file, &place, what, treatment);
            }
            let mut known = BTreeSet::new();
            for value in entry.values.iter().flat_map(|settings| &settings.values) {
                if !known.insert(&value.value) {
                    let what =
                        format!("the value {:?} is there twice in `enum.values`", value.value);
                    diagnostics.error_in(&self.file, &place, what, "keep one of the two");
                }
            }
        }
    }

    fn check_texts(&self, diagnostics: &mut Diagnostics) {
        let title = self.document.product.as_ref().and_then(|product| product.title.as_deref());
        let mut texts: Vec<(String, String, &str)> = Vec::new();
        texts.extend(title.map(|title| ("[product]".to_owned(), "title".to_owned(), title)));
        for (feature, group) in self.groups().into_iter().flatten() {
            texts.push((format!("[groups.{feature}]"), "title".to_owned(), &group.title));
        }
        for spanned in &self.document.entries {
            let line = line_number(&self.text, spanned.span().start);
            let Some(settings) = &spanned.get_ref().values else { continue };
            let doc = settings.doc.as_deref();
            texts.extend(doc.map(|doc| (format!("line {line}"), "enum.doc".to_owned(), doc)));
            for value in &settings.values {
                let key = format!("doc of {:?}", value.value);
                texts.push((format!("line {line}"), key, &value.doc));
            }
        }
        for (place, key, text) in texts {
            if let Some((what, treatment)) = text_fault(text) {
                let what = format!("{what} in `{key}`");
                diagnostics.error_in(&self.file, &place, what, treatment);
            }
            self.published.check(&self.file, &place, &key, text, diagnostics);
        }
    }
}
