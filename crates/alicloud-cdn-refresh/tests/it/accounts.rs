//! The account that a job belongs to.

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{Job, Plan, ServiceId, StateFile};
use alicloud_core::Credentials;
use alicloud_core::testing::FakeTransport;

async fn service(credentials: Credentials) -> ServiceId {
    let client: Client =
        Client::builder().credentials(credentials).transport(FakeTransport::new()).build().unwrap();
    ServiceId::from_client(&client).await
}

#[tokio::test]
async fn a_job_can_be_continued_with_other_credentials_of_its_account() {
    let key = |id: &str| Credentials::new(id, "secret");
    let role = |id: &str| key(id).with_security_token("token");
    let (account, other) = ("1234567890123456", "6543210987654321");
    for (first, second, is_same) in [
        (role("STS.1").with_account_id(account), role("STS.2").with_account_id(account), true),
        (role("STS.1").with_account_id(account), role("STS.2").with_account_id(other), false),
        (key("LTAI1").with_account_id(account), key("LTAI2").with_account_id(account), true),
        (key("LTAI1").with_account_id(account), key("LTAI2"), false),
        (key("LTAI1"), key("LTAI1").with_account_id(account), true),
        // Nothing is known that could be compared.
        (role("STS.1"), role("STS.2").with_account_id(account), true),
        (key("LTAI1"), role("STS.2").with_account_id(account), true),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let job = Job::new(Plan::refresh(["https://example.com/a"]));
        let shown = format!("{first:?} {second:?}");
        let service_id = service(first).await;
        assert!(!serde_json::to_string(&service_id).unwrap().contains(account), "{shown}");
        let file = StateFile::create_for(&path, &job, &service_id).unwrap();
        assert_eq!(file.check_service(&service(second).await).is_ok(), is_same, "{shown}");
    }
}
