//! HMAC-SHA1 for the ROA style, the older signature of APIs with resource paths.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use sha1::Sha1;

use super::mac::hmac;

/// The signed parts of a request. An absent header is an empty text.
///
/// # Examples
///
/// ```
/// use alicloud_core::sign::roa;
///
/// let input = roa::SigningInput {
///     method: "GET",
///     accept: "application/json",
///     date: "Fri, 02 Jan 2026 03:04:05 GMT",
///     path: "/clusters",
///     query: &[("pageSize", "10")],
///     ..roa::SigningInput::default()
/// };
/// let string_to_sign = roa::string_to_sign(&input);
/// assert!(string_to_sign.ends_with("\n/clusters?pageSize=10"));
/// let signature = roa::signature("secret", &string_to_sign);
/// assert!(roa::authorization("id", &signature).starts_with("acs id:"));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct SigningInput<'a> {
    /// The HTTP method, in upper case.
    pub method: &'a str,
    /// The header `Accept`.
    pub accept: &'a str,
    /// The header `Content-MD5`.
    pub content_md5: &'a str,
    /// The header `Content-Type`.
    pub content_type: &'a str,
    /// The header `Date`; see [`http_date`](super::http_date).
    pub date: &'a str,
    /// All headers of the request; only those that begin with `x-acs-` are signed.
    pub headers: &'a [(&'a str, &'a str)],
    /// The path as it is sent.
    pub path: &'a str,
    /// The decoded query parameters; this signature does not encode them.
    pub query: &'a [(&'a str, &'a str)],
}

/// Returns the string to sign.
///
/// # Empty values
///
/// This function writes a parameter with an empty value as `name=`, like the official Node client. The gateway
/// probably writes `name`, so pass no empty values if you send requests yourself. The requests of a
/// [`Client`](crate::Client) have the name alone, in the URL and in the signed text: that is right for a gateway that
/// leaves the `=` out, and for one that signs the query as it arrived. No documentation covers this case, and the
/// official clients disagree:
///
/// * The current Go, Java and Python clients sign `name` in the ROA style only, with code for this case. In Java, it
///   came as a fix of the ROA signature (`openapi-util` 0.1.3, 2021). The older Go client sends `name`, too.
/// * The PHP client changed from `name=` to `name` as a fix of the ROA signature (`openapi-sdk-php-client`, #220), and
///   a maintainer writes that the server leaves the `=` out (#221). In the RPC style this was wrong, and undone.
/// * The Node clients and the older Java and Python clients sign `name=`, without code for this case.
///
/// # Examples
///
/// ```
/// use alicloud_core::sign::roa;
///
/// let headers = [("x-acs-version", "2015-12-15"), ("user-agent", "not signed")];
/// let input = roa::SigningInput {
///     method: "GET",
///     headers: &headers,
///     path: "/",
///     ..roa::SigningInput::default()
/// };
/// assert_eq!(roa::string_to_sign(&input), "GET\n\n\n\n\nx-acs-version:2015-12-15\n/");
/// ```
pub fn string_to_sign(input: &SigningInput<'_>) -> String {
    string_to_sign_with(input, "=")
}

/// Returns the string to sign of a request that sends the name of a parameter with an empty value alone.
pub(crate) fn string_to_sign_of_bare_names(input: &SigningInput<'_>) -> String {
    string_to_sign_with(input, "")
}

/// Returns the string to sign. `empty_value` follows the name of a parameter with an empty value.
fn string_to_sign_with(input: &SigningInput<'_>, empty_value: &str) -> String {
    let lines = [input.method, input.accept, input.content_md5, input.content_type, input.date];
    let pairs = input.headers.iter().chain(input.query);
    let length = lines.iter().map(|line| line.len() + 1).sum::<usize>()
        + pairs.map(|(name, value)| name.len() + value.len() + 2).sum::<usize>()
        + input.path.len();
    // Never grows: a text that does is copied, and a copy of a security token is not wiped.
    let mut out = String::with_capacity(length);
    for line in lines {
        out.push_str(line);
        out.push('\n');
    }
    let mut headers: Vec<(String, &str)> = input
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), *value))
        .filter(|(name, _)| name.starts_with("x-acs-"))
        .collect();
    headers.sort();
    for (name, value) in &headers {
        out.push_str(name);
        out.push(':');
        out.extend(value.trim().chars().map(|character| match character {
            // As in the official clients. A line break would inject a line.
            '\t' | '\n' | '\r' | '\u{c}' => ' ',
            character => character,
        }));
        out.push('\n');
    }
    out.push_str(input.path);
    let mut query = input.query.to_vec();
    query.sort_by_key(|(name, _)| *name);
    for (index, (name, value)) in query.into_iter().enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        out.push_str(name);
        out.push_str(if value.is_empty() { empty_value } else { "=" });
        out.push_str(value);
    }
    out
}

/// Returns the signature in base64.
///
/// # Examples
///
/// ```
/// use alicloud_core::sign::roa;
///
/// assert_eq!(roa::signature("secret", "GET\n\n\n\n\n/").len(), 28);
/// ```
pub fn signature(secret: &str, string_to_sign: &str) -> String {
    STANDARD.encode(hmac::<Hmac<Sha1>>(secret.as_bytes(), string_to_sign.as_bytes()))
}

/// Returns the value of the header `Authorization`.
///
/// # Examples
///
/// ```
/// # use alicloud_core::sign::roa;
/// assert_eq!(roa::authorization("id", "c2ln"), "acs id:c2ln");
/// ```
pub fn authorization(access_key_id: &str, signature: &str) -> String {
    ["acs ", access_key_id, ":", signature].concat()
}
