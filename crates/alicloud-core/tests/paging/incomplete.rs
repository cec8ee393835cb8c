//! Lists that end early, or with another page than the requested one, are errors.

use alicloud_core::wire::paging::IncompleteReason;

use crate::common::*;
use crate::{
    BothRequest, LIST, ListResponse, NumberedRequest, OffsetRequest, TokenRequest, fake, page_of,
    read_all, reason,
};

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
