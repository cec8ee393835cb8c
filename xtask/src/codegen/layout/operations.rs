//! Operations: their imports, constants and methods.

use std::collections::BTreeSet;

use super::{Needs, constant, doc_block, in_docs, literal, signature, use_list};
use crate::codegen::ir::{Idempotency, Operation, Root, Style, Ty, Type, Waiter};

impl Waiter {
    pub(crate) fn constant(&self) -> String {
        self.method.to_ascii_uppercase()
    }

    pub(crate) fn state_text(&self) -> String {
        match &self.state_enum {
            Some(name) => format!("item.{}.as_ref().map({name}::as_str)", self.state),
            None => format!("item.{}.as_deref()", self.state),
        }
    }

    pub(crate) fn states(states: &[String]) -> String {
        states.iter().map(|state| literal(state)).collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn success_text(&self) -> String {
        Self::states(&self.success)
    }

    pub(crate) fn failure_text(&self) -> String {
        Self::states(&self.failure)
    }

    pub(crate) fn method_signature(&self) -> String {
        let arguments =
            ["&self".to_owned(), "ids: impl IntoIterator<Item = impl Into<String>>".to_owned()];
        let returns = format!("Wait<Vec<PolledItem<{}>>>", self.item);
        signature("    ", &format!("pub fn {}", self.method), &arguments, &returns)
    }
}

impl Operation {
    /// The name on the wire, for a line of documentation.
    pub(crate) fn wire_in_docs(&self) -> String {
        in_docs(&self.name)
    }

    /// The attribute that leaves the operation out, in a product with features.
    pub(crate) fn gate(&self) -> String {
        self.group
            .as_ref()
            .map(|group| format!("#[cfg(feature = {})]\n", literal(group)))
            .unwrap_or_default()
    }

    pub(crate) fn imports(&self) -> Vec<String> {
        let own: BTreeSet<&str> = self.types.iter().map(Type::name).collect();
        let mut needs = Needs::default();
        needs.fields(&self.request, &own);
        match &self.response.root {
            Root::Struct(root) => needs.fields(root, &own),
            Root::Alias { target, .. } => needs.ty(target, &own),
        }
        for one in &self.types {
            if let Type::Struct(one) = one {
                needs.fields(one, &own);
            }
        }
        if let Some(pager) = &self.pager {
            needs.paging = true;
            needs.ty(&pager.item, &own);
        }
        needs.lines("crate::types")
    }

    pub(super) fn own_names(&self) -> BTreeSet<String> {
        BTreeSet::from([self.request.name.clone(), self.response.name.clone()])
    }

    pub(crate) fn client_imports(&self, model: &str) -> Vec<String> {
        let mut core = BTreeSet::from(["Call".to_owned(), "Operation".to_owned()]);
        let mut add = |names: &[&str]| core.extend(names.iter().map(|name| (*name).to_owned()));
        if self.response_kind().is_some() {
            add(&["ResponseKind"]);
        }
        if self.pager.is_some() {
            add(&["Items", "Pages"]);
        }
        let mut models = self.own_names();
        if let Some(waiter) = &self.waiter {
            add(&["PolledItem", "Wait", "Waiter"]);
            models.insert(waiter.item.clone());
            models.extend(waiter.state_enum.clone());
        }
        let mut external =
            [use_list("use ", model, &models), use_list("use ", "alicloud_core", &core)];
        external.sort();
        let mut lines: Vec<String> = external.into();
        lines.extend([String::new(), "use crate::{Client, PRODUCT};".to_owned()]);
        lines
    }

    fn response_kind(&self) -> Option<&'static str> {
        match &self.response.root {
            Root::Alias { target: Ty::Unit, .. } => Some("Nothing"),
            Root::Alias { target: Ty::Text, .. } => Some("Text"),
            Root::Alias { target: Ty::Bytes, .. } => Some("Bytes"),
            _ => None,
        }
    }

    pub(crate) fn constant_item(&self) -> String {
        let head = format!("pub const {}: Operation", self.constant);
        let name = literal(&self.name);
        let mut chain: Vec<String> = Vec::new();
        let first = match self.style {
            Style::Roa => {
                let (method, path) = (literal(&self.http_method), literal(&self.path));
                format!("Operation::roa(&PRODUCT, {name}, {method}, {path})")
            }
            _ => {
                if self.http_method != "POST" {
                    chain.push(format!(".with_method({})", literal(&self.http_method)));
                }
                format!("Operation::rpc(&PRODUCT, {name})")
            }
        };
        match self.idempotency {
            Idempotency::ReadOnly => chain.push(".read_only()".to_owned()),
            Idempotency::Idempotent => chain.push(".idempotent()".to_owned()),
            Idempotency::Mutating => {}
        }
        if self.anonymous {
            chain.push(".anonymous()".to_owned());
        }
        if let Some(rate_limit) = self.rate_limit {
            chain.push(format!(".with_rate_limit({rate_limit})"));
        }
        if let Some(kind) = self.response_kind() {
            chain.push(format!(".with_response_kind(ResponseKind::{kind})"));
        }
        constant(&head, &first, &chain)
    }

    pub(crate) fn method_doc(&self) -> String {
        let mut lines = self.docs.clone();
        for note in &self.notes {
            lines.extend([String::new(), note.clone()]);
        }
        doc_block(&lines, "    ")
    }

    pub(crate) fn constants_export(&self) -> String {
        let mut names = BTreeSet::from([self.constant.clone()]);
        names.extend(self.waiter.as_ref().map(Waiter::constant));
        use_list("pub use ", &self.module, &names)
    }

    /// The head of a method that follows the pages: `what` is `items` or `pages`.
    pub(crate) fn paged_signature(&self, what: &str, returns: &str) -> String {
        let arguments = ["&self".to_owned(), format!("request: {}", self.request.name)];
        let returns = format!("{returns}<{}>", self.request.name);
        signature("    ", &format!("pub fn {}_{what}", self.file), &arguments, &returns)
    }

    pub(crate) fn method_signature(&self) -> String {
        let arguments = ["&self".to_owned(), format!("request: {}", self.request.name)];
        let returns = format!("Call<{}>", self.response.name);
        signature("    ", &format!("pub fn {}", self.method), &arguments, &returns)
    }
}
