//! Lists of many pages.

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

#[derive(Debug, Clone, Default, PartialEq)]
struct Numbered {
    page: Option<i64>,
    size: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Tokens {
    token: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Listed {
    total: Option<i64>,
    next: Option<String>,
    names: Vec<String>,
}

alicloud_core::wire::request! {
    Numbered => Listed { page: "PageNumber" => query, size: "PageSize" => query }
}
alicloud_core::wire::request! { Tokens => Listed { token: "NextToken" => query } }
alicloud_core::wire::record! { Listed { total: "TotalCount", next: "NextToken", names: "Names" } }

impl Paged for Numbered {
    type Item = String;

    fn take_items(response: &mut Listed) -> Vec<String> {
        std::mem::take(&mut response.names)
    }

    fn next_page(&mut self, response: &Listed, items: usize, seen: usize) -> bool {
        paging::advance_page_number(&mut self.page, response.total, items, seen)
    }
}

impl Paged for Tokens {
    type Item = String;

    fn take_items(response: &mut Listed) -> Vec<String> {
        std::mem::take(&mut response.names)
    }

    fn next_page(&mut self, response: &Listed, _: usize, _: usize) -> bool {
        paging::advance_page_token(&mut self.token, response.next.as_deref())
    }
}

fn page(names: &[&str], total: Option<i64>, next: Option<&str>) -> Listed {
    Listed {
        total,
        next: next.map(str::to_owned),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn fake(pages: &[Listed]) -> FakeTransport {
    pages.iter().fold(FakeTransport::new(), |fake, page| fake.respond("List", page))
}

fn sent(fake: &FakeTransport, name: &str) -> Vec<Option<String>> {
    fake.requests().iter().map(|sent| sent.param(name).map(str::to_owned)).collect()
}

fn some(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| Some((*text).to_owned())).collect()
}

#[tokio::test]
async fn pages_are_counted_until_all_items_were_there() {
    let total = Some(5);
    let fake = fake(&[
        page(&["a", "b"], total, None),
        page(&["c", "d"], total, None),
        page(&["e"], total, None),
    ]);
    let request = Numbered { size: Some(2), ..Numbered::default() };
    let all = client(&fake).items(&LIST, request).collect_all().await.unwrap();
    assert_eq!(all, ["a", "b", "c", "d", "e"]);
    assert_eq!(sent(&fake, "PageNumber"), [None, Some("2".to_owned()), Some("3".to_owned())]);
    assert_eq!(sent(&fake, "PageSize"), some(&["2", "2", "2"]));
}

#[tokio::test]
async fn without_a_total_an_empty_page_is_the_last() {
    let fake = fake(&[page(&["a"], None, None), page(&["b"], None, None), page(&[], None, None)]);
    let all = client(&fake).items(&LIST, Numbered::default()).collect_all().await.unwrap();
    assert_eq!(all, ["a", "b"]);
    assert_eq!(fake.requests().len(), 3);
}

#[tokio::test]
async fn tokens_are_followed_also_over_empty_pages() {
    let fake = fake(&[
        page(&["a"], None, Some("t1")),
        page(&[], None, Some("t2")),
        page(&["b"], None, Some("")),
    ]);
    let mut pages = client(&fake).pages(&LIST, Tokens::default());
    let mut seen = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert!(page.response.names.is_empty(), "they are not there twice");
        seen.push((page.items.len(), page.response.next));
    }
    let token = |text: &str| Some(text.to_owned());
    assert_eq!(seen, [(1, token("t1")), (0, token("t2")), (1, token(""))]);
    assert_eq!(sent(&fake, "NextToken"), [None, token("t1"), token("t2")]);
    assert!(pages.request().is_none() && pages.next().await.is_none());
}

#[tokio::test]
async fn tokens_that_lead_in_a_circle_end_it() {
    // The last answer is given again and again.
    let stuck = fake(&[page(&["a"], None, Some("t1"))]);
    let all = client(&stuck).items(&LIST, Tokens::default()).collect_all().await.unwrap();
    assert_eq!((all.len(), stuck.requests().len()), (2, 2));

    // A way of some pages, and then a circle of some: never more than a few times around.
    for (way, circle) in [(0, 2), (1, 2), (3, 3), (2, 7), (20, 5)] {
        let pages: Vec<Listed> = (1..500)
            .map(|page| if page < way { page } else { way + (page - way) % circle })
            .map(|token| page(&["x"], None, Some(&format!("t{token}"))))
            .collect();
        let fake = fake(&pages);
        client(&fake).items(&LIST, Tokens::default()).collect_all().await.unwrap();
        let calls = fake.requests().len();
        assert!(calls <= 4 * (way + circle) + 2, "{way} and {circle}: {calls}");
    }
}

#[tokio::test]
async fn an_error_is_given_once_and_the_page_can_be_asked_for_again() {
    let total = Some(4);
    let fake = FakeTransport::new()
        .respond("List", &page(&["a", "b"], total, None))
        .fault("List", Fault::Reset)
        .respond("List", &page(&["c", "d"], total, None));
    let client = client(&fake);
    let mut items =
        client.items(&LIST, Numbered::default()).map_call(|call| call.retry(RetryPolicy::none()));
    assert_eq!(items.request().unwrap().page, None);
    assert_eq!(items.next().await.unwrap().unwrap(), "a");
    assert_eq!(
        (items.request().unwrap().page, items.items_read()),
        (None, 0),
        "b is still to come"
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
async fn nothing_is_read_ahead_and_a_dropped_wait_goes_on() {
    let fake = fake(&[page(&["a", "b"], Some(3), None), page(&["c"], Some(3), None)]);
    let client = client(&fake);
    let mut items = client.items(&LIST, Numbered::default());
    assert!(fake.requests().is_empty());
    items.next().await.unwrap().unwrap();
    items.next().await.unwrap().unwrap();
    assert_eq!(fake.requests().len(), 1);
    assert_eq!(items.size_hint(), (0, None));

    // `next` may lose a race: the call that is under way is taken up again.
    drop(items.next());
    let hang = FakeTransport::new().fault("List", Fault::Hang);
    let mut pages = common::client(&hang).pages(&LIST, Numbered::default());
    for _ in 0..3 {
        tokio::select! {
            biased;
            _ = pages.next() => panic!("it hangs"),
            () = tokio::task::yield_now() => {}
        }
    }
    assert_eq!(hang.requests().len(), 1);
}

#[tokio::test]
async fn they_are_streams_and_small() {
    let fake = fake(&[page(&["a"], Some(2), None), page(&["b"], Some(2), None)]);
    let client = client(&fake);
    let mut pages = client.pages(&LIST, Numbered::default());
    let first = poll_fn(|context| Pin::new(&mut pages).poll_next(context)).await;
    assert_eq!(first.unwrap().unwrap().items, ["a"]);
    let mut items = client.items(&LIST, Numbered::default());
    let item = poll_fn(|context| Pin::new(&mut items).poll_next(context)).await;
    assert_eq!(item.unwrap().unwrap(), "b");

    fn send<T: Send>(_: &T) {}
    send(&pages);
    send(&items);
    send(&items.next());
    assert!(size_of::<Pages<Tokens>>() <= 512, "{}", size_of::<Pages<Tokens>>());
    assert!(size_of::<Items<Tokens>>() <= 640, "{}", size_of::<Items<Tokens>>());
    assert!(size_of_val(&pages.next()) <= 64, "{}", size_of_val(&pages.next()));
}
