//! Writes the texts of a documentation into a description.

use super::{Documentation, OperationTexts, SEPARATOR};
use crate::diagnostics::Diagnostics;
use crate::spec::{Operation, Schema, Spec};

impl Documentation {
    /// Sets the texts of all operations and fields. Reports what has none, and entries without an effect.
    pub(crate) fn apply(&self, spec: &mut Spec, diagnostics: &mut Diagnostics) {
        for operation in &mut spec.operations {
            self.apply_to_operation(operation, diagnostics);
        }
        for (name, schema) in &mut spec.components {
            let place = format!("#{name}");
            self.apply_to_children(schema, None, &place, diagnostics);
        }
        self.check(diagnostics);
    }

    fn apply_to_operation(&self, operation: &mut Operation, diagnostics: &mut Diagnostics) {
        let texts = self.document.operations.get(&operation.name);
        self.offer(&["operations", &operation.name]);
        match texts {
            Some(texts) => {
                self.record(&["operations", &operation.name]);
                operation.title = None;
                operation.summary = Some(texts.summary.clone());
                operation.description.clone_from(&texts.details);
                operation.limits.clone_from(&texts.limits);
                operation.page.clone_from(&texts.page);
            }
            None if operation.summary.is_none() => diagnostics.warning_in(
                &self.file,
                operation.name.clone(),
                "the operation has no documentation",
                format!("add a summary to [operations.{}]", operation.name),
            ),
            None => {}
        }
        let name = operation.name.clone();
        for parameter in &mut operation.parameters {
            let place = format!("?{}", parameter.name);
            let schema = &mut parameter.schema;
            self.apply_to_field(&parameter.name, schema, texts, &name, &place, diagnostics);
        }
        if let Some(success) = &mut operation.success {
            self.apply_to_root(success, texts, &name, diagnostics);
        }
        for error in &mut operation.error_codes {
            self.offer(&["errors", &error.code]);
            if let Some(text) = self.document.errors.get(&error.code) {
                self.record(&["errors", &error.code]);
                error.message.clone_from(text);
            }
        }
    }

    /// Applies the texts to the fields of a response, whose places begin with `!`.
    fn apply_to_root(
        &self,
        schema: &mut Schema,
        texts: Option<&OperationTexts>,
        operation: &str,
        diagnostics: &mut Diagnostics,
    ) {
        let context = Some((texts, operation));
        for (name, property) in &mut schema.properties {
            let place = format!("!{name}");
            self.apply_to_field(name, property, texts, operation, &place, diagnostics);
        }
        if let Some(items) = &mut schema.items {
            self.apply_to_children(items, context, "![]", diagnostics);
        }
        if let Some(values) = &mut schema.additional {
            self.apply_to_children(values, context, "!{}", diagnostics);
        }
    }

    fn apply_to_field(
        &self,
        name: &str,
        schema: &mut Schema,
        texts: Option<&OperationTexts>,
        operation: &str,
        place: &str,
        diagnostics: &mut Diagnostics,
    ) {
        let own = texts.and_then(|texts| texts.fields.get(place));
        self.offer(&["operations", operation, "fields", place]);
        if own.is_some() {
            self.record(&["operations", operation, "fields", place]);
        }
        self.set_text(name, schema, own, &format!("{operation}{place}"), diagnostics);
        self.apply_to_children(schema, Some((texts, operation)), place, diagnostics);
    }

    /// Sets the text of a field: that of its place, else that of its name.
    fn set_text(
        &self,
        name: &str,
        schema: &mut Schema,
        own: Option<&String>,
        selector: &str,
        diagnostics: &mut Diagnostics,
    ) {
        let by_name = self.document.fields.get(name);
        self.offer(&["fields", name]);
        if by_name.is_some() && own.is_none() {
            self.record(&["fields", name]);
        }
        match own.or(by_name) {
            Some(text) => {
                schema.title = None;
                schema.description = Some(text.clone());
            }
            None if schema.description.is_none() && schema.title.is_none() => diagnostics
                .warning_in(
                    &self.file,
                    selector,
                    format!("the field {name} has no documentation"),
                    "add it to [fields], or to the operation",
                ),
            None => {}
        }
        for value in schema.values.iter().chain(schema.value_titles.iter().map(|(value, _)| value))
        {
            self.offer(&["values", name, value]);
        }
        let Some(values) = self.document.values.get(name) else { return };
        for (value, text) in values {
            let titles = &mut schema.value_titles;
            let has_title = titles.iter().any(|(known, _)| known == value);
            if has_title || schema.values.contains(value) {
                self.record(&["values", name, value]);
                titles.retain(|(known, _)| known != value);
                titles.push((value.clone(), text.clone()));
            }
        }
    }

    /// Applies the texts to what is in a field. Without an operation, the schema is shared by several.
    fn apply_to_children(
        &self,
        schema: &mut Schema,
        context: Option<(Option<&OperationTexts>, &str)>,
        place: &str,
        diagnostics: &mut Diagnostics,
    ) {
        for (name, property) in &mut schema.properties {
            let place = format!("{place}.{name}");
            match context {
                Some((texts, operation)) => {
                    self.apply_to_field(name, property, texts, operation, &place, diagnostics);
                }
                None => {
                    self.set_text(name, property, None, &place, diagnostics);
                    self.apply_to_children(property, None, &place, diagnostics);
                }
            }
        }
        if let Some(items) = &mut schema.items {
            self.apply_to_children(items, context, &format!("{place}[]"), diagnostics);
        }
        if let Some(values) = &mut schema.additional {
            self.apply_to_children(values, context, &format!("{place}{{}}"), diagnostics);
        }
    }

    /// Records that an entry has an effect.
    fn record(&self, path: &[&str]) {
        self.used.borrow_mut().insert(path.join(SEPARATOR));
    }

    /// Records that an entry could have an effect.
    fn offer(&self, path: &[&str]) {
        self.possible.borrow_mut().insert(path.join(SEPARATOR));
    }
}
