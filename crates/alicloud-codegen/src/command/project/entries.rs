//! The products of a project, checked.

use std::path::PathBuf;

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::ir::Layout;
use alicloud_codegen::names;
use toml::Spanned;

use super::document::{Output, ProductTable};
use super::lines::{Lines, inner_path};

/// A product to generate.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The file and line of the entry: `alicloud.toml:3:`.
    pub(crate) place: String,
    pub(crate) product: String,
    pub(crate) version: String,
    /// The operations and their places; empty means all.
    pub(crate) operations: Vec<(String, String)>,
    pub(crate) layout: Layout,
    /// The name in the names of the crates.
    pub(crate) name: Option<String>,
    /// The folder that the paths of generated files are relative to.
    pub(crate) folder: PathBuf,
    /// The folders that belong to the generator.
    pub(crate) outputs: Vec<String>,
    pub(crate) overlay: Option<String>,
    pub(crate) docs: Option<String>,
    /// The file with the description, instead of the source of the project.
    pub(crate) description: Option<String>,
}

impl Entry {
    /// Returns product and version.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.product, self.version)
    }
}

/// Checks the entries of a project file.
pub(super) fn check(
    tables: Vec<Spanned<ProductTable>>,
    lines: &Lines<'_>,
) -> Result<Vec<Entry>, CommandError> {
    let mut entries: Vec<Entry> = Vec::new();
    for table in tables {
        let offset = table.span().start;
        let entry = entry(table.into_inner(), offset, lines)?;
        let shared = entries.iter().find_map(|other| Some((other, shared_output(&entry, other)?)));
        if let Some((other, output)) = shared {
            let (title, place) = (entry.title(), other.place.trim_end_matches(':'));
            if lines.is_added(offset) && other.title() == title {
                return Err(lines.error(
                    offset,
                    &format!("{title} already writes to {output} (at {place}); add to its `operations`, or set --path or --name"),
                ));
            }
            return Err(lines.error(
                offset,
                &format!(
                    "{title} and {} (at {place}) both write to {output}; change `path`{} of one of them",
                    other.title(),
                    match entry.layout {
                        Layout::Module { .. } => "",
                        _ => " or `name`",
                    }
                ),
            ));
        }
        entries.push(entry);
    }
    check_inputs(&entries)?;
    Ok(entries)
}

/// Checks that no overlay or description is in a folder of generated files.
fn check_inputs(entries: &[Entry]) -> Result<(), CommandError> {
    for entry in entries {
        for input in [&entry.overlay, &entry.docs, &entry.description].into_iter().flatten() {
            let path = inner_path(input).unwrap_or_default().to_lowercase();
            let mut outputs = entries.iter().flat_map(|entry| &entry.outputs);
            let folder = outputs.find(|output| path.starts_with(&(output.to_lowercase() + "/")));
            if let Some(folder) = folder {
                return Err(CommandError::new(format!(
                    "error: {} {input:?} is in {folder}, which must only have generated files; move it out of the folder",
                    entry.place
                )));
            }
        }
    }
    Ok(())
}

/// Returns a folder of an entry that is in one of another entry, or that has one in it.
fn shared_output<'e>(entry: &'e Entry, other: &Entry) -> Option<&'e str> {
    // File systems can ignore the case of names.
    let folder = |output: &String| output.to_lowercase() + "/";
    let is_shared = |output: &&String| {
        let new = folder(output);
        let mut old = other.outputs.iter().map(folder);
        old.any(|old| new.starts_with(&old) || old.starts_with(&new))
    };
    entry.outputs.iter().find(is_shared).map(String::as_str)
}

fn entry(table: ProductTable, offset: usize, lines: &Lines<'_>) -> Result<Entry, CommandError> {
    for (key, value) in [("product", &table.product), ("version", &table.version)] {
        if !names::is_plain(value.get_ref()) {
            return Err(lines.error(
                value.span().start,
                &format!(
                    "invalid {key} {:?}; use letters, digits, `-`, `_` and `.`",
                    value.get_ref()
                ),
            ));
        }
    }
    let mut operations = Vec::new();
    if let Some(list) = &table.operations {
        if list.get_ref().is_empty() {
            return Err(lines.error(
                list.span().start,
                "no operations; name some, or remove the key to generate all",
            ));
        }
        for operation in list.get_ref() {
            if operations.iter().any(|(name, _)| name == operation.get_ref()) {
                return Err(lines.error(
                    operation.span().start,
                    &format!("duplicate operation {:?}; remove one", operation.get_ref()),
                ));
            }
            operations.push((operation.get_ref().clone(), lines.place(operation.span().start)));
        }
    }
    let inner =
        |path: Option<&Spanned<String>>| path.map(|path| lines.inner_path(path)).transpose();
    let path = lines.inner_path(&table.path)?;
    if let (Some(name), Output::Module) = (&table.name, table.output) {
        return Err(lines.error(
            name.span().start,
            "`name` is for crates; the last part of `path` names a module",
        ));
    }
    let name = table.name.as_ref().map(|name| name.get_ref().clone());
    if let Some(name) = table.name.as_ref().filter(|name| !names::is_plain(name.get_ref())) {
        return Err(lines.error(
            name.span().start,
            &format!("invalid name {:?}; use letters, digits, `-`, `_` and `.`", name.get_ref()),
        ));
    }
    let product = table.product.get_ref().clone();
    let crate_name = format!("alicloud-{}", names::crate_stem(name.as_deref().unwrap_or(&product)));
    let (layout, folder, outputs) = match table.output {
        Output::Module => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let module = module_path(&path).ok_or_else(|| {
                lines.error(
                    table.path.span().start,
                    &format!(
                        "{path:?} is not a module; write the folder of one below `src`, such as \"src/aliyun/{}\", or set `output`",
                        names::snake(&product).trim_start_matches("r#")
                    ),
                )
            })?;
            (Layout::Module { path: module }, PathBuf::from(folder), vec![path.clone()])
        }
        Output::Crate => {
            (Layout::Crate, PathBuf::from(&path), vec![format!("{path}/{crate_name}")])
        }
        Output::Crates => {
            let names = [format!("{path}/{crate_name}"), format!("{path}/{crate_name}-model")];
            (Layout::CratePair, PathBuf::from(&path), names.to_vec())
        }
    };
    Ok(Entry {
        place: lines.place(offset),
        product,
        version: table.version.get_ref().clone(),
        operations,
        layout,
        name,
        folder,
        outputs,
        overlay: inner(table.overlay.as_ref())?,
        docs: inner(table.docs.as_ref())?,
        description: table.description.map(Spanned::into_inner),
    })
}

/// Returns the path of a module in its crate: `aliyun::ecs` for `src/aliyun/ecs` and `src/bin/tool/aliyun/ecs`.
fn module_path(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let src = parts.iter().rposition(|part| *part == "src")?;
    let modules = match parts.get(src + 1..)? {
        // A program of its own: `src/bin/NAME/main.rs` is the root of a crate.
        ["bin", _, modules @ ..] if !modules.is_empty() => modules,
        modules => modules,
    };
    let is_module = |part: &&str| {
        let is_snake = part
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        is_snake && names::snake(part) == **part
    };
    (!modules.is_empty() && modules.iter().all(is_module)).then(|| modules.join("::"))
}
