//! How a piece of the IR looks as text: what the templates ask for, laid out as rustfmt would.

use std::collections::{BTreeMap, BTreeSet};

use super::ir::{
    Enum, ErrorCode, Field, Operation, Pager, Product, Reading, Root, Step, Struct, Style, Ty,
    Type, Variant, Waiter,
};

/// The width of a line, as in rustfmt.toml.
const WIDTH: usize = 100;

/// Lines of documentation, indented and marked, without a line break at the end.
pub(crate) fn doc_block(lines: &[String], indent: &str) -> String {
    let lines: Vec<String> =
        lines
            .iter()
            .map(|line| {
                if line.is_empty() { format!("{indent}///") } else { format!("{indent}/// {line}") }
            })
            .collect();
    lines.join("\n")
}

/// A string literal that can hold anything.
pub(crate) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Text inside of backquotes in a line of documentation.
fn in_docs(text: &str) -> String {
    text.chars()
        .map(|character| if character == '`' || character.is_control() { '_' } else { character })
        .collect()
}

/// An import or re-export of one or several names of a module, sorted, over as many lines as needed.
pub(crate) fn use_list(keyword: &str, module: &str, names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let one = match names.as_slice() {
        [name] => format!("{keyword}{module}::{name};"),
        names => format!("{keyword}{module}::{{{}}};", names.join(", ")),
    };
    // rustfmt keeps the last column free behind a list in braces.
    if one.chars().count() < WIDTH {
        return one;
    }
    let mut lines = vec![format!("{keyword}{module}::{{")];
    let mut line = String::from("   ");
    for name in names {
        if line.len() + 1 + name.len() + 1 > WIDTH {
            lines.push(std::mem::replace(&mut line, String::from("   ")));
        }
        line.push(' ');
        line.push_str(name);
        line.push(',');
    }
    lines.push(line);
    lines.push("};".to_owned());
    lines.join("\n")
}

/// A function's head up to the opening brace, on one line where that fits.
fn signature(indent: &str, head: &str, arguments: &[String], returns: &str) -> String {
    let one = format!("{indent}{head}({}) -> {returns} {{", arguments.join(", "));
    if one.chars().count() <= WIDTH {
        return one;
    }
    let mut lines = vec![format!("{indent}{head}(")];
    lines.extend(arguments.iter().map(|argument| format!("{indent}    {argument},")));
    lines.push(format!("{indent}) -> {returns} {{"));
    lines.join("\n")
}

/// A constant whose value is a call followed by a chain of calls.
fn constant(head: &str, first: &str, chain: &[String]) -> String {
    let value = format!("{first}{}", chain.concat());
    let one = format!("{head} = {value};");
    if one.chars().count() <= WIDTH {
        return one;
    }
    if value.chars().count() + 5 <= WIDTH {
        return format!("{head} =\n    {value};");
    }
    let (mut lines, indent) = match format!("{head} = {first}").chars().count() <= WIDTH {
        true => (vec![format!("{head} = {first}")], "    "),
        false => (vec![format!("{head} ="), format!("    {first}")], "        "),
    };
    lines.extend(chain.iter().map(|call| format!("{indent}{call}")));
    lines.join("\n") + ";"
}

impl Struct {
    pub(crate) fn doc_block(&self) -> String {
        doc_block(&self.docs, "")
    }

    fn required(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.required)
    }

    pub(crate) fn optional_fields(&self) -> Vec<&Field> {
        self.fields.iter().filter(|field| !field.required).collect()
    }

    pub(crate) fn readings(&self) -> Vec<ReadingMethod<'_>> {
        self.fields
            .iter()
            .filter_map(|field| {
                let (method, reading) = field.reading.as_ref()?;
                Some(ReadingMethod { method, field: &field.name, reading: *reading })
            })
            .collect()
    }

    pub(crate) fn new_doc(&self) -> &'static str {
        match (self.required().next(), self.optional_fields().is_empty()) {
            (None, _) => "Nothing set yet.",
            (Some(_), true) => "With all that it takes.",
            (Some(_), false) => "With what is required; the rest is optional.",
        }
    }

    pub(crate) fn new_signature(&self) -> String {
        let arguments: Vec<String> =
            self.required().map(|field| format!("{}: {}", field.name, field.argument())).collect();
        signature("    ", "pub fn new", &arguments, "Self")
    }

    pub(crate) fn new_body(&self) -> String {
        let mut parts: Vec<String> = self.required().map(Field::initializer).collect();
        if parts.is_empty() {
            return "        Default::default()".to_owned();
        }
        if parts.len() < self.fields.len() {
            parts.push("..Default::default()".to_owned());
        }
        let one = format!("        Self {{ {} }}", parts.join(", "));
        if one.chars().count() <= WIDTH {
            return one;
        }
        let mut lines = vec!["        Self {".to_owned()];
        lines.extend(parts.iter().map(|part| match part.starts_with("..") {
            true => format!("            {part}"),
            false => format!("            {part},"),
        }));
        lines.push("        }".to_owned());
        lines.join("\n")
    }
}

/// A method that reads a text as something else.
pub(crate) struct ReadingMethod<'a> {
    pub(crate) method: &'a str,
    pub(crate) field: &'a str,
    reading: Reading,
}

impl ReadingMethod<'_> {
    pub(crate) fn doc(&self) -> String {
        let field = self.field;
        match self.reading {
            Reading::Time => format!("Reads [`{field}`](Self::{field}) as a time."),
            Reading::Percentage => {
                format!("Reads [`{field}`](Self::{field}) in percent: 100.0 is all of it.")
            }
            Reading::Integer => format!("Reads [`{field}`](Self::{field}) as a whole number."),
            Reading::List => {
                format!("Reads [`{field}`](Self::{field}) as a list joined with commas.")
            }
        }
    }

    pub(crate) fn rust_type(&self) -> &'static str {
        match self.reading {
            Reading::Time => "Option<SystemTime>",
            Reading::Percentage => "Option<f64>",
            Reading::Integer => "Option<i64>",
            Reading::List => "Vec<&str>",
        }
    }

    /// What makes the reading of the text, if there is a text.
    pub(crate) fn call(&self) -> &'static str {
        match self.reading {
            Reading::Time => "and_then(reading::time)",
            Reading::Percentage => "and_then(reading::percentage)",
            Reading::Integer => "and_then(reading::integer)",
            Reading::List => "map(reading::comma_list).unwrap_or_default()",
        }
    }
}

impl Field {
    pub(crate) fn doc_block(&self) -> String {
        let mut lines = self.docs.clone();
        if self.deprecated {
            lines.extend([String::new(), "**Deprecated** by the service.".to_owned()]);
        }
        doc_block(&lines, "    ")
    }

    pub(crate) fn rust_type(&self) -> String {
        let ty = self.ty.rust();
        if self.required || self.ty.is_collection() { ty } else { format!("Option<{ty}>") }
    }

    /// The names on the wire, as the table of a record has them.
    pub(crate) fn wire_text(&self) -> String {
        match &self.item {
            Some(item) => format!("{} / {}", literal(&self.wire), literal(item)),
            None => literal(&self.wire),
        }
    }

    pub(crate) fn travels_text(&self) -> &str {
        self.travels.as_deref().unwrap_or("query")
    }

    pub(crate) fn setter_kind(&self) -> String {
        match &self.ty {
            Ty::List(item) => format!("[{}]", item.rust()),
            Ty::Map(value) => format!("{{{}}}", value.rust()),
            Ty::Boxed(name) => format!("({name})"),
            other => other.rust(),
        }
    }

    /// The type of the argument of `new`.
    fn argument(&self) -> String {
        match &self.ty {
            Ty::Integer | Ty::Number | Ty::Boolean => self.ty.rust(),
            Ty::List(item) => format!("impl IntoIterator<Item = impl Into<{}>>", item.rust()),
            Ty::Map(value) => {
                format!(
                    "impl IntoIterator<Item = (impl Into<String>, impl Into<{}>)>",
                    value.rust()
                )
            }
            other => format!("impl Into<{}>", other.rust()),
        }
    }

    /// The field's initializer from the argument.
    fn initializer(&self) -> String {
        let name = &self.name;
        match &self.ty {
            Ty::Integer | Ty::Number | Ty::Boolean => name.clone(),
            Ty::List(_) => format!("{name}: {name}.into_iter().map(Into::into).collect()"),
            Ty::Map(_) => {
                format!(
                    "{name}: {name}.into_iter().map(|(key, value)| (key.into(), value.into())).collect()"
                )
            }
            _ => format!("{name}: {name}.into()"),
        }
    }
}

impl Enum {
    pub(crate) fn doc_block(&self) -> String {
        doc_block(&self.docs, "")
    }
}

impl Variant {
    pub(crate) fn doc_block(&self) -> String {
        doc_block(&self.docs, "    ")
    }

    pub(crate) fn literal(&self) -> String {
        literal(&self.text)
    }
}

impl ErrorCode {
    pub(crate) fn doc_block(&self) -> String {
        doc_block(&self.docs, "")
    }

    pub(crate) fn constant_item(&self) -> String {
        constant(&format!("pub const {}: &str", self.name), &literal(&self.code), &[])
    }
}

/// What the types of a file need from elsewhere.
#[derive(Default)]
pub(crate) struct Needs {
    bytes: bool,
    value: bool,
    map: bool,
    time: bool,
    reading: bool,
    paging: bool,
    shared: BTreeSet<String>,
}

impl Needs {
    pub(crate) fn ty(&mut self, ty: &Ty, own: &BTreeSet<&str>) {
        match ty {
            Ty::Bytes => self.bytes = true,
            Ty::Any => self.value = true,
            Ty::List(inner) => self.ty(inner, own),
            Ty::Map(inner) => {
                self.map = true;
                self.ty(inner, own);
            }
            Ty::Named(name) | Ty::Boxed(name) if !own.contains(name.as_str()) => {
                self.shared.insert(name.clone());
            }
            _ => {}
        }
    }

    pub(crate) fn fields(&mut self, one: &Struct, own: &BTreeSet<&str>) {
        for field in &one.fields {
            self.ty(&field.ty, own);
            if let Some((_, reading)) = &field.reading {
                self.reading = true;
                self.time |= *reading == Reading::Time;
            }
        }
        // The maps of setters and `new` take any iterator, but a field names its type.
    }

    /// The imports, in the three blocks that people know: std, other crates, this crate.
    pub(crate) fn lines(&self, shared: &str) -> Vec<String> {
        let mut blocks: Vec<Vec<String>> = Vec::new();
        let mut std = Vec::new();
        if self.map {
            std.push("use std::collections::BTreeMap;".to_owned());
        }
        if self.time {
            std.push("use std::time::SystemTime;".to_owned());
        }
        let wire: BTreeSet<String> = [
            ("Bytes", self.bytes),
            ("Paged", self.paging),
            ("Value", self.value),
            ("paging", self.paging),
            ("reading", self.reading),
        ]
        .into_iter()
        .filter(|(_, needed)| *needed)
        .map(|(name, _)| name.to_owned())
        .collect();
        blocks.push(std);
        blocks.push(if wire.is_empty() {
            Vec::new()
        } else {
            vec![use_list("use ", "alicloud_wire", &wire)]
        });
        blocks.push(if self.shared.is_empty() {
            Vec::new()
        } else {
            vec![use_list("use ", shared, &self.shared)]
        });
        blocks
            .into_iter()
            .filter(|block| !block.is_empty())
            .flat_map(|block| std::iter::once(String::new()).chain(block))
            .collect()
    }
}

impl Type {
    pub(crate) fn imports(&self) -> Vec<String> {
        let mut needs = Needs::default();
        if let Type::Struct(one) = self {
            needs.fields(one, &BTreeSet::from([one.name.as_str()]));
        }
        needs.lines("super")
    }
}

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
        let returns = format!("Wait<Vec<Tracked<{}>>>", self.item);
        signature("    ", &format!("pub fn {}", self.method), &arguments, &returns)
    }
}

impl Pager {
    pub(crate) fn take_items(&self) -> String {
        through(
            &self.items,
            "as_mut",
            |owner, field| format!("std::mem::take(&mut {owner}.{field})"),
            "map",
            ".unwrap_or_default()",
        )
    }

    pub(crate) fn next_page(&self) -> String {
        match &self.step {
            Step::Number { parameter, total } => {
                let total = through(
                    total,
                    "as_ref",
                    |owner, field| format!("{owner}.{field}"),
                    "and_then",
                    "",
                );
                let call = format!("paging::by_number(&mut self.{parameter}, total, items, seen)");
                format!("        let total = {total};\n        {call}")
            }
            Step::Token { parameter, next } => {
                let next = through(
                    next,
                    "as_ref",
                    |owner, field| format!("{owner}.{field}.as_deref()"),
                    "and_then",
                    "",
                );
                let call = format!("paging::by_token(&mut self.{parameter}, next)");
                format!(
                    "        let _ = (items, seen);\n        let next = {next};\n        {call}"
                )
            }
        }
    }
}

/// An expression for a field of a reply that stands behind optional structs.
fn through(
    way: &[String],
    borrow: &str,
    last: impl Fn(&str, &str) -> String,
    join: &str,
    or_else: &str,
) -> String {
    let Some((field, owners)) = way.split_last() else { return "None".to_owned() };
    let Some((first, rest)) = owners.split_first() else { return last("reply", field) };
    let mut text = format!("reply.{first}.{borrow}()");
    let mut owner = first.as_str();
    for next in rest {
        text.push_str(&format!(".and_then(|{owner}| {owner}.{next}.{borrow}())"));
        owner = next;
    }
    format!("{text}.{join}(|{owner}| {}){or_else}", last(owner, field))
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

    fn own_names(&self) -> BTreeSet<String> {
        BTreeSet::from([self.request.name.clone(), self.response.name.clone()])
    }

    pub(crate) fn client_imports(&self, model: &str) -> Vec<String> {
        let mut core = BTreeSet::from(["Call".to_owned(), "Operation".to_owned()]);
        let mut add = |names: &[&str]| core.extend(names.iter().map(|name| (*name).to_owned()));
        if self.reply_kind().is_some() {
            add(&["ReplyKind"]);
        }
        if self.pager.is_some() {
            add(&["Items", "Pages"]);
        }
        let mut models = self.own_names();
        if let Some(waiter) = &self.waiter {
            add(&["Tracked", "Wait", "Waiter"]);
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

    fn reply_kind(&self) -> Option<&'static str> {
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
                    chain.push(format!(".by({})", literal(&self.http_method)));
                }
                format!("Operation::rpc(&PRODUCT, {name})")
            }
        };
        if self.read_only {
            chain.push(".read_only()".to_owned());
        }
        if self.anonymous {
            chain.push(".anonymous()".to_owned());
        }
        if let Some(rate) = self.rate {
            chain.push(format!(".rate({rate})"));
        }
        if let Some(kind) = self.reply_kind() {
            chain.push(format!(".replies(ReplyKind::{kind})"));
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
            chain.push(format!(".endpoint({})", literal(endpoint)));
        }
        if !self.regions.is_empty() {
            chain.push(".regions(&REGIONS)".to_owned());
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

    /// What the crate root of the models shows: requests, replies and what operations share.
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

    /// A reply that goes through serde and comes out the same, when there is one simple enough.
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
            format!("let reply: {} = serde_json::from_str(json)?;", root.name),
            format!("assert_eq!(reply.{}.as_deref(), Some(\"E0C2EF95\"));", field.name),
            "assert_eq!(serde_json::to_string(&reply)?, json);".to_owned(),
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
        let chosen =
            callable.clone().find(|operation| operation.read_only).or_else(|| callable.next());
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
            format!("let reply = client.{}(request).await?;", operation.method),
            "println!(\"{reply:#?}\");".to_owned(),
            "# Ok(())".to_owned(),
            "# }".to_owned(),
        ])
    }
}

impl Field {
    /// An argument for an example, where one can be made up.
    fn example(&self) -> Option<String> {
        Some(match &self.ty {
            Ty::Text => "\"…\"".to_owned(),
            Ty::Integer => "1".to_owned(),
            Ty::Boolean => "true".to_owned(),
            Ty::List(item) if **item == Ty::Text => "[\"…\"]".to_owned(),
            _ => return None,
        })
    }
}

fn inner_docs(lines: &[String]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| if line.is_empty() { "//!".to_owned() } else { format!("//! {line}") })
        .collect();
    lines.join("\n")
}
