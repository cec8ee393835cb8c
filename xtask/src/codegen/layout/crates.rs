//! What a crate has once: its exports, features, constants and examples.

use std::collections::BTreeMap;

use super::{constant, doc_block, in_docs, inner_docs, literal, use_list};
use crate::codegen::ir::{ErrorCode, Field, Idempotency, Operation, Product, Root, Ty};

impl ErrorCode {
    pub(crate) fn doc_block(&self) -> String {
        doc_block(&self.docs, "")
    }

    pub(crate) fn constant_item(&self) -> String {
        constant(&format!("pub const {}: &str", self.name), &literal(&self.code), &[])
    }
}

impl Product {
    pub(crate) fn title_in_docs(&self) -> String {
        in_docs(&self.title).replace(['[', ']', '<', '>', '\\'], "_")
    }

    pub(crate) fn title_in_toml(&self) -> String {
        self.title_in_docs().replace('"', "'")
    }

    pub(crate) fn constant_item(&self) -> String {
        let first = format!("Product::new({}, {})", literal(&self.code), literal(&self.version));
        let mut chain = Vec::new();
        if let Some(endpoint) = &self.default_endpoint {
            chain.push(format!(".with_endpoint({})", literal(endpoint)));
        }
        if !self.regions.is_empty() {
            chain.push(".with_region_endpoints(&REGIONS)".to_owned());
        }
        constant("pub const PRODUCT: Product", &first, &chain)
    }

    /// The features of the groups, as lines of a manifest.
    pub(crate) fn group_features(&self, of_model: bool) -> String {
        let mut lines = Vec::new();
        if self.groups.is_empty() {
            return String::new();
        }
        let all: Vec<String> =
            self.groups.iter().map(|group| format!("    {},", literal(&group.feature))).collect();
        lines.push(
            "# Every operation; a program that needs a few compiles only their groups.".to_owned(),
        );
        lines.push(format!("all-operations = [\n{}\n]", all.join("\n")));
        for group in &self.groups {
            let model = literal(&format!("{}/{}", self.model_crate, group.feature));
            lines.push(format!("# {}", group.title.replace(char::is_control, " ")));
            lines.push(format!("{} = [{}]", group.feature, if of_model { "" } else { &model }));
        }
        lines.join("\n")
    }

    pub(crate) fn product_export(&self) -> &'static str {
        match self.regions.is_empty() {
            true => "pub use product::PRODUCT;",
            false => "pub use product::{PRODUCT, REGIONS};",
        }
    }

    /// The modules of the models.
    pub(crate) fn modules(&self) -> Vec<String> {
        let mut lines: BTreeMap<&str, String> = BTreeMap::new();
        for operation in &self.operations {
            lines.insert(
                &operation.file,
                format!("{}pub mod {};", operation.gate(), operation.module),
            );
        }
        if !self.types.is_empty() {
            lines.insert("types", "pub mod types;".to_owned());
        }
        lines.into_values().collect()
    }

    /// What the crate root of the models shows: requests, responses and what operations share.
    pub(crate) fn exports(&self) -> Vec<String> {
        let mut lines: BTreeMap<&str, String> = BTreeMap::new();
        for operation in &self.operations {
            let export = use_list("pub use ", &operation.module, &operation.own_names());
            lines.insert(&operation.file, format!("{}{export}", operation.gate()));
        }
        if !self.types.is_empty() {
            let names = self.types.iter().map(|one| one.name().to_owned()).collect();
            lines.insert("types", use_list("pub use ", "types", &names));
        }
        lines.into_values().collect()
    }

    /// A response that goes through serde and comes out the same, when there is one simple enough.
    pub(crate) fn serde_example(&self) -> Option<String> {
        let model = self.model_crate.replace('-', "_");
        let (root, field) =
            self.operations.iter().find_map(|operation| match &operation.response.root {
                Root::Struct(root) => {
                    let field = root.fields.iter().find(|field| {
                        field.ty == Ty::Text && field.wire.eq_ignore_ascii_case("requestid")
                    })?;
                    Some((root, field))
                }
                Root::Alias { .. } => None,
            })?;
        let lines = [
            format!("use {model}::{};", root.name),
            String::new(),
            format!("let json = r#\"{{{}:\"E0C2EF95\"}}\"#;", literal(&field.wire)),
            format!("let response: {} = serde_json::from_str(json)?;", root.name),
            format!("assert_eq!(response.{}.as_deref(), Some(\"E0C2EF95\"));", field.name),
            "assert_eq!(serde_json::to_string(&response)?, json);".to_owned(),
            "# Ok::<(), serde_json::Error>(())".to_owned(),
        ];
        Some(inner_docs(&lines))
    }

    /// A first call, for the front page of the client.
    pub(crate) fn client_example(&self) -> String {
        let client = self.client_crate.replace('-', "_");
        let simple = |operation: &&Operation| {
            operation.not_callable.is_none()
                && !operation.deprecated
                && operation.request.required().all(|field| field.example().is_some())
        };
        let mut callable = self.operations.iter().filter(simple);
        let chosen = callable
            .clone()
            .find(|operation| operation.idempotency == Idempotency::ReadOnly)
            .or_else(|| callable.next());
        let Some(operation) = chosen else {
            return inner_docs(&[
                format!("use {client}::Client;"),
                String::new(),
                "let client = Client::from_env()?;".to_owned(),
                format!("# Ok::<(), {client}::Error>(())"),
            ]);
        };
        let arguments: Vec<String> =
            operation.request.required().filter_map(Field::example).collect();
        inner_docs(&[
            format!("use {client}::Client;"),
            format!("use {client}::model::{};", operation.request.name),
            String::new(),
            format!("# async fn example() -> Result<(), {client}::Error> {{"),
            "// Credentials come from ALIBABA_CLOUD_ACCESS_KEY_ID and _SECRET.".to_owned(),
            "let client = Client::from_env()?;".to_owned(),
            format!("let request = {}::new({});", operation.request.name, arguments.join(", ")),
            format!("let response = client.{}(request).await?;", operation.method),
            "println!(\"{response:#?}\");".to_owned(),
            "# Ok(())".to_owned(),
            "# }".to_owned(),
        ])
    }
}
