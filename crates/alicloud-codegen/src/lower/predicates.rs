//! Predicates of enums: from the overlay, and from the waiters that use an enum as their state.

use std::collections::BTreeSet;

use crate::diagnostics::Diagnostics;
use crate::ir::{Enum, Predicate, Product, Type, Waiter};
use crate::names;

/// Methods that every enum has.
const METHODS: [&str; 3] = ["as_str", "is_unknown", "normalize"];

/// Adds a predicate that is true for the values with these texts.
pub(super) fn add(enumeration: &mut Enum, name: &str, texts: &[String]) -> Result<(), String> {
    if names::snake(name) != name || METHODS.contains(&name) {
        return Err("it is not a name for a method, or every enum has one of this name".to_owned());
    }
    let variants = variants(enumeration, texts)?;
    if variants.is_empty() {
        return Err("it has no values".to_owned());
    }
    enumeration.predicates.push(Predicate { name: name.to_owned(), variants });
    Ok(())
}

/// Returns the variants with these texts. Case is ignored, as by the waiters.
fn variants(enumeration: &Enum, texts: &[String]) -> Result<Vec<String>, String> {
    let mut variants = Vec::new();
    for text in texts {
        let same = |known: &str| known.eq_ignore_ascii_case(text);
        let found = enumeration.variants.iter().find(|variant| same(&variant.text));
        let Some(variant) = found else {
            return Err(format!("{} has no value {text:?}", enumeration.name));
        };
        if !variants.contains(&variant.name) {
            variants.push(variant.name.clone());
        }
    }
    Ok(variants)
}

/// Adds `is_success` and `is_failure` to the enums that are states of waiters, unless the overlay has them
/// or the waiters disagree. An enum that lacks a state of its waiter is an error.
pub(super) fn derive(product: &mut Product, diagnostics: &mut Diagnostics) {
    let Product { operations, types, .. } = product;
    // The operation that has the enum of its own, if so; the name of the enum; the predicate.
    let mut derived: BTreeSet<(Option<String>, String, &str)> = BTreeSet::new();
    for operation in operations {
        for waiter in &operation.waiters {
            let Waiter { state_enum: Some(name), success, failure, .. } = waiter else { continue };
            let is_own = operation.types.iter().any(|ty| ty.name() == name);
            let owner = is_own.then(|| operation.name.clone());
            let mut own_and_shared = operation.types.iter_mut().chain(types.iter_mut());
            let Some(Type::Enum(enumeration)) = own_and_shared.find(|ty| ty.name() == name) else {
                continue;
            };
            for (predicate, texts) in [("is_success", success), ("is_failure", failure)] {
                let variants = match variants(enumeration, texts) {
                    Ok(variants) if variants.is_empty() => continue,
                    Ok(variants) => variants,
                    Err(reason) => {
                        diagnostics.error(
                            operation.name.clone(),
                            format!(
                                "the overlay's waiter {:?} is invalid: {reason}",
                                waiter.method
                            ),
                            "add the value to `enum.values`, or correct the waiter",
                        );
                        continue;
                    }
                };
                let key = (owner.clone(), name.clone(), predicate);
                match enumeration.predicates.iter().find(|old| old.name == predicate) {
                    None if derived.insert(key.clone()) => {
                        enumeration
                            .predicates
                            .push(Predicate { name: predicate.to_owned(), variants });
                    }
                    // Each of several waiters for different states has another idea of success.
                    Some(old) if derived.contains(&key) && old.variants != variants => {
                        enumeration.predicates.retain(|old| old.name != predicate);
                    }
                    _ => {}
                }
            }
        }
    }
}
