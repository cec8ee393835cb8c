//! Secrets in responses.

use alicloud_core::testing::FakeTransport;
use alicloud_core::wire::{from_json, from_xml, to_xml};
use alicloud_core::{Secret, SignatureVersion};
use alicloud_secrets::model::{AssumeRoleRequest, CreateKeyPairResponse};
use serde_json::json;

use super::{Output, VALUES, secrets_client};

#[tokio::test]
async fn responses_of_a_generated_product_hide_secrets() {
    for value in VALUES {
        let role = json!({
            "RequestId": "r-visible",
            "Credentials": {
                "AccessKeyId": "STS.visible",
                "AccessKeySecret": value,
                "SecurityToken": value,
                "Expiration": "2026-01-02T03:04:05Z",
            },
            "AssumedRoleUser": {"Arn": "visible-arn"},
        });
        let key_pair = json!({
            "RequestId": "r-visible",
            "KeyPairName": "visible-name",
            "PrivateKeyBody": value,
            "Pin": value,
            "AuthKey": "visible-kind",
            "Users": {"User": [{"Name": "visible-user", "Password": value}]},
        });
        let fake = FakeTransport::new()
            .respond_json("AssumeRole", role.to_string())
            .respond_json("AssumeRole", role.to_string().replace('}', ""));
        let client = secrets_client(&fake, SignatureVersion::Acs3);
        let mut output = Output::default();
        let response = client.assume_role(AssumeRoleRequest::new("arn")).response().await.unwrap();
        output.debug(&response);
        let credentials = response.value.credentials.clone().unwrap();
        assert_eq!(credentials.access_key_secret.unwrap().expose(), value);
        assert_eq!(serde_json::to_value(&response.value).unwrap(), role);
        output.all_of_error(&client.assume_role(AssumeRoleRequest::new("arn")).await.unwrap_err());

        let from_json =
            from_json::<CreateKeyPairResponse>(key_pair.to_string().as_bytes()).unwrap();
        let xml = to_xml("CreateKeyPairResponse", "item", &from_json.value);
        let from_xml = from_xml::<CreateKeyPairResponse>(xml.as_bytes()).unwrap();
        assert_eq!(from_json.value, from_xml.value);
        output.debug(&from_json);
        output.debug(&from_xml);
        assert_eq!(serde_json::to_value(&from_json.value).unwrap(), key_pair);
        let again: CreateKeyPairResponse = serde_json::from_value(key_pair).unwrap();
        assert_eq!(again, from_json.value);
        let mut pins = [Secret::new("z"), again.pin.unwrap(), Secret::new("A")];
        pins.sort_by(|a, b| a.expose().cmp(b.expose()));
        assert_eq!(pins[0].expose(), value.min("A"));

        output.expect_no(value);
        for visible in
            ["STS.visible", "visible-arn", "visible-name", "visible-kind", "visible-user"]
        {
            assert!(output.0.contains(visible), "{visible} in {}", output.0);
        }
    }
}
