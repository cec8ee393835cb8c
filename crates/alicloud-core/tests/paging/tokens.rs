//! Page tokens: how they are followed, and when they repeat.

use alicloud_core::wire::paging::IncompleteReason;

use crate::common::*;
use crate::{
    BothRequest, LIST, ListResponse, TokenRequest, fake, page, page_of, read_all, reason,
    sent_values, some_texts,
};

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
