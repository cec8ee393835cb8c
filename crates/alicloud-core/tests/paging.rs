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
use alicloud_core::wire::{Paged, paging};
use alicloud_core::{Items, Operation, Pages, RetryPolicy};
use common::*;
use futures_core::Stream;

const LIST: Operation = Operation::rpc(&CDN, "List").read_only();

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
        names: Vec<String> = "Names",
    }
}

impl Paged for NumberedRequest {
    type Item = String;

    fn take_items(response: &mut ListResponse) -> Vec<String> {
        std::mem::take(&mut response.names)
    }

    fn next_page(&mut self, response: &ListResponse, items: usize, items_read: usize) -> bool {
        paging::advance_page_number(&mut self.page, response.total, items, items_read)
    }
}

impl Paged for TokenRequest {
    type Item = String;

    fn take_items(response: &mut ListResponse) -> Vec<String> {
        std::mem::take(&mut response.names)
    }

    fn next_page(&mut self, response: &ListResponse, _: usize, _: usize) -> bool {
        paging::advance_page_token(&mut self.token, response.next.as_deref())
    }
}

fn page(names: &[&str], total: Option<i64>, next: Option<&str>) -> ListResponse {
    ListResponse {
        total,
        next: next.map(str::to_owned),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
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

#[tokio::test]
async fn a_cycle_of_page_tokens_ends_the_stream() {
    // The fake repeats its last response.
    let fake_with_loop = fake(&[page(&["a"], None, Some("t1"))]);
    let all =
        client(&fake_with_loop).items(&LIST, TokenRequest::default()).collect_all().await.unwrap();
    assert_eq!((all.len(), fake_with_loop.requests().len()), (2, 2));

    // Some pages before a cycle: the cycle is followed only a few times.
    for (lead, cycle) in [(0, 2), (1, 2), (3, 3), (2, 7), (20, 5)] {
        let pages: Vec<ListResponse> = (1..500)
            .map(|page| if page < lead { page } else { lead + (page - lead) % cycle })
            .map(|token| page(&["x"], None, Some(&format!("t{token}"))))
            .collect();
        let fake = fake(&pages);
        client(&fake).items(&LIST, TokenRequest::default()).collect_all().await.unwrap();
        let calls = fake.requests().len();
        assert!(calls <= 4 * (lead + cycle) + 2, "{lead} and {cycle}: {calls}");
    }
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
