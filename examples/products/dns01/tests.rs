use alicloud_alidns::Client;
use alicloud_alidns::model::AddDomainRecordRequest;
use alicloud_core::Clock as _;
use alicloud_fake::ScriptedResponse;

use super::fake::Fake;
use super::*;

const NAME: &str = "_acme-challenge.www.example.com";

async fn start() -> (Fake, Client) {
    let zones = &["example.org", "Example.com.", "_acme-challenge.shop.example.com"];
    let fake = zones::start(zones).await.unwrap();
    let client = fake.client(Client::builder()).unwrap();
    (fake, client)
}

async fn wait(client: &Client) {
    client.core().clock().sleep(Duration::from_secs(10)).await;
}

async fn is_listed(client: &Client, record: &TxtRecord) -> bool {
    wait(client).await;
    find(client.clone(), record.clone()).await.unwrap().is_some()
}

#[tokio::test]
async fn a_failed_check_leaves_no_record() {
    let (fake, client) = start().await;
    let record = TxtRecord::in_zone(&client, NAME, "value").await.unwrap();
    let check = Box::pin(async {
        assert!(is_listed(&client, &record).await);
        Err("the ACME server is down".into())
    });
    let error = with_record(&client, &record, check).await.unwrap_err();
    assert_eq!(error.to_string(), "the ACME server is down");
    assert!(!is_listed(&client, &record).await);
    assert_eq!(fake.calls("DeleteDomainRecord"), 1);
}

#[tokio::test]
async fn a_record_of_another_run_stays() {
    // Listed already, and not listed yet.
    for lag in [Duration::from_secs(10), Duration::ZERO] {
        let (fake, client) = start().await;
        let record = TxtRecord::in_zone(&client, NAME, "value").await.unwrap();
        let other = AddDomainRecordRequest::new()
            .domain_name(&record.zone)
            .rr(&record.host)
            .r#type("TXT")
            .value("value");
        client.add_domain_record(other).await.unwrap();
        client.core().clock().sleep(lag).await;
        with_record(&client, &record, async { Ok(()) }).await.unwrap();
        assert!(is_listed(&client, &record).await);
        assert_eq!(fake.calls("DeleteDomainRecord"), 0);
    }
}

#[tokio::test]
async fn lost_responses_leave_no_record() {
    let (fake, client) = start().await;
    for operation in ["AddDomainRecord", "DeleteDomainRecord"] {
        fake.service.enqueue(ScriptedResponse::response_lost().for_operation(operation));
    }
    let record = TxtRecord::in_zone(&client, NAME, "value").await.unwrap();
    with_record(&client, &record, async { Ok(()) }).await.unwrap();
    assert!(!is_listed(&client, &record).await);
    assert_eq!((fake.calls("AddDomainRecord"), fake.calls("DeleteDomainRecord")), (1, 2));
}

#[tokio::test]
async fn names_are_compared_without_case_and_trailing_dot() {
    let (_fake, client) = start().await;
    for (name, zone, host) in [
        ("_acme-challenge.WWW.example.COM.", "Example.com.", "_acme-challenge.www"),
        ("Example.Com", "Example.com.", "@"),
        ("_acme-challenge.shop.example.com.", "_acme-challenge.shop.example.com", "@"),
        ("a.shop.example.com", "Example.com.", "a.shop"),
    ] {
        let record = TxtRecord::in_zone(&client, name, "value").await.unwrap();
        assert_eq!((record.zone.as_str(), record.host.as_str()), (zone, host), "{name}");
    }
    let error = TxtRecord::in_zone(&client, "notexample.com", "value").await.unwrap_err();
    assert_eq!(error.to_string(), "the account has no zone of notexample.com");
}

#[tokio::test]
async fn the_record_of_a_zone_itself_is_found() {
    let (_fake, client) = start().await;
    let name = "_acme-challenge.shop.example.com";
    let record = TxtRecord::in_zone(&client, name, "value").await.unwrap();
    let check = Box::pin(async {
        assert!(is_listed(&client, &record).await);
        Ok(())
    });
    with_record(&client, &record, check).await.unwrap();
    assert!(!is_listed(&client, &record).await);
}
