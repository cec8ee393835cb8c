//! Crates: exports, features, constants and the example of the model crate.

use std::collections::BTreeMap;

use super::{
    WIDTH, constant, doc_lines, inner_doc_block, literal, sort_key, text_in_docs, use_list,
};
use crate::ir::{ErrorCode, Layout, Product, Root, Struct, Ty, Type};

/// A module can be private, and its program need not use all of it.
const MODULE_ATTRIBUTES: &str = "#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = \"the program uses a part of the generated code\"
)]";

impl ErrorCode {
    pub(crate) fn doc_lines(&self) -> String {
        doc_lines(&self.docs, "")
    }

    pub(crate) fn constant_item(&self) -> String {
        constant(&format!("pub const {}: &str", self.name), &literal(&self.code), &[], &[])
    }
}

impl Product {
    /// Returns the title for documentation, without the characters of links and HTML.
    pub(crate) fn title_in_docs(&self) -> String {
        text_in_docs(&self.title)
    }

    /// Returns the path of the client in examples: the name of the crate. A module has no examples, because only
    /// its crate knows whether they can reach it.
    pub(crate) fn example_path(&self) -> Option<String> {
        match self.layout {
            Layout::CratePair | Layout::Crate => Some(self.client_crate.replace('-', "_")),
            Layout::Module { .. } => None,
        }
    }

    /// Returns the path of the types in examples.
    fn model_example_path(&self) -> Option<String> {
        match self.layout {
            Layout::CratePair => Some(self.model_crate.replace('-', "_")),
            Layout::Crate => Some(format!("{}::model", self.example_path()?)),
            Layout::Module { .. } => None,
        }
    }

    /// Returns the inner attributes of the root of the client.
    pub(crate) fn root_attributes(&self) -> &'static str {
        match self.layout {
            Layout::CratePair | Layout::Crate => "#![cfg_attr(docsrs, feature(doc_cfg))]",
            Layout::Module { .. } => MODULE_ATTRIBUTES,
        }
    }

    /// Returns the attribute of each module. The rustfmt of a program can have another style, and must not change
    /// generated files.
    pub(crate) fn module_attribute(&self) -> &'static str {
        match self.layout {
            Layout::CratePair | Layout::Crate => "",
            Layout::Module { .. } => "#[rustfmt::skip]\n",
        }
    }

    /// Returns the declarations of the client's modules, sorted by name as in rustfmt.
    pub(crate) fn module_list(&self) -> String {
        let mut modules =
            vec![("client", ""), ("error_code", "pub "), ("operations", "pub "), ("product", "")];
        if self.model_crate_module().is_none() {
            modules.push(("model", "pub "));
        }
        modules.extend(self.modules.iter().map(|module| (module.name.as_str(), "pub ")));
        modules.sort_by_key(|(name, _)| sort_key(name));
        let attribute = self.module_attribute();
        let lines: Vec<String> = modules
            .into_iter()
            .map(|(name, visibility)| format!("{attribute}{visibility}mod {name};"))
            .collect();
        lines.join("\n")
    }

    /// Returns what contains the client.
    pub(crate) fn container(&self) -> &'static str {
        match self.layout {
            Layout::CratePair | Layout::Crate => "crate",
            Layout::Module { .. } => "module",
        }
    }

    /// Returns the condition of what needs the default transport; a module has no features.
    pub(crate) fn transport_attribute(&self) -> &'static str {
        match self.layout {
            Layout::CratePair | Layout::Crate => "    #[cfg(feature = \"transport\")]\n",
            Layout::Module { .. } => "",
        }
    }

    /// Returns the crate that has the types, if it is another one.
    pub(crate) fn model_crate_module(&self) -> Option<String> {
        self.layout.is_crate_pair().then(|| self.model_crate.replace('-', "_"))
    }

    /// Returns the title for a TOML string.
    pub(crate) fn title_in_toml(&self) -> String {
        self.title_in_docs().replace('"', "'")
    }

    pub(crate) fn static_item(&self) -> String {
        let arguments = [literal(&self.code), literal(&self.version)];
        let mut chain = Vec::new();
        if let Some(endpoint) = &self.default_endpoint {
            chain.push(format!(".with_endpoint({})", literal(endpoint)));
        }
        if let Some(label) = &self.regional_endpoint {
            chain.push(format!(".with_regional_endpoint({})", literal(label)));
        }
        if !self.regions.is_empty() {
            chain.push(".with_region_endpoints(REGIONS)".to_owned());
        }
        constant("pub static PRODUCT: Product", "Product::new", &arguments, &chain)
    }

    /// Returns the constant with the regions, as rustfmt lays it out.
    pub(crate) fn regions_item(&self) -> String {
        let head = "pub const REGIONS: &[(&str, &str)] = &[";
        let pairs: Vec<String> = self
            .regions
            .iter()
            .map(|(region, host)| format!("({}, {})", literal(region), literal(host)))
            .collect();
        let single_line = format!("{head}{}];", pairs.join(", "));
        if single_line.chars().count() <= WIDTH {
            return single_line;
        }
        let lines: String = pairs.iter().map(|pair| format!("    {pair},\n")).collect();
        format!("{head}\n{lines}];")
    }

    /// Returns the items of the model crate that have no documentation, by their paths.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("../doctest/gadget.txt")]
    #[doc = include_str!("../doctest/product.txt")]
    /// // A request has a default sentence.
    /// assert!(!product.undocumented().contains(&"ListGadgetsRequest".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn undocumented(&self) -> Vec<String> {
        let mut found = Vec::new();
        for operation in &self.operations {
            add_undocumented(&operation.request, "", &mut found);
            match &operation.response.root {
                Root::Struct(root) => add_undocumented(root, "", &mut found),
                Root::Alias { docs, .. } if docs.is_empty() => {
                    found.push(operation.response.name.clone());
                }
                Root::Alias { .. } => {}
            }
            let module = format!("{}::", operation.module);
            operation.types.iter().for_each(|ty| add_undocumented_type(ty, &module, &mut found));
        }
        self.types.iter().for_each(|ty| add_undocumented_type(ty, "", &mut found));
        found
    }

    /// Returns the path of a type that only one operation uses, as an example for the documentation.
    pub(crate) fn nested_type(&self) -> Option<String> {
        let operation = self.operations.iter().find(|operation| !operation.types.is_empty())?;
        let ty = operation.types.iter().find(|ty| matches!(ty, Type::Struct(_)));
        let ty = ty.or(operation.types.first())?;
        Some(format!("{}::{}", operation.module, ty.name()))
    }

    pub(crate) fn product_export(&self) -> &'static str {
        match self.regions.is_empty() {
            true => "pub use product::PRODUCT;",
            false => "pub use product::{PRODUCT, REGIONS};",
        }
    }

    /// Returns the modules of the model crate.
    pub(crate) fn modules(&self) -> Vec<String> {
        let mut lines: BTreeMap<&str, String> = BTreeMap::new();
        for operation in &self.operations {
            lines.insert(
                &operation.file,
                format!("{}pub mod {};", operation.cfg_attribute(), operation.module),
            );
        }
        if !self.types.is_empty() {
            lines.insert("types", "pub mod types;".to_owned());
        }
        lines.into_values().collect()
    }

    /// Returns the re-exports at the root of the model crate: requests, responses and shared types.
    pub(crate) fn exports(&self) -> Vec<String> {
        let mut lines: BTreeMap<String, String> = BTreeMap::new();
        for operation in &self.operations {
            let export = use_list("pub use ", &operation.module, &operation.own_names());
            lines.insert(
                sort_key(&operation.file),
                format!("{}{export}", operation.cfg_attribute()),
            );
        }
        if !self.types.is_empty() {
            lines.insert(sort_key("types"), self.type_exports().join("\n"));
        }
        lines.into_values().collect()
    }

    /// Returns an example that reads and writes a response with serde; `None` if no response fits.
    pub(crate) fn serde_example(&self) -> Option<String> {
        let model = self.model_example_path()?;
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
        Some(inner_doc_block(&lines))
    }
}

fn add_undocumented_type(ty: &Type, module: &str, found: &mut Vec<String>) {
    match ty {
        Type::Struct(structure) => add_undocumented(structure, module, found),
        Type::Enum(item) => {
            let name = format!("{module}{}", item.name);
            let variants = item.variants.iter().filter(|variant| variant.docs.is_empty());
            found.extend(variants.map(|variant| format!("{name}::{}", variant.name)));
            found.extend(item.docs.is_empty().then_some(name));
        }
    }
}

fn add_undocumented(structure: &Struct, module: &str, found: &mut Vec<String>) {
    let name = format!("{module}{}", structure.name);
    let fields = structure.fields.iter().filter(|field| field.doc_lines().is_empty());
    found.extend(fields.map(|field| format!("{name}::{}", field.name)));
    found.extend(structure.docs.is_empty().then_some(name));
}
