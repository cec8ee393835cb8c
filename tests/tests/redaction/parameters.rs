//! Secrets in parameters: previews and recorded requests.

use alicloud_core::Preview;
use alicloud_core::testing::{DeterministicNonce, FakeTransport, ManualClock};
use alicloud_obstacle_roa::model::PutUserRequest;
use alicloud_obstacle_roa::model::put_user::{Body, Friend};
use serde_json::json;

use super::{Output, SIGNATURES, VALUES, credentials, modify_instance, secrets_client};

impl Output {
    fn preview(&mut self, preview: &Preview) {
        self.debug(preview);
        self.display(preview);
        self.display(&preview.curl());
        self.display(&preview.url);
        self.debug(&preview.headers);
        self.display(&String::from_utf8_lossy(&preview.body));
        self.debug(&preview.canonical_request);
        self.debug(&preview.string_to_sign);
        self.display(&preview.canonical_request.as_deref().unwrap_or_default());
        self.display(&preview.string_to_sign.as_deref().unwrap_or_default());
    }
}

#[tokio::test]
async fn previews_and_records_of_a_generated_product_are_the_same_for_all_secrets() {
    for signature in SIGNATURES {
        let mut expected: Option<String> = None;
        // A single letter cannot be searched, but it cannot change the output.
        for value in VALUES.into_iter().chain(["a", "1", "Password", "true", "%3C"]) {
            let fake = FakeTransport::new().respond_json("ModifyInstance", "{}");
            let client = secrets_client(&fake, signature);
            let mut output = Output::default();
            let request = modify_instance(value);
            output.debug(&request);
            output.debug(&client.modify_instance(request.clone()));
            let preview = client.modify_instance(request.clone()).preview().await.unwrap();
            output.preview(&preview);
            client.modify_instance(request.clone()).await.unwrap();
            let recorded = fake.requests().remove(0);
            output.debug(&recorded);
            output.debug(&alicloud_core::wire::request::encode(&request).unwrap());

            if value.len() > 1 && VALUES.contains(&value) {
                output.expect_no(value);
            }
            for visible in [
                "i-visible",
                "visible-user",
                "visible-account",
                "visible-kind",
                "visible-extra",
                "visible-parameter",
                "PasswordInherit=true",
                "Users.1.Password=<redacted>",
                "Passwords=<redacted>%2C<redacted>",
            ] {
                assert!(preview.to_string().contains(visible), "{visible} in {preview}");
            }
            assert_eq!(*expected.get_or_insert_with(|| output.0.clone()), output.0, "{value}");

            // What is sent is unchanged.
            assert_eq!(recorded.param("Password"), Some(value));
            assert_eq!(recorded.param("UserData"), Some(value));
            assert_eq!(recorded.param("Users.1.Password"), Some(value));
            assert_eq!(recorded.param("Pin"), Some(value));
            let accounts: serde_json::Value =
                serde_json::from_str(recorded.param("Accounts").unwrap()).unwrap();
            assert_eq!(accounts[1]["Password"], value);
        }
    }
}

#[tokio::test]
async fn previews_and_records_hide_secrets_in_path_header_and_body() {
    for signature in SIGNATURES {
        for value in VALUES.into_iter().filter(|value| value.is_ascii() && !value.contains('\n')) {
            let fake = FakeTransport::new().respond_json("PutUser", "{}");
            let builder = alicloud_obstacle_roa::Client::builder().region("cn-hangzhou");
            let client: alicloud_obstacle_roa::Client = builder
                .credentials(credentials())
                .signature(signature)
                .transport(fake.clone())
                // A random nonce or the time could contain a short value.
                .clock(ManualClock::from_unix_seconds(1_767_323_045))
                .nonce_source(DeterministicNonce::constant("nonce"))
                .build()
                .unwrap();
            let request = PutUserRequest::new()
                .login_token(value)
                .user_id("visible-user")
                .x_pin_passphrase(value)
                .body(
                    Body::new()
                        .name("visible-name")
                        .password(value)
                        .friends([Friend::new().name("visible-friend").password(value)]),
                );
            let mut output = Output::default();
            output.debug(&request);
            let preview = client.put_user(request.clone()).preview().await.unwrap();
            output.preview(&preview);
            for visible in ["visible-user", "visible-name", "visible-friend", "/users/<redacted>/"]
            {
                assert!(preview.to_string().contains(visible), "{visible} in {preview}");
            }
            client.put_user(request).await.unwrap();
            let recorded = fake.requests().remove(0);
            output.debug(&recorded);
            output.expect_no(value);
            assert_eq!(recorded.header("x-pin-passphrase"), Some(value));
            let body: serde_json::Value = serde_json::from_slice(recorded.body()).unwrap();
            assert_eq!(body["Friends"][0]["Password"], value);
        }
    }
}

#[tokio::test]
async fn generic_calls_hide_secrets_by_name() {
    for signature in SIGNATURES {
        let mut expected: Option<String> = None;
        for value in VALUES.into_iter().chain(["a", "1"]) {
            let fake = FakeTransport::new().respond_json("Do", "{}");
            let client = secrets_client(&fake, signature);
            let call = |name: &str| {
                let user = json!({"Name": "visible-user", "LoginPwd": value});
                client
                    .core()
                    .generic_call(name)
                    .roa("POST", "/tokens/{AccessToken}/visible-path")
                    .path_param("AccessToken", value)
                    .param("Password", value)
                    .param("KeyPairName", "visible-key-pair")
                    .param("Users", [&user])
                    .json_param("Accounts", [&user])
                    .param("Text", json!({"a": {"ApiKey": value}}).to_string())
                    .header("x-api-key", "JqHeaderValue")
                    .header("x-acs-client-token", "visible-token")
                    .body(json!({"User": user, "AccessKeySecret": value}))
                    .into_call()
                    .query_param("UserData", value)
            };
            let mut output = Output::default();
            let preview = call("Do").preview().await.unwrap();
            output.preview(&preview);
            call("Do").await.unwrap();
            output.debug(&fake.requests()[0]);
            output.expect_no("JqHeaderValue");
            if value.len() > 1 {
                output.expect_no(value);
            }
            for visible in ["visible-key-pair", "visible-user", "visible-token", "visible-path"] {
                assert!(preview.to_string().contains(visible), "{visible} in {preview}");
            }
            assert_eq!(*expected.get_or_insert_with(|| output.0.clone()), output.0, "{value}");
            assert_eq!(fake.requests()[0].param("UserData"), Some(value));
        }
    }
}
