//! Parameters of generic calls whose names, or those beside them, are those of secrets.

use alicloud_core::SignatureVersion;
use alicloud_core::testing::FakeTransport;
use serde_json::json;

use super::{Output, secrets_client};

#[tokio::test]
async fn generic_calls_hide_codes_and_values_whose_key_names_a_secret() {
    const VALUE: &str = "Jq-secret-value";
    let fake = FakeTransport::new().error("Do", 400, "X", &format!("{VALUE} is invalid"));
    let client = secrets_client(&fake, SignatureVersion::Acs3);
    let pair = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let mut call = client
        .core()
        .generic_call("Do")
        .param("Tag", [pair("visible-key", "visible-tag"), pair("password", VALUE)])
        .param("Parameters", [json!({"ParameterKey": "DbPassword", "ParameterValue": VALUE})])
        .json_param("Options", [pair("AccessToken", VALUE), pair("Size", "visible-option")])
        .param("Texts", json!([{"name": "secret", "value": VALUE}]).to_string())
        .form_param("Mapping", "visible-mapping")
        .form_param("SessionId", "visible-session")
        .form_param("Value", "visible-value");
    for name in [
        "Pin",
        "CardPin",
        "card_pin",
        "AuthCode",
        "VerifyCode",
        "SmsVerificationCode",
        "JWT",
        "UserJwt",
        "ConnectionString",
        "Dsn",
        "Pem",
    ] {
        call = call.form_param(name, VALUE);
    }
    let call = call.into_call().no_retry();
    let mut output = Output::default();
    output.debug(&call);
    output.all_of_error(&call.await.unwrap_err());
    let sent = &fake.requests()[0];
    let shown = format!("{sent:?}");
    output.debug(sent);
    output.expect_no(VALUE);
    for visible in [
        "visible-key",
        "visible-tag",
        "visible-option",
        "visible-mapping",
        "visible-session",
        "visible-value",
    ] {
        assert!(shown.contains(visible), "{visible} in {shown}");
    }
}
