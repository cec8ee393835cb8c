//! Streams over the lists of the test product `lists`: one operation for each way to page.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may panic")]

use alicloud_core::testing::FakeTransport;
use alicloud_core::wire::Paged;
use alicloud_core::wire::paging::IncompleteReason;
use alicloud_core::{Credentials, Error, Items};
use alicloud_lists::Client;
use alicloud_lists::model::*;
use serde_json::{Value, json};

/// A client of a fake that responds with these pages, and the fake.
fn client(operation: &str, pages: &[Value]) -> (Client, FakeTransport) {
    let fake = pages
        .iter()
        .fold(FakeTransport::new(), |fake, page| fake.respond_json(operation, page.to_string()));
    let client = Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .region("cn-hangzhou")
        .transport(fake.clone())
        .build()
        .unwrap();
    (client, fake)
}

/// This many items.
fn things(count: usize) -> Value {
    Value::from(vec![json!({"Name": "n"}); count])
}

/// Reads all items up to the end or an error, and returns their number.
async fn count<R: Paged>(mut items: Items<R>) -> (usize, Option<Error>) {
    let mut count = 0;
    while let Some(item) = items.next().await {
        match item {
            Ok(_) => count += 1,
            Err(error) => return (count, Some(error)),
        }
    }
    (count, None)
}

/// Asserts that a list has 25 items over three calls, and returns the values of a parameter.
async fn read_25<R: Paged>(items: Items<R>, fake: &FakeTransport, parameter: &str) -> Vec<String> {
    let (count, error) = count(items).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((count, fake.requests().len()), (25, 3));
    let text = |value: Option<&str>| value.unwrap_or("-").to_owned();
    fake.requests().iter().map(|request| text(request.param(parameter))).collect()
}

#[tokio::test]
async fn by_page_number() {
    let page = |items| json!({"TotalCount": 25, "Things": {"Thing": things(items)}});
    let (client, fake) = client("DescribeByNumber", &[page(10), page(10), page(5)]);
    let items = client.describe_by_number_items(DescribeByNumberRequest::new().page_size(10));
    assert_eq!(read_25(items, &fake, "PageNumber").await, ["-", "2", "3"]);
}

#[tokio::test]
async fn by_page_number_without_a_token() {
    for token in [json!({}), json!({"NextToken": ""}), json!({"NextToken": null})] {
        let page = |number, items| {
            let mut page = json!({"TotalCount": 25, "PageSize": 10, "PageNumber": number, "Things": {"Thing": things(items)}});
            page.as_object_mut().unwrap().extend(token.as_object().unwrap().clone());
            page
        };
        let (client, fake) =
            client("DescribeByNumberOrToken", &[page(1, 10), page(2, 10), page(3, 5)]);
        let request = DescribeByNumberOrTokenRequest::new().page_size(10);
        let items = client.describe_by_number_or_token_items(request);
        assert_eq!(read_25(items, &fake, "PageNumber").await, ["-", "2", "3"], "{token}");
        assert!(fake.requests().iter().all(|request| request.param("NextToken").is_none()));
    }
}

#[tokio::test]
async fn by_token_of_an_operation_with_a_page_number() {
    let page = |items, token| json!({"TotalCount": 25, "NextToken": token, "Things": {"Thing": things(items)}});
    let pages = [page(10, "a"), page(10, "b"), page(5, "")];
    let (client, fake) = client("DescribeByNumberOrToken", &pages);
    let request = DescribeByNumberOrTokenRequest::new().max_results(10);
    let items = client.describe_by_number_or_token_items(request);
    assert_eq!(read_25(items, &fake, "NextToken").await, ["-", "a", "b"]);
    assert!(fake.requests().iter().all(|request| request.param("PageNumber").is_none()));
}

#[tokio::test]
async fn by_page_number_as_text_in_the_form() {
    let page = |items| json!({"TotalCount": "25", "Things": things(items)});
    let (optional, fake) = client("DescribeByText", &[page(10), page(10), page(5)]);
    let items = optional.describe_by_text_items(DescribeByTextRequest::new().page_size("10"));
    assert_eq!(read_25(items, &fake, "CurrentPage").await, ["-", "2", "3"]);
    assert!(String::from_utf8_lossy(fake.requests()[2].body()).contains("CurrentPage=3"));

    let (required, fake) = client("DescribeByRequiredText", &[page(10), page(5)]);
    let request = DescribeByRequiredTextRequest::new().page_no("2").page_size("10");
    let mut pages = required.describe_by_required_text_pages(request);
    while pages.next().await.transpose().unwrap().is_some() {}
    assert_eq!((pages.items_read(), fake.requests().len()), (25, 2));
    assert_eq!(fake.requests()[1].param("PageNo"), Some("3"));

    // What is not a number cannot be followed.
    let (broken, _) = client("DescribeByText", &[page(10)]);
    let request = DescribeByTextRequest::new().current_page("last");
    let (_, error) = count(broken.describe_by_text_items(request)).await;
    let error = error.unwrap();
    assert_eq!(error.incomplete_list().unwrap().reason, IncompleteReason::InvalidParameter);
    assert!(error.to_string().ends_with("has no next value: set it to a number"), "{error}");
}

#[tokio::test]
async fn by_token_whose_total_is_larger() {
    let page =
        |items, token| json!({"TotalSize": 25, "NextPageToken": token, "Things": things(items)});
    let pages = [page(10, "a"), page(10, "b"), page(5, "")];
    let (complete, fake) = client("ListByToken", &pages);
    let items = complete.list_by_token_items(ListByTokenRequest::new());
    assert_eq!(read_25(items, &fake, "NextPageToken").await, ["-", "a", "b"]);

    let (incomplete, _) = client("ListByToken", &[page(10, "")]);
    let (items, error) = count(incomplete.list_by_token_items(ListByTokenRequest::new())).await;
    assert_eq!(items, 10);
    assert_eq!(
        error.unwrap().to_string(),
        "Lists ListByToken: the list ended early: 10 of 25 items were read, and the response has no \
         token for the next page: narrow the request, or increase the page size so that one page has \
         all items"
    );
}

#[tokio::test]
async fn by_marker() {
    let page = |items, next: Value, more: bool| json!({"IsTruncated": more, "Marker": "echo", "NextMarker": next, "Things": {"Thing": things(items)}});
    let pages =
        [page(10, json!("a"), true), page(10, json!("b"), true), page(5, json!(null), false)];
    let (complete, fake) = client("ListByMarker", &pages);
    let items = complete.list_by_marker_items(ListByMarkerRequest::new());
    assert_eq!(read_25(items, &fake, "Marker").await, ["-", "a", "b"]);

    let (truncated, _) = client("ListByMarker", &[page(10, json!(null), true)]);
    let (_, error) = count(truncated.list_by_marker_items(ListByMarkerRequest::new())).await;
    let error = error.unwrap();
    let list = error.incomplete_list().unwrap();
    assert_eq!((list.items_read, list.total, list.reason), (10, None, IncompleteReason::NoToken));
}

#[tokio::test]
async fn by_cursor_inside_of_objects() {
    let page = |items, next, more| json!({"Data": {"PageInfo": {"NextCursor": next, "HasMore": more}, "Things": things(items)}});
    // The last response repeats its cursor, and says that there is no more.
    let pages = [page(10, "a", "true"), page(10, "b", "true"), page(5, "b", "false")];
    let (client, fake) = client("ListByCursor", &pages);
    let items = client.list_by_cursor_items(ListByCursorRequest::new());
    assert_eq!(read_25(items, &fake, "Cursor").await, ["-", "a", "b"]);
}

#[tokio::test]
async fn by_offset() {
    let page = |items| json!({"total": 25, "things": things(items)});
    let (by_offset, fake) = client("ListByOffset", &[page(10), page(10), page(5)]);
    let items = by_offset.list_by_offset_items(ListByOffsetRequest::new().limit(10));
    assert_eq!(read_25(items, &fake, "offset").await, ["-", "10", "20"]);

    let page = |items| json!({"Total": 25, "Things": things(items)});
    let (by_start, fake) = client("ListByStart", &[page(5)]);
    let (items, error) =
        count(by_start.list_by_start_items(ListByStartRequest::new().start(20))).await;
    assert_eq!((items, error.is_none(), fake.requests().len()), (5, true, 1));
}

#[tokio::test]
async fn by_page_number_from_zero() {
    let page = |items| json!({"total": 25, "things": things(items)});
    let (client, fake) = client("ListFromZero", &[page(10), page(10), page(5)]);
    let items = client.list_from_zero_items(ListFromZeroRequest::new().size(10));
    assert_eq!(read_25(items, &fake, "page").await, ["-", "1", "2"]);
}

#[tokio::test]
async fn by_the_number_of_pages() {
    let page = |items| json!({"TotalPages": 3, "Things": things(items)});
    let (client, fake) = client("QueryByForm", &[page(10), page(10), page(5)]);
    let items = client.query_by_form_items(QueryByFormRequest::new());
    assert_eq!(read_25(items, &fake, "PageIndex").await, ["-", "2", "3"]);
}

#[tokio::test]
async fn by_page_number_inside_of_objects() {
    let page = |items| json!({"Result": {"Page": {"Total": 25}, "Labels": ["a", "b"], "Things": things(items)}});
    let (client, fake) = client("QueryByStruct", &[page(10), page(10), page(5)]);
    let query = query_by_struct::Query::default().keyword("k");
    let items = client.query_by_struct_items(QueryByStructRequest::new().query(query));
    let sent = read_25(items, &fake, "Query").await;
    let sent: Vec<Value> = sent.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    assert_eq!(sent[0], json!({"Keyword": "k"}));
    assert_eq!(sent[2], json!({"Keyword": "k", "Paging": {"PageNum": 3}}));
}

#[tokio::test]
async fn by_marker_in_a_body() {
    let page = |items, next| json!({"items": things(items), "next_marker": next});
    let pages = [page(10, "a"), page(10, "b"), page(5, "")];
    let (client, fake) = client("QueryInBody", &pages);
    let (items, error) = count(client.query_in_body_items(QueryInBodyRequest::new())).await;
    assert_eq!((items, error.is_none()), (25, true));
    let last: Value = serde_json::from_slice(fake.requests()[2].body()).unwrap();
    assert_eq!(last, json!({"marker": "b"}));
}

#[tokio::test]
async fn by_page_number_of_shared_types() {
    let page = |number, items| json!({"Page": {"Number": number, "Size": 10}, "Total": 25, "Things": things(items)});
    let (client, fake) = client("QueryReferenced", &[page(1, 10), page(2, 10), page(3, 5)]);
    let (items, error) = count(client.query_referenced_items(QueryReferencedRequest::new())).await;
    assert_eq!((items, error.is_none()), (25, true));
    let last: Value = serde_json::from_slice(fake.requests()[2].body()).unwrap();
    assert_eq!(last["Page"]["Number"], 3);
}

#[tokio::test]
async fn by_a_count_that_may_be_that_of_the_page() {
    let page = |count, items| json!({"Count": count, "Things": things(items)});
    // The count of all items.
    let (of_all, fake) = client("QueryCount", &[page(25, 10), page(25, 10), page(25, 5)]);
    let request = || QueryCountRequest::new().page_size(10);
    let items = of_all.query_count_items(request());
    assert_eq!(read_25(items, &fake, "PageNumber").await, ["-", "2", "3"]);
    // The count of a page: an empty page is the last.
    let pages = [page(10, 10), page(10, 10), page(5, 5), page(0, 0)];
    let (of_page, fake) = client("QueryCount", &pages);
    let (items, error) = count(of_page.query_count_items(request())).await;
    assert_eq!((items, error.is_none(), fake.requests().len()), (25, true, 4));
}

#[tokio::test]
async fn by_a_list_among_several() {
    let page = |items| json!({"TotalCount": 25, "Rules": things(items), "Warnings": things(1)});
    let (named, fake) = client("QueryRules", &[page(10), page(10), page(5)]);
    let items = named.query_rules_items(QueryRulesRequest::new());
    assert_eq!(read_25(items, &fake, "PageNumber").await, ["-", "2", "3"]);

    // The overlay names the list.
    let page = |items| json!({"Data": {"Left": things(1), "Right": things(items)}});
    let (chosen, fake) = client("QueryChosen", &[page(10), page(5), page(0)]);
    let (items, error) = count(chosen.query_chosen_items(QueryChosenRequest::new())).await;
    assert_eq!((items, error.is_none(), fake.requests().len()), (15, true, 3));
}
