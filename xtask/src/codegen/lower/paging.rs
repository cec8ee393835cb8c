//! Recognizes paged responses, from the names and types of parameters and response fields.
//!
//! A pager needs three things: one list in the response, a parameter that selects the page (a page
//! number, an offset or a token), and a value of the response that tells whether there is more (a total,
//! a number of pages, a flag, or the token for the next page). They may be in objects of the request and
//! of the response. Names are compared without case and punctuation ([`names`]).

mod fields;
mod names;

use std::collections::{BTreeMap, BTreeSet};

use fields::{List, Scalar, Schemas};
pub(super) use names::plain;

use crate::codegen::diagnostics::Diagnostics;
use crate::codegen::ir::{
    CounterParameter, Field, FieldPath, Operation, Pager, Product, Root, Struct, TokenParameter,
    Ty, Type,
};
use crate::codegen::overlay::{Overlay, PagesSetting};
use crate::codegen::spec::Spec;

/// Recognizes the pager of each operation. An overlay overrides the recognition with `pages`.
pub(super) fn recognize(
    product: &mut Product,
    spec: &Spec,
    overlay: &Overlay,
    diagnostics: &mut Diagnostics,
) {
    let shared: BTreeMap<String, Type> =
        product.types.iter().map(|ty| (ty.name().to_owned(), ty.clone())).collect();
    let methods: BTreeSet<String> =
        product.operations.iter().map(|operation| operation.method.clone()).collect();
    let described: BTreeMap<&str, &str> = spec
        .operations
        .iter()
        .map(|operation| (operation.name.as_str(), operation.pointer.as_str()))
        .collect();
    let Product { operations, types, .. } = product;
    for operation in operations {
        let setting = overlay.pages(&operation.name);
        if setting == Some(PagesSetting::Recognize(false)) {
            continue;
        }
        let method = ["items", "pages"]
            .iter()
            .map(|suffix| operation.paged_method(suffix))
            .find(|method| methods.contains(method));
        let recognized = match pager(operation, &shared, spec, setting.as_ref()) {
            // The method of an operation takes precedence over the methods of a pager.
            Ok(_) if method.is_some() => Err(NoPager {
                is_certain: true,
                reason: format!(
                    "another operation has its method `{}`",
                    method.unwrap_or_default()
                ),
            }),
            recognized => recognized,
        };
        match recognized {
            Ok(pager) => {
                adapt_fields(operation, types, &pager);
                operation.pager = Some(pager);
            }
            Err(NoPager { reason, .. }) if setting.is_some() => diagnostics.error_in(
                overlay.file(),
                operation.name.clone(),
                format!("the operation has no pager although the overlay sets `pages`: {reason}"),
                "name the list with `pages = \"Name\"`, or remove `pages`",
            ),
            Err(NoPager { is_certain: true, reason }) => diagnostics.note(
                described.get(operation.name.as_str()).copied().unwrap_or_default(),
                format!("{} has page parameters, but no pager: {reason}", operation.name),
                "only single pages can be requested; if it has pages, set `pages` in an overlay to the name of the list",
            ),
            Err(_) => {}
        }
    }
}

/// Adapts the fields that a pager sets: a token of a page is not secret, and a page size in an object that
/// the pager creates cannot be required.
fn adapt_fields(operation: &mut Operation, shared: &mut [Type], pager: &Pager) {
    let Operation { request, response, types: own, .. } = operation;
    for size in [&pager.size, &pager.token_size].into_iter().flatten() {
        if !size.owners().is_empty()
            && let Some(field) = field_mut(request, own, shared, &size.0)
        {
            field.required = false;
        }
    }
    let Some(token) = &pager.token else { return };
    if let Some(field) = field_mut(request, own, shared, &token.parameter.0)
        && field.ty.is_text()
    {
        field.ty = Ty::Text;
    }
    if let Root::Struct(root) = &mut response.root
        && let Some(field) = field_mut(root, own, shared, &token.next.0)
        && field.ty.is_text()
    {
        field.ty = Ty::Text;
    }
}

/// Returns the field at a path of names in Rust.
fn field_mut<'a>(
    root: &'a mut Struct,
    own: &'a mut [Type],
    shared: &'a mut [Type],
    path: &[String],
) -> Option<&'a mut Field> {
    let (name, objects) = path.split_last()?;
    let mut owner: Option<String> = None;
    for object in objects {
        let structure = match &owner {
            None => &*root,
            Some(owner) => own.iter().chain(&*shared).find_map(|ty| ty.as_struct(owner))?,
        };
        let field = structure.fields.iter().find(|field| field.name == *object)?;
        owner = Some(field.ty.named()?.to_owned());
    }
    let structure = match &owner {
        None => root,
        Some(owner) => own.iter_mut().chain(shared).find_map(|ty| match ty {
            Type::Struct(structure) if structure.name == *owner => Some(structure),
            _ => None,
        })?,
    };
    structure.fields.iter_mut().find(|field| field.name == *name)
}

/// Why an operation has no pager.
struct NoPager {
    /// Whether it certainly has page parameters.
    is_certain: bool,
    reason: String,
}

/// Returns the pager of an operation.
fn pager(
    operation: &Operation,
    shared: &BTreeMap<String, Type>,
    spec: &Spec,
    setting: Option<&PagesSetting>,
) -> Result<Pager, NoPager> {
    let is_forced = setting.is_some();
    let list = match setting {
        Some(PagesSetting::List(list)) => Some(list.as_str()),
        _ => None,
    };
    let schemas = Schemas { own: &operation.types, shared };
    let parameters = schemas.parameters(&operation.request);
    let has_page_parameter =
        parameters.iter().any(|parameter| names::is_page_parameter(&parameter.name));
    let root = match &operation.response.root {
        Root::Struct(root) => Some(root),
        Root::Alias { target: Ty::Named(name), .. } => schemas.find_struct(name),
        Root::Alias { .. } => None,
    };
    let Some(root) = root else {
        let reason = "the response is not an object".to_owned();
        return Err(NoPager { is_certain: has_page_parameter, reason });
    };
    let (lists, scalars) = schemas.response(root);
    let possible_token = possible_token(&parameters, &scalars).filter(|_| !lists.is_empty());
    let is_certain = has_page_parameter || possible_token.is_some();
    let no_pager = |reason: String| NoPager { is_certain, reason };
    let list = choose_list(&operation.name, &lists, &scalars, list).map_err(no_pager)?;

    let size = find(&parameters, names::SIZES, is_number);
    let counter = counter(operation, &parameters, &scalars, spec, size.is_some());
    let has_more =
        find(&scalars, names::FLAGS, |ty| matches!(ty, Ty::Boolean | Ty::Text | Ty::Integer));
    let is_confirmed = size.is_some() || has_more.is_some();
    // Beside a page number, such a parameter is a filter.
    let possible_token = possible_token.filter(|_| counter.is_none());
    let token = match token(&parameters, &scalars, size.is_some()).map_err(no_pager)? {
        None if is_confirmed => possible_token.map(|(parameter, next)| TokenParameter {
            parameter: parameter.path.clone(),
            next: next.path.clone(),
        }),
        token => token,
    };
    if token.is_none() && counter.is_none() {
        return Err(no_pager(match has_page_parameter {
            _ if possible_token.is_some() => {
                let name = possible_token.map(|(parameter, _)| parameter.wire.join("."));
                format!(
                    "{} can select a page, but there is neither a page size nor a flag for more",
                    name.unwrap_or_default()
                )
            }
            true => "no parameter that selects a page has a counterpart in the response".to_owned(),
            false => "there is no page parameter".to_owned(),
        }));
    }
    let (total, count) = match total(list, &scalars) {
        Some((total, false)) => (Some(total.path.clone()), None),
        Some((count, true)) => (None, Some(count.path.clone())),
        None => (None, None),
    };
    let counts_pages = counter.as_ref().is_some_and(|counter| !counter.is_offset);
    let page_count = (total.is_none() && count.is_none() && counts_pages)
        .then(|| find(&scalars, names::PAGE_COUNTS, is_number))
        .flatten();
    // Beside a page number without a page size, a count can be that of anything on a page.
    let count = count.filter(|_| size.is_some() || token.is_some());
    let tells_more =
        total.is_some() || count.is_some() || page_count.is_some() || has_more.is_some();
    // Without either, the list ends with an empty page; only an overlay knows whether that is so.
    if token.is_none() && !tells_more && !is_forced {
        return Err(no_pager(
            "the response has neither a total nor a token for the next page".to_owned(),
        ));
    }
    // The page size tells how many items are before a page, and whether a page is full.
    let is_size_used = count.is_some() || counts_pages;
    let is_response_size_used = count.is_some() || (counts_pages && token.is_some());
    let response_size = find(&scalars, names::RESPONSE_SIZES, is_number);
    // Reading the size must not add an object to the request.
    let adds_object = |size: &FieldPath| {
        let counter = counter.as_ref().map(|counter| counter.parameter.owners());
        let token = token.as_ref().map(|token| token.parameter.owners());
        ![counter, token].into_iter().flatten().any(|owners| owners.starts_with(size.owners()))
    };
    let path = |scalar: Option<&Scalar>| scalar.map(|scalar| scalar.path.clone());
    let token_size = find(&parameters, names::TOKEN_SIZES, is_number).filter(|token_size| {
        counts_pages && token.is_some() && size.is_some_and(|size| size.name != token_size.name)
    });
    let size = path(size).filter(|size| is_size_used && !adds_object(size));
    Ok(Pager {
        items: list.path.clone(),
        item: list.item.clone(),
        token_size: path(token_size)
            .filter(|token_size| size.is_some() && !adds_object(token_size)),
        token,
        counter,
        size,
        response_size: path(response_size).filter(|_| is_response_size_used),
        total,
        count,
        page_count: path(page_count),
        has_more: path(has_more),
    })
}

/// Returns the list of the items. With several lists:
///
/// 1. the list that the overlay names,
/// 2. the only list,
/// 3. the only list of objects beside lists of scalars,
/// 4. the list that the operation is named after, `Rules` of `ListRules`, unless its name contains
///    another list as well,
/// 5. the only list of objects in the same object as a total or a token for the next page.
fn choose_list<'l>(
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

fn is_number(ty: &Ty) -> bool {
    matches!(ty, Ty::Integer | Ty::Text | Ty::Number)
}

/// Returns the value with the first of these names, closest to the root.
fn find<'s>(
    scalars: &'s [Scalar],
    names: &[&str],
    is_allowed: impl Fn(&Ty) -> bool,
) -> Option<&'s Scalar> {
    names.iter().find_map(|name| {
        scalars
            .iter()
            .filter(|scalar| scalar.name == *name && is_allowed(&scalar.ty))
            .min_by_key(|scalar| scalar.path.0.len())
    })
}

/// Returns the page number, or else the offset.
fn counter(
    operation: &Operation,
    parameters: &[Scalar],
    scalars: &[Scalar],
    spec: &Spec,
    has_size: bool,
) -> Option<CounterParameter> {
    let number = find(parameters, names::NUMBERS, is_number)
        .or_else(|| {
            let is_number = |parameter: &&Scalar| {
                names::is_page_number(&parameter.name) && is_number(&parameter.ty)
            };
            parameters.iter().find(is_number)
        })
        .or_else(|| {
            find(parameters, names::WEAK_NUMBERS, |ty| *ty == Ty::Integer).filter(|_| has_size)
        })
        .map(|number| (number, false, 1));
    let (parameter, is_offset, usual) = number.or_else(|| {
        let offset = find(parameters, names::OFFSETS, is_number).or_else(|| {
            // Without a page size, such a name can mean anything.
            find(parameters, names::WEAK_OFFSETS, |ty| *ty == Ty::Integer).filter(|_| has_size)
        });
        offset.map(|offset| (offset, true, 0))
    })?;
    let first = fields::first_value(spec, &operation.name, &parameter.wire).unwrap_or(usual);
    let others = if is_offset { &[] } else { names::NUMBERS };
    let echo = find(scalars, &[parameter.name.as_str()], is_number)
        .or_else(|| find(scalars, others, is_number))
        .map(|echo| echo.path.clone());
    Some(CounterParameter { parameter: parameter.path.clone(), is_offset, first, echo })
}

/// Returns a parameter that can be a token and its counterpart in the response, if there is one such pair.
fn possible_token<'s>(
    parameters: &'s [Scalar],
    scalars: &'s [Scalar],
) -> Option<(&'s Scalar, &'s Scalar)> {
    let is_token_type = |scalar: &&Scalar| scalar.ty == Ty::Integer || scalar.ty.is_text();
    let mut pairs = parameters.iter().filter(is_token_type).filter_map(|parameter| {
        let mut fields = scalars.iter().filter(is_token_type);
        let next = fields.find(|field| names::can_be_token(&parameter.name, &field.name))?;
        Some((parameter, next))
    });
    pairs.next().filter(|_| pairs.next().is_none())
}

/// Returns the token parameter and its counterpart in the response.
///
/// # Errors
///
/// If pages are selected by several tokens at once.
fn token(
    parameters: &[Scalar],
    scalars: &[Scalar],
    has_size: bool,
) -> Result<Option<TokenParameter>, String> {
    let is_token_type = |ty: &Ty| *ty == Ty::Integer || ty.is_text();
    let mut pairs: Vec<(usize, &Scalar, &Scalar)> = Vec::new();
    for parameter in parameters.iter().filter(|parameter| is_token_type(&parameter.ty)) {
        let next = scalars
            .iter()
            .filter(|scalar| is_token_type(&scalar.ty))
            .filter_map(|scalar| {
                let rank = names::token_rank(&parameter.name, &scalar.name, has_size)?;
                Some((rank, scalar.path.0.len(), scalar))
            })
            .min_by_key(|(rank, depth, _)| (*rank, *depth));
        if let Some((rank, _, next)) = next {
            pairs.push((rank, parameter, next));
        }
    }
    pairs.sort_by_key(|(rank, parameter, _)| (*rank, parameter.path.0.len()));
    let Some((rank, parameter, next)) = pairs.first() else { return Ok(None) };
    let other = pairs
        .iter()
        .find(|(other_rank, _, other)| other_rank == rank && *rank == 0 && other.name != next.name);
    match other {
        Some((_, other, _)) => Err(format!(
            "several tokens select a page together: {}, {}",
            parameter.wire.join("."),
            other.wire.join(".")
        )),
        None => {
            Ok(Some(TokenParameter { parameter: parameter.path.clone(), next: next.path.clone() }))
        }
    }
}

/// Returns the number of items of all pages, and whether it could be that of one page: the closest to the
/// list, then the one with the clearest name.
fn total<'s>(list: &List, scalars: &'s [Scalar]) -> Option<(&'s Scalar, bool)> {
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

impl FieldPath {
    /// Returns the Rust names of the fields.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.0.iter().map(|field| field.as_str()).collect()
    }

    /// Returns the fields of the objects that the field is in.
    pub(crate) fn owners(&self) -> &[String] {
        self.0.split_last().map_or(&[], |(_, owners)| owners)
    }
}
