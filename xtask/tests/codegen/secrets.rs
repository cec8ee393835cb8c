//! Texts that are secrets because of what is around them.

use super::lowered;

/// Returns the type of the field of a struct of the intermediate representation.
fn field_type(ir: &serde_json::Value, wire: &str) -> String {
    fn find(value: &serde_json::Value, wire: &str) -> Option<String> {
        match value {
            serde_json::Value::Object(fields) => {
                if fields.get("wire").is_some_and(|found| found == wire) {
                    return Some(fields["ty"].to_string());
                }
                fields.values().find_map(|value| find(value, wire))
            }
            serde_json::Value::Array(items) => items.iter().find_map(|value| find(value, wire)),
            _ => None,
        }
    }
    find(ir, wire).unwrap()
}

#[test]
fn a_secret_is_recognized_by_what_is_around_it() {
    let text = |name: &str| format!(r#"{name:?}: {{"type": "string"}}"#);
    let object = |name: &str, fields: &str| {
        format!(r#"{name:?}: {{"type": "object", "properties": {{{fields}}}}}"#)
    };
    let list = |name: &str, fields: &str| {
        format!(
            r#"{name:?}: {{"type": "array", "items": {{"type": "object", "properties": {{{fields}}}}}}}"#
        )
    };
    let all = |names: &[&str]| names.iter().map(|name| text(name)).collect::<Vec<_>>().join(",");
    for (operation, properties, wire, is_secret) in [
        ("DescribeUserKubeconfig", text("config"), "config", true),
        ("DescribeUserKubeConfigs", object("Data", &text("Config")), "Config", true),
        ("DescribeCluster", text("config"), "config", false),
        ("CreateToken", object("Token", &all(&["Id", "UserId"])), "Id", true),
        ("CreateToken", object("Token", &all(&["Id", "UserId"])), "UserId", false),
        ("CreateToken", object("Token", &all(&["Id", "Value"])), "Id", false),
        ("CreateToken", object("Token", &all(&["Id", "Value"])), "Value", true),
        ("ListTokens", list("Tokens", &all(&["Id"])), "Id", false),
        ("ListSecrets", list("Secrets", &all(&["Id", "Value"])), "Value", true),
        ("GetSecret", object("Secret", &all(&["Id", "Name"])), "Id", false),
        ("DescribeCertificate", all(&["Cert", "Key"]), "Key", true),
        ("DescribeCertificate", all(&["CertificateBody", "Key"]), "Key", true),
        ("DescribeCertificate", all(&["CertName", "Key"]), "Key", false),
        ("ListTags", list("Tags", &all(&["Key", "Value"])), "Key", false),
        ("GetToken", text("Data"), "Data", true),
        ("GetToken", object("Data", &all(&["Text", "Name"])), "Text", true),
        ("GetToken", all(&["Text", "Name"]), "Name", false),
        ("GetTokenList", text("Data"), "Data", false),
        ("ResetPassword", text("Data"), "Data", false),
        ("GetNextToken", text("Data"), "Data", false),
    ] {
        let description = format!(
            r#"{operation:?}: {{"responses": {{"200": {{"schema": {{"type": "object", "properties": {{{properties}}}}}}}}}}}"#
        );
        let (ir, _) = lowered(&description, None);
        let expected = if is_secret { r#""Secret""# } else { r#""Text""# };
        assert_eq!(field_type(&ir, wire), expected, "{operation} {wire} of {properties}");
    }
    // A response that is the secret, parameters, and the overlay.
    let root = r#""GetToken": {"responses": {"200": {"schema": {"type": "string"}}}}"#;
    let (ir, _) = lowered(root, None);
    assert_eq!(ir["operations"][0]["response"]["root"]["Alias"]["target"], "Secret");
    let set = r#""SetCertificate": {"parameters": [
        {"name": "Cert", "in": "query", "schema": {"type": "string"}},
        {"name": "Key", "in": "query", "schema": {"type": "string"}}]}"#;
    assert_eq!(field_type(&lowered(set, None).0, "Key"), r#""Secret""#);
    let overlay = "[[fix]]\nat = \"SetCertificate?Key\"\nwhy = \"w\"\ntype = \"text\"\n";
    assert_eq!(field_type(&lowered(set, Some(overlay)).0, "Key"), r#""Text""#);
}
