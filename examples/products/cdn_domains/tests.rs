use alicloud_core::Clock as _;

use super::fake::Fake;
use super::*;

const NAME: &str = "www.example.com";

async fn start(result: &'static str) -> (Fake, Client) {
    let fake = account::start_with_result(&[], result).await.unwrap();
    let client = fake.client(Client::builder()).unwrap();
    (fake, client)
}

#[tokio::test]
async fn a_lost_response_is_followed_by_a_lookup() {
    let (fake, client) = start("online").await;
    fake.service.enqueue(ScriptedResponse::response_lost().for_operation("AddCdnDomain"));
    add(&client, NAME).await.unwrap();
    assert_eq!(fake.calls("AddCdnDomain"), 1);
    let domain = wait_until_online(&client, NAME).await.unwrap();
    assert_eq!(domain.cname.as_deref(), Some("www.example.com.w.example.net"));
}

#[tokio::test]
async fn a_domain_that_was_not_added_is_an_error_of_the_call() {
    let (fake, client) = start("online").await;
    fake.service.enqueue(ScriptedResponse::connection_closed().for_operation("AddCdnDomain"));
    let error = add(&client, NAME).await.unwrap_err().to_string();
    assert!(error.contains("AddCdnDomain") && error.contains("outcome unknown"), "{error}");
    assert!(find(client, NAME).await.unwrap().is_none());
}

#[tokio::test]
async fn a_rejected_domain_ends_the_wait() {
    for result in ["check_failed", "configure_failed", "offline", "deleting"] {
        let (_fake, client) = start(result).await;
        add(&client, NAME).await.unwrap();
        let error = wait_until_online(&client, NAME).await.unwrap_err().to_string();
        assert!(error.contains(&format!("is {result}")), "{error}");
    }
}

#[tokio::test]
async fn a_long_review_is_a_timeout_with_the_remedy() {
    let (_fake, client) = start("checking").await;
    add(&client, NAME).await.unwrap();
    let error = wait_until_online(&client, NAME).await.unwrap_err().to_string();
    assert!(error.contains("is checking") && error.ends_with("run the program again"), "{error}");
    assert_eq!(client.core().clock().elapsed(), Duration::from_secs(900));
}
