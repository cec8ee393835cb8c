//! Names of secrets: which fields they mark, and what an issue shows of such a field.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use alicloud_wire::sensitive::is_secret_field;

#[test]
fn names_of_secrets_are_recognized() {
    for name in [
        "Password",
        "PassWord",
        "password",
        "MasterUserPassword",
        "AccountPassword",
        "VncPassword",
        "LoginPasswd",
        "db_pwd",
        "LaunchTemplateData.Password",
        "Users.N.Password",
        "Item.3.Secret",
        "AccessKeySecret",
        "SecretAccessKey",
        "SecretKey",
        "ClientSecret",
        "app_secret",
        "SecretData",
        "SecretValue",
        "SecretString",
        "SecurityToken",
        "x-acs-security-token",
        "AccessToken",
        "RefreshToken",
        "IdToken",
        "OIDCToken",
        "auth-token",
        "PrivateKey",
        "PrivateKeyBody",
        "ssl_privatekey",
        "UserData",
        "Plaintext",
        "KeyPlainText",
        "Passphrase",
        "ApiKey",
        "SSLPri",
        "SAMLAssertion",
        "Token",
        "user_id_token",
        "UserPassword",
    ] {
        assert!(is_secret_field(name), "{name}");
    }
    for name in [
        "",
        "N",
        "Key",
        "Tag.1.Key",
        "TagKey",
        "NextToken",
        "nextToken",
        "ClientToken",
        "PageToken",
        "ContinuationToken",
        "NextPageToken",
        "HttpTokens",
        "umidToken",
        "KeyPairName",
        "KeyPairId",
        "PasswordInherit",
        "PasswordPolicy",
        "PasswordId",
        "PasswordLength",
        "PasswordStatus",
        "PasswordExpireTime",
        "IsPassword",
        "ResetPassword",
        "NeedSecret",
        "AccessKeyId",
        "PublicKey",
        "PublicKeyBody",
        "SecretName",
        "SecretId",
        "SecretArn",
        "SecretDataType",
        "SecretType",
        "TokenType",
        "UserDataUrl",
        "KmsKeyId",
        "EncryptionKey",
        "PrimaryKey",
        "Keyword",
        "PrivateIpAddress",
        "CertificateId",
        "PasswordHint",
    ] {
        assert!(!is_secret_field(name), "{name}");
    }
}

#[test]
fn every_secret_field_is_hidden_by_name_too() {
    use alicloud_wire::sensitive::{is_masked_name, is_secret_field};
    for name in
        ["SSLPri", "Psk", "SAMLAssertion", "Items.1.Psk", "Password", "PrivateKeyBody", "UserData"]
    {
        let last = name.rsplit('.').next().unwrap();
        assert!(is_secret_field(last) && is_masked_name(name), "{name}");
    }
}

#[test]
fn an_issue_does_not_quote_what_a_secret_name_contains() {
    alicloud_wire::record! {
        struct Keys { secret: Option<alicloud_wire::Secret> = "SecurityToken" }
    }
    alicloud_wire::record! { struct Response { credentials: Option<Keys> = "Credentials" } }
    let decoded = alicloud_wire::from_json::<Response>(br#"{"Credentials": "s3cr3t"}"#).unwrap();
    assert_eq!(decoded.issues.len(), 1);
    assert!(!format!("{:?}", decoded.issues).contains("s3cr3t"), "{:?}", decoded.issues);
}
