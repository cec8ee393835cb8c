//! Types that would contain themselves.

use std::collections::BTreeMap;

use crate::ir::{Ty, Type};

/// Boxes each field by which a struct would contain itself. Only shared types can be recursive: the
/// types of an operation form a tree.
///
/// Two structs contain each other if and only if they are in the same strongly connected component.
pub(super) fn box_cycles(shared: &mut BTreeMap<String, Type>) {
    let indices: BTreeMap<String, usize> =
        shared.keys().enumerate().map(|(index, name)| (name.clone(), index)).collect();
    let edges: Vec<Vec<usize>> = shared
        .values()
        .map(|ty| match ty {
            Type::Struct(structure) => {
                let targets = structure.fields.iter().filter_map(|field| contained(&field.ty));
                targets.filter_map(|name| indices.get(name).copied()).collect()
            }
            Type::Enum(_) => Vec::new(),
        })
        .collect();
    let components = components(&edges);
    for (ty, own) in shared.values_mut().zip(&components) {
        let Type::Struct(structure) = ty else { continue };
        for field in &mut structure.fields {
            let Some(target) = contained(&field.ty) else { continue };
            let is_in_cycle =
                indices.get(target).and_then(|index| components.get(*index)) == Some(own);
            if is_in_cycle {
                field.ty = Ty::Boxed(target.to_owned());
            }
        }
    }
}

/// Returns the type that a field contains directly, not through a list or a map.
fn contained(ty: &Ty) -> Option<&str> {
    match ty {
        Ty::Named(name) => Some(name),
        _ => None,
    }
}

/// Returns a node of the strongly connected component of each node, the same for all of its nodes.
///
/// Kosaraju's algorithm, in linear time. The stack is explicit, because a chain can be long.
fn components(edges: &[Vec<usize>]) -> Vec<Option<usize>> {
    let targets = |node: usize| edges.get(node).map(Vec::as_slice).unwrap_or_default();
    let mut is_visited = vec![false; edges.len()];
    let mut visit = |node: usize| {
        is_visited.get_mut(node).is_some_and(|visited| !std::mem::replace(visited, true))
    };
    // The nodes in the order in which everything that they reach was visited.
    let mut finished = Vec::with_capacity(edges.len());
    for root in 0..edges.len() {
        if !visit(root) {
            continue;
        }
        let mut path = vec![(root, targets(root).iter())];
        while let Some((node, unvisited)) = path.last_mut() {
            match unvisited.next() {
                Some(target) if visit(*target) => path.push((*target, targets(*target).iter())),
                Some(_) => {}
                None => {
                    finished.push(*node);
                    path.pop();
                }
            }
        }
    }
    let mut sources: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (source, targets) in edges.iter().enumerate() {
        for target in targets {
            if let Some(sources) = sources.get_mut(*target) {
                sources.push(source);
            }
        }
    }
    let mut components = vec![None; edges.len()];
    for root in finished.into_iter().rev() {
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            if let Some(component @ None) = components.get_mut(node) {
                *component = Some(root);
                pending.extend(sources.get(node).into_iter().flatten());
            }
        }
    }
    components
}
