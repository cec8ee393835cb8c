//! Roles on a computer whose clock is wrong.

use std::time::Duration;

use alicloud_core::credentials::AssumeRole;
use alicloud_core::testing::{FakeTransport, ManualClock};
use alicloud_core::{Client, Clock as _, ProvideCredentials as _};

use super::{base, response};
use crate::{NOW, assert_contains, clock, expect_credentials, expect_error, temporary, variables};

const EXPIRED: &str = r#"{"Code":"InvalidTimeStamp.Expired","Message":"expired","RequestId":"1"}"#;
const SERVICE_TIME: &str = "Fri, 02 Jan 2026 03:04:05 GMT";

fn rejection(fake: FakeTransport, date: &str) -> FakeTransport {
    fake.respond_raw("AssumeRole", 400, &[("date", date)], EXPIRED)
}

fn role(fake: &FakeTransport, clock: &ManualClock) -> AssumeRole {
    AssumeRole::new(base(), "acs:ram::1:role/r")
        .variables(variables(&[]))
        .transport(fake.clone())
        .clock(clock.clone())
}

/// Returns the signed times of all requests to STS.
fn timestamps(fake: &FakeTransport) -> Vec<String> {
    let requests = fake.requests();
    let times = requests.iter().filter_map(|request| request.param("Timestamp"));
    times.map(str::to_owned).collect()
}

#[tokio::test]
async fn the_time_is_corrected_once_and_remembered() {
    for (local, first) in
        [(NOW - 7_200, "2026-01-02T01:04:05Z"), (NOW + 7_200, "2026-01-02T05:04:05Z")]
    {
        let fake = rejection(FakeTransport::new(), SERVICE_TIME)
            .respond_json("AssumeRole", response())
            .respond_json("AssumeRole", response().replace("04:04:05Z", "05:04:05Z"));
        let clock = ManualClock::from_unix_seconds(local);
        let provider = role(&fake, &clock);
        // By a clock that is two hours ahead, these credentials have expired already.
        expect_credentials(&provider).await;
        assert_eq!(clock.elapsed(), Duration::ZERO, "the retry does not wait");
        clock.advance(Duration::from_secs(1_800));
        expect_credentials(&provider).await;
        assert_eq!(timestamps(&fake), [first, "2026-01-02T03:04:05Z"]);
        // 6 minutes before they expire, they are refreshed, with the corrected time from the start.
        clock.advance(Duration::from_secs(1_440));
        expect_credentials(&provider).await;
        assert_eq!(timestamps(&fake)[2..], ["2026-01-02T03:58:05Z"]);
    }
}

#[tokio::test]
async fn credentials_that_have_expired_by_the_corrected_time_are_rejected() {
    let fake = rejection(FakeTransport::new(), "Fri, 02 Jan 2026 04:04:05 GMT")
        .respond_json("AssumeRole", response());
    let error = expect_error(&role(&fake, &clock())).await;
    assert_contains(&error, &["the credentials expired at 2026-01-02T04:04:05Z"]);
}

#[tokio::test]
async fn a_time_that_cannot_be_corrected_is_reported() {
    let later = "Fri, 02 Jan 2026 04:04:05 GMT";
    for (headers, requests) in [
        // The correction did not help.
        (&[("date", later)][..], 2),
        (&[("date", later), ("age", "9")], 1),
        (&[("date", SERVICE_TIME)], 1),
        (&[("date", "yesterday")], 1),
        (&[], 1),
    ] {
        let fake = FakeTransport::new().respond_raw("AssumeRole", 400, headers, EXPIRED);
        let error = expect_error(&role(&fake, &clock())).await;
        assert_contains(&error, &["InvalidTimeStamp.Expired (HTTP 400)", "[request id 1]"]);
        assert_eq!(fake.requests().len(), requests, "{headers:?}");
    }
}

#[test]
fn the_default_chain_shares_the_offset_with_its_client() {
    // The chain of a client reads the variables of the process, so a child process has others.
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aliyun")).unwrap();
    let profile = r#"{"current":"p","profiles":[{"name":"p","mode":"RamRoleArn",
        "access_key_id":"LTAI1","access_key_secret":"s","ram_role_arn":"acs:ram::1:role/r"}]}"#;
    std::fs::write(home.path().join(".aliyun").join("config.json"), profile).unwrap();
    let test = "sts::clock::signs_with_the_offset_that_sts_told";
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args([test, "--exact", "--ignored"]).env_clear();
    child.env("HOME", home.path()).env("USERPROFILE", home.path());
    let output = child.output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}");
}

#[tokio::test]
#[ignore = "another test runs it, with other variables"]
async fn signs_with_the_offset_that_sts_told() {
    for (is_corrected, signed) in [(true, "2026-01-02T03:04:05Z"), (false, "2026-01-02T05:04:05Z")]
    {
        let fake = rejection(FakeTransport::new(), SERVICE_TIME)
            .respond_json("AssumeRole", response())
            .respond_json("DescribeRefreshQuota", "{}");
        let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
            .transport(fake.clone())
            .clock(ManualClock::from_unix_seconds(NOW + 7_200))
            .clock_skew_correction(is_corrected)
            .build()
            .unwrap();
        client.generic_call("DescribeRefreshQuota").await.unwrap();
        assert_eq!(fake.requests().len(), 3);
        assert_eq!(fake.requests()[2].header("x-acs-date"), Some(signed));
    }
}

#[tokio::test]
async fn an_oidc_token_is_exchanged_with_the_corrected_time() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("token");
    std::fs::write(&file, "a.b.c").unwrap();
    let credentials = temporary("2026-01-02T04:04:05Z");
    let fake = FakeTransport::new()
        .respond_raw("AssumeRoleWithOIDC", 400, &[("date", SERVICE_TIME)], EXPIRED)
        .respond_json("AssumeRoleWithOIDC", format!(r#"{{"Credentials":{{{credentials}}}}}"#));
    let provider = alicloud_core::credentials::OidcRole::new()
        .role_arn("acs:ram::1:role/r")
        .provider_arn("acs:ram::1:oidc-provider/p")
        .token_file(&file)
        .variables(variables(&[]))
        .transport(fake.clone())
        .clock(ManualClock::from_unix_seconds(NOW + 7_200));
    assert!(provider.credentials().await.is_ok());
    assert_eq!(timestamps(&fake), ["2026-01-02T05:04:05Z", "2026-01-02T03:04:05Z"]);
}
