//! Pagination.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::future::poll_fn;
use std::pin::Pin;

use alicloud_core::testing::{FakeTransport, Fault};
use alicloud_core::wire::Paged;
use alicloud_core::wire::paging::{IncompleteReason, NextPage, Step};
use alicloud_core::{Error, Items, Operation, Pages, RetryPolicy};
use common::*;
use futures_core::Stream;

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

#[tokio::test]
async fn numbered_pages_end_at_the_total_count() {
    let total = Some(5);
    let fake = fake(&[
        page(&["a", "b"], total, None),
        page(&["c", "d"], total, None),
        page(&["e"], total, None),
    ]);
    let request = NumberedRequest { size: Some(2), ..NumberedRequest::default() };
    let all = client(&fake).items(&LIST, request).collect_all().await.unwrap();
    assert_eq!(all, ["a", "b", "c", "d", "e"]);
    assert_eq!(
        sent_values(&fake, "PageNumber"),
        [None, Some("2".to_owned()), Some("3".to_owned())]
    );
    assert_eq!(sent_values(&fake, "PageSize"), some_texts(&["2", "2", "2"]));
}

#[tokio::test]
async fn without_a_total_count_an_empty_page_is_the_last() {
    let fake = fake(&[page(&["a"], None, None), page(&["b"], None, None), page(&[], None, None)]);
    let all = client(&fake).items(&LIST, NumberedRequest::default()).collect_all().await.unwrap();
    assert_eq!(all, ["a", "b"]);
    assert_eq!(fake.requests().len(), 3);
}

#[tokio::test]
async fn until_a_short_page_only_the_page_size_counts() {
    // The total is too low, and the service numbers each page 1 and says that it is the last.
    let full = |name: &str| ListResponse {
        number: Some(1),
        has_more: Some(false),
        ..page(&[name, name], Some(2), None)
    };
    let short = page(&["c"], Some(2), None);
    let sized = NumberedRequest { size: Some(2), ..NumberedRequest::default() };
    for (request, pages, calls) in [
        (sized.clone(), vec![full("a"), full("b"), short.clone(), full("d")], 3),
        (sized, vec![full("a"), full("b"), page(&[], Some(9), None), full("d")], 3),
        // Without a page size, an empty page is the last.
        (NumberedRequest::default(), vec![full("a"), short, page(&[], None, None), full("d")], 3),
    ] {
        let fake = fake(&pages);
        let mut stream = client(&fake).pages(&LIST, request).until_short_page();
        let mut read = 0;
        while let Some(page) = stream.next().await {
            read += page.unwrap().items.len();
        }
        assert_eq!((fake.requests().len(), stream.items_read()), (calls, read));
        let pages = [None, Some("2".to_owned()), Some("3".to_owned())];
        assert_eq!(sent_values(&fake, "PageNumber"), pages);
    }

    // A list with tokens ends as usual.
    let fake = fake(&[page(&["a"], None, Some("t")), page(&["b"], None, None)]);
    let mut stream = client(&fake).pages(&LIST, TokenRequest::default()).until_short_page();
    while let Some(page) = stream.next().await {
        page.unwrap();
    }
    assert_eq!((fake.requests().len(), stream.items_read()), (2, 2));
}

#[tokio::test]
async fn page_tokens_are_followed_across_empty_pages() {
    let fake = fake(&[
        page(&["a"], None, Some("t1")),
        page(&[], None, Some("t2")),
        page(&["b"], None, Some("")),
    ]);
    let mut pages = client(&fake).pages(&LIST, TokenRequest::default());
    let mut summaries = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert!(page.response.names.is_empty(), "the items are moved out of the response");
        summaries.push((page.items.len(), page.response.next));
    }
    let token = |text: &str| Some(text.to_owned());
    assert_eq!(summaries, [(1, token("t1")), (0, token("t2")), (1, token(""))]);
    assert_eq!(sent_values(&fake, "NextToken"), [None, token("t1"), token("t2")]);
    assert!(pages.request().is_none() && pages.next().await.is_none());
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

#[tokio::test]
async fn a_cycle_of_page_tokens_is_an_error() {
    // The fake repeats its last response.
    let fake_with_loop = fake(&[page(&["a"], None, Some("t1"))]);
    let items = client(&fake_with_loop).items(&LIST, TokenRequest::default());
    let (names, error) = read_all(items).await;
    assert_eq!((names.len(), fake_with_loop.requests().len()), (1, 2));
    assert_eq!(
        error.unwrap().to_string(),
        "Cdn List: the list ended early: 1 items were read, the service reports more, and the token for \
         the next page is that of an earlier page: read the list again from its start"
    );

    // Some pages before a cycle: the cycle is followed only a few times.
    for (lead, cycle) in [(0, 2), (1, 2), (3, 3), (2, 7), (20, 5)] {
        let pages: Vec<ListResponse> = (1..500)
            .map(|page| if page < lead { page } else { lead + (page - lead) % cycle })
            .map(|token| page(&["x"], None, Some(&format!("t{token}"))))
            .collect();
        let fake = fake(&pages);
        let (_, error) = read_all(client(&fake).items(&LIST, TokenRequest::default())).await;
        assert_eq!(reason(error), Some(IncompleteReason::RepeatedToken));
        let calls = fake.requests().len();
        assert!(calls <= 4 * (lead + cycle) + 2, "{lead} and {cycle}: {calls}");
    }

    // The last token may repeat if the response says that the list is complete.
    let last = ListResponse { has_more: Some(false), ..page(&["b"], None, Some("t1")) };
    let fake_with_flag = fake(&[page(&["a"], None, Some("t1")), last]);
    let (names, error) =
        read_all(client(&fake_with_flag).items(&LIST, TokenRequest::default())).await;
    assert_eq!((names.len(), reason(error)), (2, None));
    let fake_with_total =
        fake(&[page(&["a", "b"], Some(3), Some("t")), page(&["c"], Some(3), Some("t"))]);
    let (names, error) =
        read_all(client(&fake_with_total).items(&LIST, TokenRequest::default())).await;
    assert_eq!((names.len(), reason(error)), (3, None));
    // An empty page and a counter of zero are the end as well.
    for last in [page(&[], None, Some("t")), page(&["b"], None, Some("0"))] {
        let fake_with_end = fake(&[page(&["a", "b"], None, Some("t")), last.clone()]);
        let (names, error) =
            read_all(client(&fake_with_end).items(&LIST, TokenRequest::default())).await;
        assert_eq!((names.len(), reason(error)), (2 + last.names.len(), None));
    }
}

#[tokio::test]
async fn a_page_that_was_not_requested_is_an_error_without_its_items() {
    // The service ignores the token, and two equal pages have as many items as the list.
    let fake_tokens = fake(&[page_of(10, Some(20), Some("t"))]);
    let (names, error) = read_all(client(&fake_tokens).items(&LIST, TokenRequest::default())).await;
    let error = error.unwrap();
    let incomplete = error.incomplete_list().unwrap();
    assert_eq!((names.len(), incomplete.items_read, incomplete.total), (10, 10, Some(20)));
    assert_eq!(incomplete.reason, IncompleteReason::RepeatedToken);

    // The service ignores the page number, with and without a total.
    for (total, has_more) in [(Some(25), None), (Some(20), None), (None, Some(true)), (None, None)]
    {
        let first = ListResponse { number: Some(1), has_more, ..page_of(10, total, None) };
        let fake_numbers = fake(&[first]);
        let mut pages = client(&fake_numbers).pages(&LIST, NumberedRequest::default());
        assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 10);
        let error = pages.next().await.unwrap().unwrap_err();
        assert_eq!((pages.items_read(), fake_numbers.requests().len()), (10, 2));
        assert!(pages.next().await.is_none() && pages.request().is_none());
        assert!(
            error.to_string().contains("the service returned another page than the requested one"),
            "{error}"
        );
        assert_eq!(reason(Some(error)), Some(IncompleteReason::UnexpectedPage));
    }

    // A field that is not the number of the page on the first one is not compared.
    let other = ListResponse { number: Some(3), ..page_of(1, Some(2), None) };
    let (names, error) =
        read_all(client(&fake(&[other])).items(&LIST, NumberedRequest::default())).await;
    assert_eq!((names.len(), reason(error)), (2, None));
}

#[tokio::test]
async fn page_numbers_continue_with_the_size_of_a_page_that_was_read_without_them() {
    struct Case(Option<i64>, Option<i64>, usize, Option<i64>, &'static str);
    // The page size, the size for tokens, the items of the first page, the size in the response, and the
    // page size of the next request.
    let cases = [
        Case(None, Some(7), 7, None, "7"),
        Case(None, Some(7), 7, Some(10), "7"),
        Case(Some(10), Some(7), 7, Some(10), "7"),
        // The service has used its own page size, or a smaller one than requested.
        Case(None, Some(50), 10, Some(10), "10"),
        Case(None, Some(50), 9, Some(10), "10"),
        Case(None, Some(50), 20, Some(10), "20"),
        Case(Some(10), Some(50), 10, None, "10"),
    ];
    for Case(size, max_results, items, response_size, expected) in cases {
        let first = ListResponse { size: response_size, ..page_of(items, Some(25), None) };
        let fake = fake(&[first, page_of(25 - items, Some(25), None)]);
        let request = TwoSizesRequest { size, max_results, ..TwoSizesRequest::default() };
        let (names, error) = read_all(client(&fake).items(&LIST, request)).await;
        assert_eq!((names.len(), reason(error)), (25, None));
        let second = &fake.requests()[1];
        assert_eq!(second.param("PageNumber"), Some("2"));
        assert_eq!(second.param("PageSize"), Some(expected), "{size:?} {max_results:?} {items}");
        assert_eq!(second.param("MaxResults"), None, "it belongs to tokens");
    }
}

#[tokio::test]
async fn the_page_number_is_followed_where_there_is_no_token() {
    for next in [None, Some("")] {
        let total = Some(25);
        let fake =
            fake(&[page_of(10, total, next), page_of(10, total, next), page_of(5, total, next)]);
        let request = BothRequest { size: Some(10), ..BothRequest::default() };
        let (names, error) = read_all(client(&fake).items(&LIST, request)).await;
        assert_eq!((names.len(), reason(error)), (25, None), "{next:?}");
        let numbers = [None, Some("2".to_owned()), Some("3".to_owned())];
        assert_eq!(sent_values(&fake, "PageNumber"), numbers);
        assert_eq!(sent_values(&fake, "NextToken"), [None, None, None]);
    }
    // Without a total, a full page and a flag are reasons to go on, and a shorter page is not.
    let size = Some(2);
    let fake_of_full_pages = fake(&[page_of(2, None, None), page_of(1, None, None)]);
    let request = BothRequest { size, ..BothRequest::default() };
    let (names, _) = read_all(client(&fake_of_full_pages).items(&LIST, request)).await;
    assert_eq!((names.len(), fake_of_full_pages.requests().len()), (3, 2));
    let flagged = ListResponse { has_more: Some(true), ..page_of(1, None, None) };
    let fake_with_flag = fake(&[flagged, page_of(1, None, None)]);
    let (names, _) = read_all(client(&fake_with_flag).items(&LIST, BothRequest::default())).await;
    assert_eq!((names.len(), fake_with_flag.requests().len()), (2, 2));
}

#[tokio::test]
async fn a_token_takes_precedence_over_the_page_number() {
    let fake = fake(&[
        page_of(2, Some(5), Some("t1")),
        page_of(2, Some(5), Some("t2")),
        page_of(1, Some(5), None),
    ]);
    let request = BothRequest { size: Some(2), ..BothRequest::default() };
    let (names, error) = read_all(client(&fake).items(&LIST, request)).await;
    assert_eq!((names.len(), reason(error)), (5, None));
    assert_eq!(sent_values(&fake, "NextToken")[1..], some_texts(&["t1", "t2"]));
    assert_eq!(sent_values(&fake, "PageNumber"), [None, None, None]);
}

#[tokio::test]
async fn a_list_that_ends_early_is_an_error() {
    // A token list without the next token.
    let fake_without_token = fake(&[page_of(10, Some(25), None)]);
    let (names, error) =
        read_all(client(&fake_without_token).items(&LIST, TokenRequest::default())).await;
    let error = error.unwrap();
    assert_eq!(names.len(), 10);
    assert_eq!(
        error.to_string(),
        "Cdn List: the list ended early: 10 of 25 items were read, and the response has no token for the \
         next page: narrow the request, or increase the page size so that one page has all items"
    );
    let incomplete = error.incomplete_list().unwrap();
    assert_eq!((incomplete.items_read, incomplete.total), (10, Some(25)));
    assert_eq!((error.operation(), error.is_transient()), (Some("List"), false));

    // A token list that stops in the middle: the page number does not continue it.
    let fake_stops = fake(&[page_of(10, Some(25), Some("t")), page_of(10, Some(25), Some(""))]);
    let request = BothRequest { size: Some(10), ..BothRequest::default() };
    let (names, error) = read_all(client(&fake_stops).items(&LIST, request)).await;
    assert_eq!((names.len(), reason(error)), (20, Some(IncompleteReason::NoToken)));

    // A flag that announces more.
    let flagged = ListResponse { has_more: Some(true), ..page_of(3, None, None) };
    let (_, error) =
        read_all(client(&fake(&[flagged])).items(&LIST, TokenRequest::default())).await;
    assert!(
        error.unwrap().to_string().contains("3 items were read, the service reports more, and")
    );

    // An empty page in the middle.
    let total = Some(25);
    let fake_empty = fake(&[page_of(10, total, None), page_of(0, total, None)]);
    let (names, error) =
        read_all(client(&fake_empty).items(&LIST, NumberedRequest::default())).await;
    assert_eq!(names.len(), 10);
    assert_eq!(
        error.unwrap().to_string(),
        "Cdn List: the list ended early: 10 of 25 items were read, and the last page is empty: items may \
         have been deleted meanwhile; read the list again from its start"
    );
    let (_, error) =
        read_all(client(&fake(&[page_of(0, total, None)])).items(&LIST, OffsetRequest::default()))
            .await;
    assert_eq!(reason(error), Some(IncompleteReason::EmptyPage));

    // `Pages` returns the last page first, and `collect_all` the error.
    let fake_of_pages = fake(&[page_of(10, Some(25), None)]);
    let client = client(&fake_of_pages);
    let mut pages = client.pages(&LIST, TokenRequest::default());
    assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 10);
    assert!(pages.next().await.unwrap().unwrap_err().incomplete_list().is_some());
    assert!(pages.next().await.is_none());
    let result = client.items(&LIST, TokenRequest::default()).collect_all().await;
    assert!(result.unwrap_err().incomplete_list().is_some());
}

#[tokio::test]
async fn a_total_below_the_items_read_is_no_error() {
    let fake = fake(&[page_of(3, Some(1), None)]);
    for error in [
        read_all(client(&fake).items(&LIST, TokenRequest::default())).await.1,
        read_all(client(&fake).items(&LIST, NumberedRequest::default())).await.1,
    ] {
        assert!(error.is_none());
    }
}

#[tokio::test]
async fn a_start_in_the_middle_counts_the_items_before() {
    struct Case(i64, Option<i64>, &'static [usize], i64, usize, usize);
    // Page, size, items of the pages, total, items read at the end, calls.
    let cases = [
        // The second of three pages, with and without a page size.
        Case(2, Some(10), &[10, 5], 25, 25, 2),
        Case(2, None, &[10, 5], 25, 25, 2),
        // The last page: its size does not tell how many items were before it.
        Case(3, Some(10), &[5], 25, 25, 1),
        Case(3, None, &[5, 0], 25, 15, 2),
        // The service returns smaller pages than requested.
        Case(2, Some(500), &[100, 50], 250, 250, 2),
        Case(3, Some(500), &[50, 0], 250, 150, 2),
        // A page after the end.
        Case(9, Some(10), &[0], 25, 0, 1),
        Case(9, None, &[0], 25, 0, 1),
    ];
    for Case(page, size, items, total, read, calls) in cases {
        let responses: Vec<_> =
            items.iter().map(|items| page_of(*items, Some(total), None)).collect();
        let fake = fake(&responses);
        let request = NumberedRequest { page: Some(page), size };
        let mut pages = client(&fake).pages(&LIST, request);
        while let Some(result) = pages.next().await {
            result.unwrap_or_else(|error| panic!("page {page} of {total}: {error}"));
        }
        assert_eq!(
            (pages.items_read(), fake.requests().len()),
            (read, calls),
            "page {page} of {total}"
        );
    }
    // What is certainly missing is an error.
    for (page, size, items) in [(2, 10, vec![10, 0]), (2, 10, vec![0])] {
        let responses: Vec<_> = items.iter().map(|items| page_of(*items, Some(25), None)).collect();
        let fake = fake(&responses);
        let request = NumberedRequest { page: Some(page), size: Some(size) };
        let (_, error) = read_all(client(&fake).items(&LIST, request)).await;
        assert_eq!(reason(error), Some(IncompleteReason::EmptyPage));
    }
    // After a start with a token, the total cannot be compared, unless the caller knows the count.
    let fake_token = fake(&[page_of(5, Some(25), None)]);
    let request = || TokenRequest { token: Some("t".to_owned()) };
    let (_, error) = read_all(client(&fake_token).items(&LIST, request())).await;
    assert!(error.is_none());
    let (_, error) = read_all(client(&fake_token).items(&LIST, request()).items_before(20)).await;
    assert!(error.is_none());
    let (_, error) = read_all(client(&fake_token).items(&LIST, request()).items_before(10)).await;
    assert!(error.unwrap().to_string().contains("15 of 25 items were read"));
}

#[tokio::test]
async fn offsets_increase_by_the_items_of_a_page() {
    let total = Some(5);
    let fake_of_offsets =
        fake(&[page_of(2, total, None), page_of(2, total, None), page_of(1, total, None)]);
    let (names, error) =
        read_all(client(&fake_of_offsets).items(&LIST, OffsetRequest::default())).await;
    assert_eq!((names.len(), reason(error)), (5, None));
    let offsets = [None, Some("2".to_owned()), Some("4".to_owned())];
    assert_eq!(sent_values(&fake_of_offsets, "Offset"), offsets);

    let fake_from_middle = fake(&[page_of(1, total, None)]);
    let mut pages = client(&fake_from_middle).pages(&LIST, OffsetRequest { offset: Some(4) });
    while pages.next().await.transpose().unwrap().is_some() {}
    assert_eq!((pages.items_read(), fake_from_middle.requests().len()), (5, 1));
}

#[tokio::test]
async fn an_error_ends_the_stream_and_the_page_can_be_requested_again() {
    let total = Some(4);
    let fake = FakeTransport::new()
        .respond("List", &page(&["a", "b"], total, None))
        .fault("List", Fault::ConnectionReset)
        .respond("List", &page(&["c", "d"], total, None));
    let client = client(&fake);
    let mut items = client
        .items(&LIST, NumberedRequest::default())
        .map_call(|call| call.retry(RetryPolicy::none()));
    assert_eq!(items.request().unwrap().page, None);
    assert_eq!(items.next().await.unwrap().unwrap(), "a");
    assert_eq!(
        (items.request().unwrap().page, items.items_read()),
        (None, 0),
        "b has not been returned yet"
    );
    assert_eq!(items.next().await.unwrap().unwrap(), "b");
    assert_eq!(items.request().unwrap().page, Some(2));
    assert!(items.next().await.unwrap().is_err());
    assert!(items.next().await.is_none() && items.next().await.is_none());
    assert_eq!(fake.requests().len(), 2);

    let request = items.request().unwrap().clone();
    let rest =
        client.items(&LIST, request).items_before(items.items_read()).collect_all().await.unwrap();
    assert_eq!(rest, ["c", "d"]);
    assert_eq!(fake.requests().len(), 3);
    assert_eq!(fake.requests()[2].param("PageNumber"), Some("2"));
}

#[tokio::test]
async fn nothing_is_prefetched_and_a_dropped_next_continues() {
    let fake = fake(&[page(&["a", "b"], Some(3), None), page(&["c"], Some(3), None)]);
    let client = client(&fake);
    let mut items = client.items(&LIST, NumberedRequest::default());
    assert!(fake.requests().is_empty());
    items.next().await.unwrap().unwrap();
    items.next().await.unwrap().unwrap();
    assert_eq!(fake.requests().len(), 1);
    assert_eq!(items.size_hint(), (0, None));

    // `next` is cancel-safe: the next call continues the running request.
    drop(items.next());
    let hang = FakeTransport::new().fault("List", Fault::Hang);
    let mut pages = common::client(&hang).pages(&LIST, NumberedRequest::default());
    for _ in 0..3 {
        tokio::select! {
            biased;
            _ = pages.next() => panic!("the request hangs"),
            () = tokio::task::yield_now() => {}
        }
    }
    assert_eq!(hang.requests().len(), 1);
}

#[tokio::test]
async fn pages_and_items_are_small_streams() {
    let fake = fake(&[page(&["a"], Some(2), None), page(&["b"], Some(2), None)]);
    let client = client(&fake);
    let mut pages = client.pages(&LIST, NumberedRequest::default());
    let first = poll_fn(|context| Pin::new(&mut pages).poll_next(context)).await;
    assert_eq!(first.unwrap().unwrap().items, ["a"]);
    let mut items = client.items(&LIST, NumberedRequest::default());
    let item = poll_fn(|context| Pin::new(&mut items).poll_next(context)).await;
    assert_eq!(item.unwrap().unwrap(), "b");

    fn send<T: Send>(_: &T) {}
    send(&pages);
    send(&items);
    send(&items.next());
    assert!(size_of::<Pages<TokenRequest>>() <= 512, "{}", size_of::<Pages<TokenRequest>>());
    assert!(size_of::<Items<TokenRequest>>() <= 640, "{}", size_of::<Items<TokenRequest>>());
    assert!(size_of_val(&pages.next()) <= 64, "{}", size_of_val(&pages.next()));
}
