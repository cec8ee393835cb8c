//! Pagination.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod incomplete;
mod numbers;
mod streams;
mod tokens;

use alicloud_core::testing::FakeTransport;
use alicloud_core::wire::Paged;
use alicloud_core::wire::paging::{IncompleteReason, NextPage, Step};
use alicloud_core::{Error, Items, Operation};
use common::*;

static LIST: Operation = Operation::rpc(&CDN, "List").read_only();

alicloud_core::wire::request! {
    struct NumberedRequest -> ListResponse {
        page: Option<i64> = query("PageNumber"),
        size: Option<i64> = query("PageSize"),
    }
}
alicloud_core::wire::request! {
    struct TokenRequest -> ListResponse {
        token: Option<String> = query("NextToken"),
    }
}
alicloud_core::wire::record! {
    struct ListResponse {
        total: Option<i64> = "TotalCount",
        next: Option<String> = "NextToken",
        has_more: Option<bool> = "HasMore",
        number: Option<i64> = "PageNumber",
        size: Option<i64> = "PageSize",
        names: Vec<String> = "Names",
    }
}

alicloud_core::wire::request! {
    /// Accepts a page number and a token.
    struct BothRequest -> ListResponse {
        page: Option<i64> = query("PageNumber"),
        size: Option<i64> = query("PageSize"),
        token: Option<String> = query("NextToken"),
    }
}
alicloud_core::wire::request! {
    /// Accepts a page number and a token, each with a page size of its own.
    struct TwoSizesRequest -> ListResponse {
        page: Option<i64> = query("PageNumber"),
        size: Option<i64> = query("PageSize"),
        token: Option<String> = query("NextToken"),
        max_results: Option<i64> = query("MaxResults"),
    }
}
alicloud_core::wire::request! {
    struct OffsetRequest -> ListResponse {
        offset: Option<i64> = query("Offset"),
    }
}

/// Implements `Paged` for a list of names.
macro_rules! paged {
    ($request:ident, |$this:ident, $response:ident, $step:ident| $body:expr) => {
        impl Paged for $request {
            type Item = String;

            fn take_items(response: &mut ListResponse) -> Vec<String> {
                std::mem::take(&mut response.names)
            }

            fn next_page(&mut self, $response: &ListResponse, step: Step<'_>) -> NextPage {
                let $this = self;
                let $step = step.total(&$response.total).has_more(&$response.has_more);
                $body.advance()
            }
        }
    };
}

paged!(NumberedRequest, |this, response, step| {
    step.echoed_number(&mut this.page, 1, &response.number).size(&this.size)
});
paged!(TwoSizesRequest, |this, response, step| {
    step.number(&mut this.page, 1)
        .sizes(&mut this.size, &mut this.max_results)
        .token(&mut this.token, &response.next)
        .response_size(&response.size)
});
paged!(TokenRequest, |this, response, step| step.token(&mut this.token, &response.next));
paged!(BothRequest, |this, response, step| {
    step.number(&mut this.page, 1).size(&this.size).token(&mut this.token, &response.next)
});
paged!(OffsetRequest, |this, response, step| {
    let _ = response;
    step.offset(&mut this.offset, 0)
});

fn page(names: &[&str], total: Option<i64>, next: Option<&str>) -> ListResponse {
    ListResponse {
        total,
        next: next.map(str::to_owned),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..ListResponse::default()
    }
}

fn fake(pages: &[ListResponse]) -> FakeTransport {
    pages.iter().fold(FakeTransport::new(), |fake, page| fake.respond("List", page))
}

fn sent_values(fake: &FakeTransport, name: &str) -> Vec<Option<String>> {
    fake.requests().iter().map(|sent| sent.param(name).map(str::to_owned)).collect()
}

fn some_texts(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| Some((*text).to_owned())).collect()
}

/// Reads all items up to the end or an error.
async fn read_all<R: Paged<Item = String>>(mut items: Items<R>) -> (Vec<String>, Option<Error>) {
    let mut names = Vec::new();
    while let Some(item) = items.next().await {
        match item {
            Ok(name) => names.push(name),
            Err(error) => {
                assert!(items.next().await.is_none(), "an error ends the stream");
                assert!(items.request().is_none(), "there is nothing to continue with");
                return (names, Some(error));
            }
        }
    }
    (names, None)
}

fn reason(error: Option<Error>) -> Option<IncompleteReason> {
    error.map(|error| error.incomplete_list().unwrap().reason)
}

/// A page of this many items.
fn page_of(items: usize, total: Option<i64>, next: Option<&str>) -> ListResponse {
    page(&vec!["x"; items], total, next)
}
