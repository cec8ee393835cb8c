//! Signs requests, implemented independently of the crate.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// A call, valid by default, that can be signed in every scheme.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) version: &'a str,
    pub(crate) time: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) access_key_id: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) token: Option<&'a str>,
    pub(crate) params: &'a [(&'a str, &'a str)],
    /// Only signed in ACS3.
    pub(crate) headers: &'a [(&'a str, &'a str)],
}

impl Default for Call<'_> {
    fn default() -> Self {
        Self {
            method: "POST",
            path: "/",
            operation: "DescribeRefreshTaskById",
            version: "2018-05-10",
            time: "2026-01-02T03:04:05Z",
            nonce: "once",
            access_key_id: "fake-access-key-id",
            secret: "fake-access-key-secret",
            token: None,
            params: &[("TaskId", "12345678")],
            headers: &[],
        }
    }
}

impl Call<'_> {
    /// Returns the request signed with ACS3-HMAC-SHA256, with the parameters in the query.
    pub(crate) fn acs3(&self) -> String {
        self.acs3_with_query(&query(self.params.to_vec()))
    }

    /// Like [`acs3`](Self::acs3), but signs the plain names of parameters, like the Go, Python and
    /// Node clients.
    pub(crate) fn acs3_with_plain_names(&self) -> String {
        let mut pairs = self.params.to_vec();
        pairs.sort_unstable();
        let pairs: Vec<String> =
            pairs.iter().map(|(key, value)| format!("{key}={}", percent_encode(value))).collect();
        self.acs3_with_query(&pairs.join("&"))
    }

    fn acs3_with_query(&self, canonical_query: &str) -> String {
        let empty_hash = hex(&Sha256::digest(b""));
        let mut headers = vec![
            ("host", "cdn.aliyuncs.com"),
            ("x-acs-action", self.operation),
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
        let query = query(self.params.to_vec());
        let lines: String = headers.iter().map(|(k, v)| format!("{k}:{v}\n")).collect();
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let canonical = format!(
            "{}\n{}\n{canonical_query}\n{lines}\n{names}\n{empty_hash}",
            self.method, self.path
        );
        let to_sign = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical)));
        let signature = hex(&compute_hmac::<Hmac<Sha256>>(self.secret, &to_sign));
        let headers: String =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "{} {}?{query} HTTP/1.1\r\n{headers}authorization: ACS3-HMAC-SHA256 \
             Credential={},SignedHeaders={names},Signature={signature}\r\n\r\n",
            self.method, self.path, self.access_key_id
        )
    }

    /// Returns the request signed with HMAC-SHA1, with the parameters in the query.
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

    /// Returns the request signed with HMAC-SHA1, with the parameters in a form.
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

    /// Returns the request of a ROA operation signed with HMAC-SHA1.
    pub(crate) fn roa(&self) -> String {
        // The same time as 2026-01-02T03:04:05Z, the time of all tests.
        let date = "Fri, 02 Jan 2026 03:04:05 GMT";
        let mut headers = vec![
            ("x-acs-action", self.operation),
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
        let mut pairs = self.params.to_vec();
        pairs.sort_unstable();
        let pairs: Vec<String> =
            pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
        let to_sign =
            format!("{}\napplication/json\n\n\n{date}\n{lines}{}{query}", self.method, self.path);
        let signature = STANDARD.encode(compute_hmac::<Hmac<Sha1>>(self.secret, &to_sign));
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
            ("Action", self.operation),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", self.nonce),
            ("SignatureVersion", "1.0"),
            ("Timestamp", self.time),
            ("Version", self.version),
        ];
        if let Some(token) = self.token {
            pairs.push(("SecurityToken", token));
        }
        pairs.extend(self.params);
        let canonical = query(pairs);
        let to_sign = format!("{}&%2F&{}", self.method, percent_encode(&canonical));
        let signature =
            STANDARD.encode(compute_hmac::<Hmac<Sha1>>(&format!("{}&", self.secret), &to_sign));
        format!("{canonical}&Signature={}", percent_encode(&signature))
    }
}

fn query(mut pairs: Vec<(&str, &str)>) -> String {
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{}={}", percent_encode(key), percent_encode(value)))
        .collect();
    pairs.join("&")
}

fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match char::from(byte) {
            unreserved @ ('-' | '_' | '.' | '~') => unreserved.to_string(),
            unreserved if unreserved.is_ascii_alphanumeric() => unreserved.to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn compute_hmac<M: Mac + KeyInit>(key: &str, message: &str) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
