//! Page numbers and offsets: how they continue, and where a list starts and ends.

use alicloud_core::wire::paging::IncompleteReason;

use crate::common::*;
use crate::{
    BothRequest, LIST, ListResponse, NumberedRequest, OffsetRequest, TokenRequest, TwoSizesRequest,
    fake, page, page_of, read_all, reason, sent_values, some_texts,
};

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
