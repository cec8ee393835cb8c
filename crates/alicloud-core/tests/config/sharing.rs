//! What the clients of a configuration share.

use std::time::Duration;

use alicloud_core::credentials::Variables;
use alicloud_core::testing::{FakeTransport, ManualClock};
use alicloud_core::{Client, ClientBuilder, Clock as _, Config, Operation};
use serde_json::json;

use crate::region::DescribeInstancesRequest;
use crate::{ECS, KVSTORE, RAM, builder, client};

/// Returns a file of the CLI whose profile assumes a role.
fn role_profile() -> String {
    let profile = json!({
        "name": "p", "mode": "RamRoleArn", "access_key_id": "id", "access_key_secret": "secret",
        "ram_role_arn": "acs:ram::1:role/r", "region_id": "cn-hangzhou",
    });
    json!({"current": "p", "profiles": [profile]}).to_string()
}

#[tokio::test]
async fn one_refresh_serves_the_clients_of_three_products() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aliyun")).unwrap();
    std::fs::write(home.path().join(".aliyun/config.json"), role_profile()).unwrap();
    let assumed = |id: &str, expiration: &str| {
        json!({"Credentials": {
            "AccessKeyId": id, "AccessKeySecret": "s", "SecurityToken": "t", "Expiration": expiration,
        }})
        .to_string()
    };
    let mut fake = FakeTransport::new()
        .respond_json("AssumeRole", assumed("STS.1", "2026-01-02T04:04:05Z"))
        .respond_json("AssumeRole", assumed("STS.2", "2026-01-02T05:04:05Z"));
    for _ in 0..6 {
        fake = fake.respond_json("Get", "{}");
    }
    let clock = ManualClock::from_unix_seconds(1_767_323_045);
    let config = Config::builder()
        .variables(Variables::from_pairs([("HOME", home.path().to_str().unwrap())]))
        .transport(fake.clone())
        .clock(clock.clone())
        .build()
        .unwrap();
    let clients = [&ECS, &KVSTORE, &RAM].map(|product| client(product, &config).unwrap());
    let call_all = async || {
        let [a, b, c] = clients.each_ref().map(|client| client.generic_call("Get"));
        let (a, b, c) = tokio::join!(a, b, c);
        assert!(a.is_ok() && b.is_ok() && c.is_ok(), "{a:?} {b:?} {c:?}");
    };
    let assumed = || fake.requests().iter().filter(|one| one.operation() == "AssumeRole").count();

    call_all().await;
    assert_eq!(assumed(), 1);
    let hosts: Vec<_> = fake
        .requests()
        .iter()
        .filter(|request| request.operation() == "Get")
        .map(|request| request.header("host").unwrap().to_owned())
        .collect();
    assert_eq!(
        hosts,
        ["ecs.cn-hangzhou.aliyuncs.com", "r-kvstore.cn-hangzhou.aliyuncs.com", "ram.aliyuncs.com"]
    );
    clock.advance(Duration::from_secs(3_600));
    call_all().await;
    assert_eq!(assumed(), 2);
    let last = fake.requests().last().unwrap().clone();
    assert_eq!(last.header("x-acs-accesskey-id"), Some("STS.2"));
}

#[tokio::test]
async fn the_clock_skew_is_measured_once() {
    let headers = [("date", "Fri, 02 Jan 2026 04:04:05 GMT")];
    let expired = r#"{"Code": "InvalidTimeStamp.Expired"}"#;
    let fake = FakeTransport::new()
        .respond_raw("Get", 400, &headers, expired)
        .respond_json("Get", "{}")
        .respond_json("Get", "{}");
    let clock = ManualClock::from_unix_seconds(1_767_323_045);
    let config = builder(&[]).transport(fake.clone()).clock(clock).build().unwrap();
    for _ in 0..2 {
        client(&RAM, &config).unwrap().generic_call("Get").await.unwrap();
    }
    let dates: Vec<_> = fake
        .requests()
        .iter()
        .map(|request| request.header("x-acs-date").unwrap().to_owned())
        .collect();
    let (local, service) = ("2026-01-02T03:04:05Z", "2026-01-02T04:04:05Z");
    assert_eq!(dates, [local, service, service]);
}

#[tokio::test]
async fn the_rate_limit_is_shared() {
    static OPERATION: Operation = Operation::rpc(&RAM, "Get").with_rate_limit(1);
    let mut fake = FakeTransport::new();
    for _ in 0..4 {
        fake = fake.respond_json("Get", "{}");
    }
    let clock = ManualClock::from_unix_seconds(1_767_323_045);
    let config = builder(&[]).transport(fake).clock(clock.clone()).build().unwrap();
    for _ in 0..4 {
        let request = DescribeInstancesRequest { region_id: Some("cn-hangzhou".to_owned()) };
        client(&RAM, &config).unwrap().call(&OPERATION, &request).await.unwrap();
    }
    assert!(clock.elapsed() >= Duration::from_secs(3), "{:?}", clock.elapsed());
}

#[test]
fn a_client_can_differ() {
    let config =
        builder(&[]).timeout(Duration::from_secs(20)).region("cn-hangzhou").build().unwrap();
    let timeout = |client: Client| client.timeout();
    assert_eq!(timeout(client(&ECS, &config).unwrap()), Duration::from_secs(20));
    let builder = ClientBuilder::<Client>::new(&ECS).config(&config);
    let different = builder.timeout(Duration::from_secs(3)).region("cn-beijing").build().unwrap();
    assert_eq!(different.endpoint(), "https://ecs.cn-beijing.aliyuncs.com");
    assert_eq!(timeout(different), Duration::from_secs(3));
    assert_eq!(timeout(client(&ECS, &config).unwrap()), Duration::from_secs(20));
}
