//! Pagers: how to get the items and the next page of a response.

use serde::Serialize;

use super::Ty;

/// How to get the items and the next page of a paged response.
///
/// `paging::Step` of alicloud-wire documents how the values are used.
///
/// # Examples
///
/// ```
#[doc = include_str!("../doctest/gadget.txt")]
#[doc = include_str!("../doctest/product.txt")]
/// use alicloud_codegen::ir::Ty;
///
/// let pager = product.operations[0].pager.as_ref().unwrap();
/// assert_eq!(pager.items.names(), ["gadgets"]);
/// assert_eq!(pager.item, Ty::Named("Gadget".to_owned()));
/// assert_eq!(pager.counter.as_ref().map(|counter| counter.first), Some(1));
/// assert!(pager.token.is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pager {
    /// The list of items in the response.
    pub items: FieldPath,
    /// The type of an item.
    pub item: Ty,
    /// The parameter for the token of a page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenParameter>,
    /// The parameter that counts pages or items, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter: Option<CounterParameter>,
    /// The page size of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<FieldPath>,
    /// The page size of the request for tokens, if it has another one for page numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_size: Option<FieldPath>,
    /// The page size of the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_size: Option<FieldPath>,
    /// The number of items of all pages in the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<FieldPath>,
    /// A number of items in the response that can be that of all pages or of this page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<FieldPath>,
    /// The number of pages in the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_count: Option<FieldPath>,
    /// Whether the response says that there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_more: Option<FieldPath>,
}

/// A parameter for the token of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenParameter {
    /// The parameter in the request.
    pub parameter: FieldPath,
    /// The token for the next page in the response.
    pub next: FieldPath,
}

/// A parameter that counts pages or items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CounterParameter {
    /// The parameter in the request.
    pub parameter: FieldPath,
    /// Whether it counts items, and not pages.
    pub is_offset: bool,
    /// The value of the first page.
    pub first: i64,
    /// The value in the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echo: Option<FieldPath>,
}

/// A path from a request or response to a field, as Rust names. All fields are `Option`s or lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldPath(pub(crate) Vec<String>);
