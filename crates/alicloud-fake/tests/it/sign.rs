//! Signs requests for the tests, written a second time on purpose.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// A call in either scheme. What a test does not care about is right by default.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) action: &'a str,
    pub(crate) version: &'a str,
    pub(crate) time: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) access_key_id: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) token: Option<&'a str>,
    pub(crate) parameters: &'a [(&'a str, &'a str)],
    /// Signed by ACS3 only.
    pub(crate) headers: &'a [(&'a str, &'a str)],
}

impl Default for Call<'_> {
    fn default() -> Self {
        Self {
            method: "POST",
            path: "/",
            action: "DescribeRefreshTaskById",
            version: "2018-05-10",
            time: "2026-01-02T03:04:05Z",
            nonce: "once",
            access_key_id: "fake-access-key-id",
            secret: "fake-access-key-secret",
            token: None,
            parameters: &[("TaskId", "12345678")],
            headers: &[],
        }
    }
}

impl Call<'_> {
    /// The request as text, signed with ACS3-HMAC-SHA256, parameters in the query.
    pub(crate) fn acs3(&self) -> String {
        self.acs3_over(&query(self.parameters.to_vec()))
    }

    /// The same, with the names of parameters left as they are where they are signed, as the Go,
    /// Python and Node clients do.
    pub(crate) fn acs3_with_plain_names(&self) -> String {
        let mut pairs = self.parameters.to_vec();
        pairs.sort_unstable();
        let pairs: Vec<String> =
            pairs.iter().map(|(key, value)| format!("{key}={}", escaped(value))).collect();
        self.acs3_over(&pairs.join("&"))
    }

    fn acs3_over(&self, canonical_query: &str) -> String {
        let empty_hash = hex(&Sha256::digest(b""));
        let mut headers = vec![
            ("host", "cdn.aliyuncs.com"),
            ("x-acs-action", self.action),
            ("x-acs-content-sha256", &empty_hash),
            ("x-acs-date", self.time),
            ("x-acs-signature-nonce", self.nonce),
            ("x-acs-version", self.version),
        ];
        if let Some(token) = self.token {
            headers.push(("x-acs-accesskey-id", self.access_key_id));
            headers.push(("x-acs-security-token", token));
        }
        headers.extend(self.headers);
        headers.sort_unstable();
        let query = query(self.parameters.to_vec());
        let lines: String = headers.iter().map(|(k, v)| format!("{k}:{v}\n")).collect();
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let canonical = format!(
            "{}\n{}\n{canonical_query}\n{lines}\n{names}\n{empty_hash}",
            self.method, self.path
        );
        let to_sign = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical)));
        let signature = hex(&mac::<Hmac<Sha256>>(self.secret, &to_sign));
        let headers: String =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "{} {}?{query} HTTP/1.1\r\n{headers}authorization: ACS3-HMAC-SHA256 \
             Credential={},SignedHeaders={names},Signature={signature}\r\n\r\n",
            self.method, self.path, self.access_key_id
        )
    }

    /// The request as text, signed with HMAC-SHA1, everything in the query.
    pub(crate) fn rpc(&self) -> String {
        let headers: String =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "{} {}?{} HTTP/1.1\r\nhost: cdn.aliyuncs.com\r\n{headers}\r\n",
            self.method,
            self.path,
            self.rpc_pairs()
        )
    }

    /// The request as text, signed with HMAC-SHA1, everything in a form.
    pub(crate) fn rpc_form(&self) -> String {
        let form = self.rpc_pairs();
        format!(
            "{} {} HTTP/1.1\r\nhost: cdn.aliyuncs.com\r\n\
             content-type: Application/X-WWW-Form-Urlencoded; charset=UTF-8\r\n\
             content-length: {}\r\n\r\n{form}",
            self.method,
            self.path,
            form.len()
        )
    }

    /// The request as text, signed with HMAC-SHA1 as an ROA operation.
    pub(crate) fn roa(&self) -> String {
        // The same as 2026-01-02T03:04:05Z, which all tests are made at.
        let date = "Fri, 02 Jan 2026 03:04:05 GMT";
        let mut headers = vec![
            ("x-acs-action", self.action),
            ("x-acs-signature-method", "HMAC-SHA1"),
            ("x-acs-signature-nonce", self.nonce),
            ("x-acs-signature-version", "1.0"),
            ("x-acs-version", self.version),
        ];
        if let Some(token) = self.token {
            headers.push(("x-acs-accesskey-id", self.access_key_id));
            headers.push(("x-acs-security-token", token));
        }
        headers.extend(self.headers);
        headers.sort_unstable();
        let lines: String = headers.iter().map(|(k, v)| format!("{k}:{v}\n")).collect();
        let mut pairs = self.parameters.to_vec();
        pairs.sort_unstable();
        let pairs: Vec<String> =
            pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
        let to_sign =
            format!("{}\napplication/json\n\n\n{date}\n{lines}{}{query}", self.method, self.path);
        let signature = STANDARD.encode(mac::<Hmac<Sha1>>(self.secret, &to_sign));
        let headers: String =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "{} {}{query} HTTP/1.1\r\nhost: cdn.aliyuncs.com\r\naccept: application/json\r\n\
             date: {date}\r\n{headers}authorization: acs {}:{signature}\r\n\r\n",
            self.method, self.path, self.access_key_id
        )
    }

    fn rpc_pairs(&self) -> String {
        let mut pairs = vec![
            ("AccessKeyId", self.access_key_id),
            ("Action", self.action),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", self.nonce),
            ("SignatureVersion", "1.0"),
            ("Timestamp", self.time),
            ("Version", self.version),
        ];
        if let Some(token) = self.token {
            pairs.push(("SecurityToken", token));
        }
        pairs.extend(self.parameters);
        let canonical = query(pairs);
        let to_sign = format!("{}&%2F&{}", self.method, escaped(&canonical));
        let signature = STANDARD.encode(mac::<Hmac<Sha1>>(&format!("{}&", self.secret), &to_sign));
        format!("{canonical}&Signature={}", escaped(&signature))
    }
}

fn query(mut pairs: Vec<(&str, &str)>) -> String {
    pairs.sort_unstable();
    let pairs: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{}={}", escaped(key), escaped(value))).collect();
    pairs.join("&")
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match char::from(byte) {
            plain @ ('-' | '_' | '.' | '~') => plain.to_string(),
            plain if plain.is_ascii_alphanumeric() => plain.to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn mac<M: Mac + KeyInit>(key: &str, message: &str) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
