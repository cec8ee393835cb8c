//! Layers: no import cycle between files, and none between the folders and files of one folder.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use syn::visit::{self, Visit};

/// The path of a module in its crate; empty for the root.
type Module = Vec<String>;

/// Imports between modules: the one that imports, and the one that defines what is imported.
type Imports = BTreeSet<(Module, Module)>;

#[test]
fn imports_have_no_cycles() {
    let (mut imports, mut files, mut cycles) = (0, 0, Vec::new());
    for root in crate_roots() {
        let source = Crate::read(&root);
        let found = source.imports();
        imports += found.len();
        files += source.modules.len();
        let name = root.strip_prefix(workspace()).unwrap().display().to_string();
        let all_cycles = file_cycles(&found).into_iter().chain(folder_cycles(&found));
        cycles.extend(all_cycles.map(|cycle| format!("{name}: {cycle}")));
    }
    println!("{imports} imports between {files} files, {} cycles", cycles.len());
    assert!(imports > 500, "only {imports} imports were read");
    assert!(cycles.is_empty(), "import cycles:\n{}", cycles.join("\n"));
}

#[test]
fn cycles_are_found() {
    let module = |path: &str| path.split('/').map(str::to_owned).collect::<Module>();
    let imports = |pairs: &[(&str, &str)]| -> Imports {
        pairs.iter().map(|(from, to)| (module(from), module(to))).collect()
    };
    let file_cycle = imports(&[("a", "a/b"), ("a/b", "a/c"), ("a/c", "a")]);
    assert_eq!(file_cycles(&file_cycle), ["a ↔ a/b ↔ a/c"]);
    let folder_cycle = imports(&[("a/b", "d/e"), ("d/f", "a/c")]);
    assert!(file_cycles(&folder_cycle).is_empty());
    assert_eq!(folder_cycles(&folder_cycle), ["a ↔ d"]);
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Returns the root files of the libraries and programs that are written by hand.
fn crate_roots() -> Vec<PathBuf> {
    let mut roots = Vec::new();
    let mut folders = vec![
        workspace().join("xtask"),
        workspace().join("tests"),
        workspace().join("tests/conformance"),
        workspace().join("tests/interop"),
    ];
    let crates = fs::read_dir(workspace().join("crates")).unwrap();
    folders.extend(crates.map(|entry| entry.unwrap().path()));
    for folder in folders {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        if manifest.starts_with("# Generated") {
            continue;
        }
        let source = folder.join("src");
        let mut candidates = vec![source.join("lib.rs"), source.join("main.rs")];
        if let Ok(entries) = fs::read_dir(source.join("bin")) {
            candidates.extend(entries.map(|entry| entry.unwrap().path().join("main.rs")));
        }
        roots.extend(candidates.into_iter().filter(|root| root.is_file()));
    }
    roots.sort();
    assert!(roots.len() > 5, "{roots:?}");
    roots
}

/// The source of a crate.
struct Crate {
    modules: BTreeMap<Module, Paths>,
}

/// The paths in a module.
#[derive(Default)]
struct Paths {
    /// `use` declarations, and whether they export.
    uses: Vec<(Vec<String>, bool)>,
    /// Paths in code.
    others: Vec<Vec<String>>,
    children: Vec<String>,
}

impl Crate {
    fn read(root: &Path) -> Crate {
        let mut source = Crate { modules: BTreeMap::new() };
        source.read_module(Vec::new(), root, root.parent().unwrap());
        source
    }

    /// Reads a module from its file, and its children from its folder.
    fn read_module(&mut self, module: Module, file: &Path, folder: &Path) {
        let text = fs::read_to_string(file).unwrap();
        let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        let mut paths = Paths::default();
        paths.visit_file(&syntax);
        for child in paths.children.clone() {
            let (file, folder) = (folder.join(format!("{child}.rs")), folder.join(&child));
            self.read_module([&module[..], &[child]].concat(), &file, &folder);
        }
        self.modules.insert(module, paths);
    }

    fn imports(&self) -> Imports {
        let mut imports = Imports::new();
        for (module, paths) in &self.modules {
            let exported = |path: &[String]| path.starts_with(module) && path.len() > module.len();
            let uses = paths.uses.iter().map(|(path, is_export)| (path, *is_export));
            for (path, is_export) in uses.chain(paths.others.iter().map(|path| (path, false))) {
                let Some(path) = self.absolute(module, path) else { continue };
                // A facade is no layer: what it exports is imported from where it is defined.
                if is_export && exported(&path) {
                    continue;
                }
                let definition = self.definition(path, 0);
                if definition != *module {
                    imports.insert((module.clone(), definition));
                }
            }
        }
        imports
    }

    /// Returns a path from the root of the crate, or `None` for one of another crate.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let first = path.first()?;
        let supers = path.iter().take_while(|part| *part == "super").count();
        match first.as_str() {
            "crate" => Some(path[1..].to_vec()),
            "self" => Some([module, &path[1..]].concat()),
            "super" => Some([module.get(..module.len() - supers)?, &path[supers..]].concat()),
            child if self.modules[module].children.iter().any(|known| known == child) => {
                Some([module, path].concat())
            }
            _ => None,
        }
    }

    /// Returns the module that defines what a path names, through exports.
    fn definition(&self, path: Vec<String>, depth: usize) -> Module {
        let length = (0..=path.len()).rev().find(|end| self.modules.contains_key(&path[..*end]));
        let (module, rest) = path.split_at(length.unwrap_or_default());
        let export = rest.first().and_then(|name| {
            let exports = self.modules[module].uses.iter().filter(|(_, is_export)| *is_export);
            let mut named = exports.filter(|(path, _)| path.last() == Some(name));
            self.absolute(module, &named.next()?.0)
        });
        match export {
            Some(target) if depth < 10 && target != path => {
                self.definition([target, rest[1..].to_vec()].concat(), depth + 1)
            }
            _ => module.to_vec(),
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        match &item.content {
            None => self.children.push(item.ident.to_string()),
            // Tests may use everything.
            Some(_) if item.ident == "tests" => {}
            Some(_) => visit::visit_item_mod(self, item),
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let is_export = !matches!(item.vis, syn::Visibility::Inherited);
        flatten(&item.tree, &mut Vec::new(), &mut |path| self.uses.push((path, is_export)));
    }

    // `pub(in crate::module)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            self.others.push(path.segments.iter().map(|part| part.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }
}

/// Lists the paths of a `use` declaration.
fn flatten(tree: &syn::UseTree, prefix: &mut Vec<String>, add: &mut dyn FnMut(Vec<String>)) {
    match tree {
        syn::UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            flatten(&path.tree, prefix, add);
            prefix.pop();
        }
        syn::UseTree::Group(group) => {
            group.items.iter().for_each(|tree| flatten(tree, prefix, add));
        }
        syn::UseTree::Name(name) if name.ident == "self" => add(prefix.clone()),
        syn::UseTree::Name(name) => add([&prefix[..], &[name.ident.to_string()]].concat()),
        syn::UseTree::Rename(name) => add([&prefix[..], &[name.ident.to_string()]].concat()),
        syn::UseTree::Glob(_) => add(prefix.clone()),
    }
}

fn file_cycles(imports: &Imports) -> Vec<String> {
    let edges = imports.iter().map(|(from, to)| (from.join("/"), to.join("/"))).collect();
    cycles(&edges)
}

/// Returns the cycles between the children of a folder, each with everything below it.
fn folder_cycles(imports: &Imports) -> Vec<String> {
    let edges = imports.iter().filter_map(|(from, to)| {
        let common = from.iter().zip(to).take_while(|(from, to)| from == to).count();
        // A file and what is below it are no siblings.
        let (from, to) = (from.get(..=common)?, to.get(..=common)?);
        Some((from.join("/"), to.join("/")))
    });
    cycles(&edges.collect())
}

fn cycles(edges: &BTreeSet<(String, String)>) -> Vec<String> {
    let graph: DiGraphMap<&str, ()> =
        edges.iter().map(|(from, to)| (from.as_str(), to.as_str(), ())).collect();
    let components = tarjan_scc(&graph).into_iter().filter(|component| component.len() > 1);
    let sorted = components.map(|mut component| {
        component.sort_unstable();
        component.join(" ↔ ")
    });
    sorted.collect()
}
