//! Credentials from the responses of STS.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::{Duration, UNIX_EPOCH};

use alicloud_core::wire::{Node, from_json};
use alicloud_sts::credentials::ToCredentials;
use alicloud_sts::model::{
    AssumeRoleResponse, AssumeRoleWithOIDCResponse, AssumeRoleWithSAMLResponse,
};
use serde_json::{Value, json};

fn response() -> Value {
    json!({
        "RequestId": "1B2C3D4E",
        "AssumedRoleUser": {
            "AssumedRoleId": "345678901234567890:nightly",
            "Arn": "acs:ram::6543210987654321:role/purge/nightly",
        },
        "Credentials": {
            "AccessKeyId": "STS.ExampleKeyId",
            "AccessKeySecret": "hidden-secret",
            "SecurityToken": "hidden-token",
            "Expiration": "2026-01-02T03:19:05Z",
        },
    })
}

fn decode<T: Node + Default>(response: &Value) -> T {
    from_json(response.to_string().as_bytes()).unwrap().value
}

fn assume_role(response: &Value) -> AssumeRoleResponse {
    decode(response)
}

#[test]
fn all_three_responses_have_credentials() {
    let all: [Box<dyn ToCredentials>; 3] = [
        Box::new(assume_role(&response())),
        Box::new(decode::<AssumeRoleWithOIDCResponse>(&response())),
        Box::new(decode::<AssumeRoleWithSAMLResponse>(&response())),
    ];
    for response in all {
        let credentials = response.to_credentials().unwrap();
        assert_eq!(credentials.access_key_id(), "STS.ExampleKeyId");
        assert_eq!(credentials.access_key_secret().expose(), "hidden-secret");
        assert_eq!(credentials.security_token().unwrap().expose(), "hidden-token");
        let expiration = UNIX_EPOCH + Duration::from_secs(1_767_323_945);
        assert_eq!(credentials.expiration(), Some(expiration));
        assert_eq!(credentials.account_id(), Some("6543210987654321"));
        assert_eq!(credentials.provider(), "static_sts");
    }
}

#[test]
fn the_account_is_that_of_the_arn_if_it_has_one() {
    for (arn, account) in [
        (json!("acs:sts::1234567890123456:assumed-role/Deploy/alice"), Some("1234567890123456")),
        (json!("acs:ram::*:role/x/y"), None),
        (json!("acs:ram::"), None),
        (json!(""), None),
        (Value::Null, None),
    ] {
        let mut response = response();
        response["AssumedRoleUser"]["Arn"] = arn;
        let credentials = assume_role(&response).to_credentials().unwrap();
        assert_eq!(credentials.account_id(), account);
    }
    let mut response = response();
    response["AssumedRoleUser"] = Value::Null;
    assert_eq!(assume_role(&response).to_credentials().unwrap().account_id(), None);
}

#[test]
fn an_absent_or_invalid_part_is_an_error_without_values() {
    let mut without = response();
    without["Credentials"] = Value::Null;
    let error = assume_role(&without).to_credentials().unwrap_err();
    assert_eq!(
        error.to_string(),
        "AssumeRole: the response has no valid `Credentials`; call AssumeRole again"
    );
    for (field, value, expected) in [
        ("AccessKeyId", Value::Null, "no valid `Credentials.AccessKeyId`"),
        ("AccessKeySecret", Value::Null, "no valid `Credentials.AccessKeySecret`"),
        ("SecurityToken", Value::Null, "no valid `Credentials.SecurityToken`"),
        ("Expiration", Value::Null, "no valid `Credentials.Expiration`"),
        ("Expiration", json!("tomorrow"), "no valid `Credentials.Expiration`"),
        ("Expiration", json!(""), "no valid `Credentials.Expiration`"),
        ("AccessKeyId", json!(""), "no valid `Credentials.AccessKeyId`"),
        ("AccessKeyId", json!(" STS.ExampleKeyId"), "no valid `Credentials.AccessKeyId`"),
        ("AccessKeySecret", json!(""), "no valid `Credentials.AccessKeySecret`"),
        ("AccessKeySecret", json!("hidden-secret\n"), "no valid `Credentials.AccessKeySecret`"),
        ("SecurityToken", json!(""), "no valid `Credentials.SecurityToken`"),
        ("SecurityToken", json!(" hidden-token"), "no valid `Credentials.SecurityToken`"),
    ] {
        let mut response = response();
        response["Credentials"][field] = value;
        let error = assume_role(&response).to_credentials().unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.contains(expected), "{field}: {text}");
        assert!(text.contains("call AssumeRole again") && !text.contains("static"), "{text}");
        assert!(!text.contains("hidden") && !text.contains("tomorrow"), "{field}: {text}");
        assert!(!error.is_absent());
    }
}
