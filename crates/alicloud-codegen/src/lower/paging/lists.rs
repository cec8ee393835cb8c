//! The list of the items of a page, and the number of all items.

use super::fields::{List, Scalar, is_number};
use super::names;

/// Returns the list of the items. With several lists:
///
/// 1. the list that the overlay names,
/// 2. the only list,
/// 3. the only list of objects beside lists of scalars,
/// 4. the list that the operation is named after, `Rules` of `ListRules`, unless its name contains
///    another list as well,
/// 5. the only list of objects in the same object as a total or a token for the next page.
pub(super) fn choose_list<'l>(
    operation: &str,
    lists: &'l [List],
    scalars: &[Scalar],
    chosen: Option<&str>,
) -> Result<&'l List, String> {
    if let Some(chosen) = chosen {
        let all = || lists.iter().map(List::wire_path).collect::<Vec<_>>().join(", ");
        return lists
            .iter()
            .find(|list| list.wire_path() == chosen)
            .ok_or_else(|| format!("there is no list {chosen:?}; the lists are: {}", all()));
    }
    let only = |condition: &dyn Fn(&List) -> bool| {
        let mut matching = lists.iter().filter(|list| condition(list));
        matching.next().filter(|_| matching.next().is_none())
    };
    if lists.is_empty() {
        return Err("the response has no list".to_owned());
    }
    let has_objects = |list: &List| !list.item.is_scalar();
    let is_beside_total = |list: &List| {
        scalars.iter().any(|scalar| {
            scalar.owners() == list.owners() && names::is_clear_counterpart(&scalar.name)
        })
    };
    only(&|_| true)
        .or_else(|| only(&has_objects))
        .or_else(|| {
            only(&|list| list.names.iter().any(|name| names::is_in_name(operation, name)))
                .filter(|list| list.names.iter().any(|name| names::is_named_after(operation, name)))
        })
        .or_else(|| only(&|list| has_objects(list) && is_beside_total(list)))
        .ok_or_else(|| {
            let all: Vec<String> = lists.iter().map(List::wire_path).collect();
            format!("the response has several lists: {}", all.join(", "))
        })
}

/// Returns the number of items of all pages, and whether it could be that of one page: the closest to the
/// list, then the one with the clearest name.
pub(super) fn total<'s>(list: &List, scalars: &'s [Scalar]) -> Option<(&'s Scalar, bool)> {
    let owners = list.path.0.len().saturating_sub(1);
    scalars
        .iter()
        .filter(|scalar| is_number(&scalar.ty))
        .filter_map(|scalar| {
            let rank = names::total_rank(&scalar.name, &list.names)?;
            let shared = list.path.0.iter().take(owners).zip(&scalar.path.0);
            let shared = shared.take_while(|(left, right)| left == right).count();
            let is_ambiguous = rank >= names::AMBIGUOUS_TOTAL;
            let key = (is_ambiguous, scalar.path.0.len() - shared, rank, owners - shared);
            Some((key, (scalar, is_ambiguous)))
        })
        .min_by_key(|(key, _)| *key)
        .map(|(_, total)| total)
}
