//! Names that suggest a secret: the one list for logs, previews, records and generated types.
//!
//! [`is_sensitive_name`] is broad, because a masked value in a log costs little. [`is_secret_field`] is
//! precise, because it decides the type of a field. Not public API.

mod words;

use std::collections::BTreeSet;

use serde_json::Value;

use self::words::{first_word, has_forms, last_word, lower_case};
pub use crate::secret::REDACTED;
use crate::secret::Secret;

/// Parts of the names of sensitive parameters in various products, in lower case.
const SENSITIVE_PARTS: [&str; 14] = [
    "accesskey",
    "authorization",
    "cookie",
    "credential",
    "key",
    "passphrase",
    "passwd",
    "password",
    "plaintext",
    "pwd",
    "secret",
    "signature",
    "token",
    "userdata",
];

/// The last words of the names of further secrets, for which no field has the type of a secret, because some
/// services use these words for something else.
const SENSITIVE_ENDINGS: [&str; 4] =
    ["authcode", "connectionstring", "verificationcode", "verifycode"];

/// The same for words with which other words end, too: `Mapping` is no `Pin`.
const SENSITIVE_LAST_WORDS: [&str; 3] = ["dsn", "jwt", "pin"];

/// Returns whether a name of a parameter suggests a secret, for logs. The name of a tag, such as
/// `Tag.1.Key`, does not.
///
/// # Examples
///
/// ```
/// use alicloud_wire::sensitive::is_sensitive_name;
///
/// assert!(is_sensitive_name("LaunchTemplate.Password"));
/// assert!(is_sensitive_name("NextToken"));
/// assert!(!is_sensitive_name("Tag.1.Key"));
/// ```
pub fn is_sensitive_name(name: &str) -> bool {
    name.split('.').filter(|part| *part != "Key").any(|part| {
        let lower = lower_case(part);
        SENSITIVE_PARTS.iter().any(|sensitive| lower.contains(sensitive))
            || SENSITIVE_ENDINGS.iter().any(|ending| lower.ends_with(ending))
            || SENSITIVE_LAST_WORDS.contains(&last_word(part).as_str())
            // A certificate is no secret, but alone the word can be a key.
            || lower == "pem"
            || is_secret_field(part)
    })
}

/// Returns whether the value of a name that no description declares is hidden: of a parameter of a generic
/// call, a header, or a key of a free-form value.
///
/// These are the sensitive names, except those of ids and names, page tokens and idempotency tokens, by
/// which people read a request.
///
/// # Examples
///
/// ```
/// use alicloud_wire::sensitive::is_masked_name;
///
/// for name in ["Password", "Users.1.LoginPwd", "x-api-key", "AccessKeySecret", "CardPin"] {
///     assert!(is_masked_name(name), "{name}");
/// }
/// for name in ["AccessKeyId", "KeyPairName", "NextToken", "x-client-token", "Tag.1.Key", "Mapping"] {
///     assert!(!is_masked_name(name), "{name}");
/// }
/// ```
pub fn is_masked_name(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let lower = lower_case(last);
    let is_shown =
        ["clienttoken", "id", "name", "nexttoken"].iter().any(|ending| lower.ends_with(ending));
    is_secret_field(last) || (!is_shown && is_sensitive_name(name))
}

/// Returns a text with a placeholder for each secret inside, if it is JSON that contains some, and
/// collects them.
pub fn mask_text(text: &str, secrets: &mut Vec<Secret>) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let known = secrets.len();
    match serde_json::from_str::<Value>(text) {
        Ok(document) => {
            let masked = mask_value(&document, secrets);
            (secrets.len() > known).then(|| masked.to_string())
        }
        // Invalid, so it is hidden as a whole.
        Err(_) => is_sensitive_name(text).then(|| {
            secrets.push(text.into());
            REDACTED.to_owned()
        }),
    }
}

/// Returns a free-form value with a placeholder for each secret, and collects the secrets.
pub fn mask_value(value: &Value, secrets: &mut Vec<Secret>) -> Value {
    match value {
        Value::Object(fields) => {
            let texts = fields.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
            let values = named_values(texts.map(|(name, text)| (name.as_str(), text)));
            let fields = fields.iter().map(|(name, value)| {
                let value = match is_masked_name(name) || values.contains(name) {
                    true => mask_all(value, secrets),
                    false => mask_value(value, secrets),
                };
                (name.clone(), value)
            });
            Value::Object(fields.collect())
        }
        Value::Array(items) => items.iter().map(|item| mask_value(item, secrets)).collect(),
        Value::String(text) => match mask_text(text, secrets) {
            Some(masked) => Value::String(masked),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

/// Returns the names of values whose siblings contain the names of secrets: `Value` for `Key=Password`, and
/// `Parameter.1.ParameterValue` for `Parameter.1.ParameterKey=Password`.
pub(crate) fn named_values<'a>(
    fields: impl Iterator<Item = (&'a str, &'a str)>,
) -> BTreeSet<String> {
    const KEYS: [(&str, &str); 4] =
        [("Key", "Value"), ("Name", "Value"), ("key", "value"), ("name", "value")];
    let value_name = |name: &str, text: &str| {
        let stem = |key| name.strip_suffix(key);
        let (stem, value) = KEYS.iter().find_map(|(key, value)| Some((stem(key)?, value)))?;
        is_secret_name(text).then(|| format!("{stem}{value}"))
    };
    fields.filter_map(|(name, text)| value_name(name, text)).collect()
}

/// Returns whether a text is the name of a secret, and not a longer one that only ends with it.
fn is_secret_name(text: &str) -> bool {
    const MAX_LENGTH: usize = 128;
    text.len() <= MAX_LENGTH && !text.contains(char::is_whitespace) && is_secret_field(text)
}

/// Replaces every text and number of a value. A boolean is the value of a switch and no secret.
fn mask_all(value: &Value, secrets: &mut Vec<Secret>) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter();
            fields.map(|(name, value)| (name.clone(), mask_all(value, secrets))).collect()
        }
        Value::Array(items) => items.iter().map(|item| mask_all(item, secrets)).collect(),
        Value::String(text) => {
            secrets.push(text.as_str().into());
            REDACTED.into()
        }
        Value::Number(number) => {
            secrets.push(number.to_string().into());
            REDACTED.into()
        }
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

/// Returns whether a text is JSON that contains a sensitive name.
///
/// # Examples
///
/// ```
/// use alicloud_wire::sensitive::contains_sensitive_name;
///
/// assert!(contains_sensitive_name(r#"{"User": {"Password": "s3cr3t"}}"#));
/// assert!(!contains_sensitive_name("Password"));
/// ```
pub fn contains_sensitive_name(text: &str) -> bool {
    // Text that starts like JSON but is invalid is checked as a whole.
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str(text)
            .map_or_else(|_| is_sensitive_name(text), |document| has_sensitive_field(&document))
}

fn has_sensitive_field(value: &Value) -> bool {
    match value {
        Value::Object(fields) => {
            fields.iter().any(|(name, value)| is_sensitive_name(name) || has_sensitive_field(value))
        }
        Value::Array(items) => items.iter().any(has_sensitive_field),
        Value::String(text) => contains_sensitive_name(text),
        _ => false,
    }
}

/// The last words of the names of secrets, in lower case and without separators.
///
/// What follows another kind of last word, such as `PasswordPolicy` or `SecretName`, is about a secret and
/// does not contain it.
const SECRET_ENDINGS: [&str; 43] = [
    "accesskey",
    "accesstoken",
    "activationcode",
    "apikey",
    "apitoken",
    "assertion",
    "authkey",
    "authorizationtoken",
    "authtoken",
    "bearertoken",
    "jwttoken",
    "keytab",
    "kubeconfig",
    "licensekey",
    "logintoken",
    "oidctoken",
    "passphrase",
    "passwd",
    "passwds",
    "password",
    "passwords",
    "plaintext",
    "presharedkey",
    "prikey",
    "privatekey",
    "privkey",
    "psk",
    "pwd",
    "qrcodepng",
    "refreshtoken",
    "rtctoken",
    "samltoken",
    "secret",
    "secretkey",
    "securitytoken",
    "sessiontoken",
    "sharetoken",
    "sslpri",
    "stringseed",
    "ststoken",
    "userdata",
    "usertoken",
    "vncurl",
];

/// Whole names of secrets that other names end with too.
const SECRET_NAMES: [&str; 6] =
    ["authorization", "clientkey", "idtoken", "serverkey", "sslkey", "token"];

/// Last words for the form of a secret: `SecretData` and `PrivateKeyBody` are secrets too.
const SECRET_FORMS: [&str; 12] = [
    "base64",
    "binary",
    "blob",
    "body",
    "content",
    "data",
    "material",
    "pem",
    "plaintext",
    "string",
    "text",
    "value",
];

/// First words of the names of switches, such as `IsPassword`.
const SWITCHES: [&str; 9] =
    ["disable", "enable", "has", "is", "need", "require", "reset", "support", "use"];

/// Returns whether a text field with this name on the wire contains a secret, so that its type is
/// [`Secret`](crate::Secret).
///
/// `Token` is one of these names. The description shows which fields called so are page tokens or
/// idempotency tokens, and these are no secrets.
///
/// # Examples
///
/// ```
/// use alicloud_wire::sensitive::is_secret_field;
///
/// for name in ["Password", "VncPassword", "AccessKeySecret", "SecurityToken", "PrivateKeyBody", "UserData"] {
///     assert!(is_secret_field(name), "{name}");
/// }
/// for name in ["PasswordInherit", "AccessKeyId", "NextToken", "KeyPairName", "PublicKey", "SecretName"] {
///     assert!(!is_secret_field(name), "{name}");
/// }
/// ```
pub fn is_secret_field(name: &str) -> bool {
    // The last part that is a name: the others are structs around it and positions in lists.
    let is_position = |part: &str| {
        matches!(part, "N" | "n" | "*") || part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let Some(name) = name.rsplit('.').find(|part| !is_position(part)) else {
        return false;
    };
    if SWITCHES.contains(&first_word(name).as_str()) {
        return false;
    }
    let lower = lower_case(name);
    // Only with a separator or capitals: `umidToken` is no id token.
    let is_id_token = || {
        ["IdToken", "IDToken", "id_token", "id-token"].iter().any(|ending| {
            let before = name.strip_suffix(ending).map(|before| before.chars().next_back());
            before.is_some_and(|last| {
                ending.starts_with('I') || last.is_none_or(|last| !last.is_alphanumeric())
            })
        })
    };
    let is_secret = |name: &str| {
        SECRET_NAMES.contains(&name) || SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending))
    };
    let is_form = |form: &&str| lower.strip_suffix(form).is_some_and(has_forms);
    is_secret(&lower) || is_id_token() || SECRET_FORMS.iter().any(is_form)
}
