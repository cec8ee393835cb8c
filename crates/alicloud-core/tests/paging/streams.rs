//! Pages and items as streams: what one step requests, and what an error or a dropped future leaves.

use std::future::poll_fn;
use std::pin::Pin;

use alicloud_core::testing::{FakeTransport, Fault};
use alicloud_core::{Items, Pages, RetryPolicy};
use futures_core::Stream;

use crate::common::{self, *};
use crate::{LIST, NumberedRequest, TokenRequest, fake, page};

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
