//! Texts for people in an overlay, which become documentation.

use std::collections::BTreeSet;

use super::{Overlay, line_number};
use crate::diagnostics::Diagnostics;
use crate::documentation::text_fault;

impl Overlay {
    /// Reports texts that are empty, have invisible characters, or are copied from an imported document; also values
    /// of enums that are there twice, and limits that no list can have.
    pub(crate) fn check_texts(&self, diagnostics: &mut Diagnostics) {
        let title = self.document.product.as_ref().and_then(|product| product.title.as_deref());
        let mut texts: Vec<(String, String, &str)> = Vec::new();
        texts.extend(title.map(|title| ("[product]".to_owned(), "title".to_owned(), title)));
        for (feature, group) in self.groups().into_iter().flatten() {
            texts.push((format!("[groups.{feature}]"), "title".to_owned(), &group.title));
        }
        for spanned in &self.document.entries {
            let line = line_number(&self.text, spanned.span().start);
            if let Some((min, max)) = spanned.get_ref().items
                && (max == 0 || max < min)
            {
                diagnostics.error_in(
                    &self.file,
                    format!("line {line}"),
                    format!("no list has the limits `items = [{min}, {max}]`"),
                    "write the fewest and the most items per call, such as `[1, 10]`",
                );
            }
            let Some(settings) = &spanned.get_ref().values else { continue };
            let doc = settings.doc.as_deref();
            texts.extend(doc.map(|doc| (format!("line {line}"), "enum.doc".to_owned(), doc)));
            let mut known = BTreeSet::new();
            for value in &settings.values {
                if !known.insert(&value.value) {
                    diagnostics.error_in(
                        &self.file,
                        format!("line {line}"),
                        format!("the value {:?} is there twice in `enum.values`", value.value),
                        "keep one of the two",
                    );
                }
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
