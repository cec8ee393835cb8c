//! Recognizes paged responses, from the names and types of parameters and response fields.
//!
//! A pager needs three things: one list in the response, a parameter that selects the page (a page
//! number, an offset or a token), and a value of the response that tells whether there is more (a total,
//! a number of pages, a flag, or the token for the next page). They may be in objects of the request and
//! of the response. Names are compared without case and punctuation ([`names`]).

mod adapt;
mod fields;
mod lists;
mod names;
mod parameters;

use std::collections::{BTreeMap, BTreeSet};

use adapt::adapt_fields;
use fields::{Scalar, Schemas, find, is_number};
use lists::{choose_list, total};
pub(super) use names::plain;
use parameters::{counter, possible_token, token};

use crate::diagnostics::Diagnostics;
use crate::ir::{FieldPath, Operation, Pager, Product, Root, TokenParameter, Ty, Type};
use crate::overlay::{Overlay, PagesSetting};
use crate::spec::Spec;

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

impl FieldPath {
    /// Returns the Rust names of the fields.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("../doctest/gadget.txt")]
    #[doc = include_str!("../doctest/product.txt")]
    /// let pager = product.operations[0].pager.as_ref().unwrap();
    /// assert_eq!(pager.total.as_ref().map(|total| total.names()), Some(vec!["total_count"]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn names(&self) -> Vec<&str> {
        self.0.iter().map(|field| field.as_str()).collect()
    }

    /// Returns the fields of the objects that the field is in.
    pub(crate) fn owners(&self) -> &[String] {
        self.0.split_last().map_or(&[], |(_, owners)| owners)
    }
}
