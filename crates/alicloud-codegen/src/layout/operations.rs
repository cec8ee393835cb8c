//! Operations: imports, static items and methods.

use std::collections::BTreeSet;

use super::{Imports, constant, doc_block, inline_code, literal, signature, use_list};
use crate::docs;
use crate::ir::{Idempotency, Operation, Product, Root, Style, Ty, Type, Waiter};

impl Operation {
    /// Returns the name on the wire for documentation.
    pub(crate) fn wire_in_docs(&self) -> String {
        inline_code(&self.name)
    }

    /// Returns the imports of the file with the types.
    pub(crate) fn imports(&self, product: &Product) -> Vec<String> {
        let own: BTreeSet<&str> = self.types.iter().map(Type::name).collect();
        let mut imports = Imports::default();
        imports.fields(&self.request, &own);
        match &self.response.root {
            Root::Struct(root) => imports.fields(root, &own),
            Root::Alias { target, .. } => imports.ty(target, &own),
        }
        for ty in &self.types {
            if let Type::Struct(structure) = ty {
                imports.fields(structure, &own);
            }
        }
        if let Some(pager) = &self.pager {
            imports.paging = true;
            imports.ty(&pager.item, &own);
        }
        imports.lines(&format!("{}::types", product.layout.model_root()))
    }

    pub(super) fn own_names(&self) -> BTreeSet<String> {
        BTreeSet::from([self.request.name.clone(), self.response.name.clone()])
    }

    /// Returns the imports of the file with the method.
    pub(crate) fn client_imports(&self, product: &Product) -> Vec<String> {
        let root = product.layout.client_root();
        let mut core = BTreeSet::from(["Operation".to_owned()]);
        let mut add = |names: &[&str]| core.extend(names.iter().map(|name| (*name).to_owned()));
        if self.response_kind().is_some() {
            add(&["ResponseKind"]);
        }
        if self.pager.is_some() {
            add(&["Items", "Pages"]);
        }
        if !self.waiters.is_empty() {
            add(&["PolledItem", "Wait", "Waiter"]);
        }
        let is_own = |name: &String| self.types.iter().any(|ty| ty.name() == name);
        let (own, mut models): (BTreeSet<String>, BTreeSet<String>) =
            self.waiters.iter().flat_map(Waiter::model_names).partition(is_own);
        if !self.waiters.is_empty() {
            models.insert(self.request.name.clone());
        }
        let crate_names = ["Call", "Client", "PRODUCT", "model"].map(str::to_owned);
        let mut crate_names = BTreeSet::from(crate_names);
        let mut lines = Vec::new();
        // rustfmt breaks a line with braces inside of braces.
        match core.len() {
            1 => crate_names.extend(core.iter().map(|name| format!("runtime::{name}"))),
            _ => lines.push(use_list("use ", &format!("{root}::runtime"), &core)),
        }
        lines.push(use_list("use ", &root, &crate_names));
        if !models.is_empty() {
            lines.push(use_list("use ", &format!("{root}::model"), &models));
        }
        if !own.is_empty() {
            lines.push(use_list("use ", &format!("{root}::model::{}", self.module), &own));
        }
        lines.sort();
        lines
    }

    pub(super) fn response_kind(&self) -> Option<&'static str> {
        match &self.response.root {
            Root::Alias { target: Ty::Unit, .. } => Some("Nothing"),
            Root::Alias { target: Ty::Text, .. } => Some("Text"),
            Root::Alias { target: Ty::Bytes, .. } => Some("Bytes"),
            _ => None,
        }
    }

    pub(crate) fn static_item(&self) -> String {
        let head = format!("pub static {}: Operation", self.static_name);
        let name = literal(&self.name);
        let mut chain: Vec<String> = Vec::new();
        let mut arguments = vec!["&PRODUCT".to_owned(), name];
        let function = match self.style {
            Style::Roa => {
                arguments.extend([literal(&self.http_method), literal(&self.path)]);
                "Operation::roa"
            }
            _ => {
                if self.http_method != "POST" {
                    chain.push(format!(".with_method({})", literal(&self.http_method)));
                }
                "Operation::rpc"
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
        constant(&head, function, &arguments, &chain)
    }

    /// Returns the documentation of the method, without the example.
    pub(crate) fn method_doc(&self) -> String {
        let mut lines = self.docs.clone();
        if !self.notes.is_empty() || self.page.is_some() {
            lines.push(String::new());
            lines.extend(docs::wrap(&self.notes.join(" ")));
        }
        // One line: a link does not break well.
        lines.extend(self.page.iter().map(|page| format!("See the [API reference]({page}).")));
        doc_block(&lines, "    ")
    }

    pub(crate) fn items_export(&self) -> String {
        let mut names = BTreeSet::from([self.static_name.clone()]);
        names.extend(self.waiters.iter().map(Waiter::constant));
        use_list("pub use ", &self.module, &names)
    }

    /// Returns the head of a method of the pager; `suffix` is `items` or `pages`.
    pub(crate) fn paged_signature(&self, suffix: &str, returns: &str) -> String {
        let arguments = ["&self".to_owned(), format!("request: model::{}", self.request.name)];
        let returns = format!("{returns}<model::{}>", self.request.name);
        signature("    ", &format!("pub fn {}", self.paged_method(suffix)), &arguments, &returns)
    }

    pub(crate) fn method_signature(&self) -> String {
        let arguments = ["&self".to_owned(), format!("request: model::{}", self.request.name)];
        let returns = format!("Call<model::{}>", self.response.name);
        signature("    ", &format!("pub fn {}", self.method), &arguments, &returns)
    }
}
