//! A virtual world: files, programs, and the services that providers ask.

use std::collections::BTreeMap;
use std::io;

use alicloud_core::bytes::Bytes;
use alicloud_core::credentials::{ProcessLimits, RunProcess};
use alicloud_core::http::{HeaderMap, Method, Request, Response};
use alicloud_core::wire::percent_decode;
use alicloud_core::{
    BoxFuture, Secret, Transport, TransportError, TransportErrorKind, TransportOptions,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// How the services and programs of a row behave.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct World {
    /// The metadata service; there is none without it.
    pub(crate) instance: Option<Instance>,
    /// What the metadata service returns as the name of the role.
    role_text: Option<String>,
    /// The expiration of the credentials of the metadata service.
    expiration: Option<String>,
    sts_denies: bool,
    /// Status and body of the response of a URI. Credentials without it.
    uri: Option<(u16, String)>,
    /// Output by command; its words are separated by `|`.
    programs: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Instance {
    /// Accepts requests with and without a token.
    Any,
    WithoutTokens,
    TokensRequired,
    /// Issues tokens and rejects them.
    TokensRejected,
    NoRole,
    NoCredentials,
    Unreachable,
}

const TOKEN_HEADER: &str = "x-aliyun-ecs-metadata-token";

impl World {
    fn respond(&self, request: &Request<Bytes>) -> Option<(u16, String)> {
        let uri = request.uri();
        let form: BTreeMap<String, String> = String::from_utf8_lossy(request.body())
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (percent_decode(name).into(), percent_decode(value).into()))
            .collect();
        match uri.host()? {
            "100.100.100.200" => {
                self.metadata(self.instance?, request.method(), uri.path(), request.headers())
            }
            host if host.starts_with("sts") => Some(self.sts(&form)),
            "oauth.aliyun.com" => {
                Some((200, credentials(&login_id("oauth", request), None).to_string()))
            }
            host if host.ends_with(".alibabacloudsso.com") => {
                let fields = credentials(&login_id("sso", request), None);
                Some((200, json!({"CloudCredential": fields}).to_string()))
            }
            _ => Some(self.uri.clone().unwrap_or_else(|| {
                let path = uri.path_and_query().map_or("/", |path| path.as_str());
                (200, credentials(&format!("uri:{path}"), None).to_string())
            })),
        }
    }

    fn metadata(
        &self,
        instance: Instance,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Option<(u16, String)> {
        let empty = |status| Some((status, String::new()));
        let token = headers.get(TOKEN_HEADER).map(|token| token.as_bytes());
        let role = path.strip_prefix("/latest/meta-data/ram/security-credentials/");
        match (instance, method, token, role) {
            (Instance::Unreachable, ..) => None,
            (Instance::WithoutTokens, &Method::PUT, ..) => empty(404),
            (_, &Method::PUT, ..) => Some((200, "session".to_owned())),
            (Instance::TokensRequired, _, token, _) if token != Some(b"session") => empty(403),
            (Instance::TokensRejected, _, Some(_), _) => empty(401),
            (Instance::NoRole, ..) | (_, _, _, None) => empty(404),
            (_, _, _, Some("")) => Some((200, self.role_text.clone().unwrap_or("web".to_owned()))),
            (Instance::NoCredentials, ..) => Some((200, r#"{"Code":"Failed"}"#.to_owned())),
            (_, _, _, Some(role)) => {
                let fields = credentials(&format!("instance:{role}"), self.expiration.as_deref());
                Some((200, fields.to_string()))
            }
        }
    }

    fn sts(&self, form: &BTreeMap<String, String>) -> (u16, String) {
        if self.sts_denies {
            return (403, r#"{"Code":"NoPermission","Message":"denied"}"#.to_owned());
        }
        let role = form["RoleArn"].rsplit('/').next().unwrap_or_default();
        let id = match form["Action"].as_str() {
            "AssumeRole" => {
                let token = if form.contains_key("SecurityToken") { "+token" } else { "" };
                format!("assumed:{role}:{}{token}", form["AccessKeyId"])
            }
            _ => format!("oidc:{role}:{}", form["OIDCToken"].escape_default()),
        };
        (200, json!({"Credentials": credentials(&id, None)}).to_string())
    }
}

/// Returns the key id of a login: its account, if the request names one, and its access token.
fn login_id(kind: &str, request: &Request<Bytes>) -> String {
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let account = body["AccountId"].as_str().unwrap_or("nobody");
    let token = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or("anonymous");
    format!("{kind}:{account}:{token}")
}

fn credentials(id: &str, expiration: Option<&str>) -> Value {
    json!({
        "Code": "Success", "AccessKeyId": id, "AccessKeySecret": "secret", "SecurityToken": "token",
        "Expiration": expiration.unwrap_or("2026-01-02T04:04:05Z"),
    })
}

impl Transport for World {
    fn send(
        &self,
        request: Request<Bytes>,
        _: TransportOptions,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let result = match self.respond(&request) {
            Some((status, body)) => {
                Ok(Response::builder().status(status).body(body.into()).unwrap())
            }
            None => Err(TransportError::new(TransportErrorKind::Connect)),
        };
        Box::pin(async move { result })
    }
}

impl RunProcess for World {
    fn run(
        &self,
        program: &str,
        arguments: &[String],
        _: ProcessLimits,
    ) -> BoxFuture<'static, io::Result<Secret>> {
        let command = [&[program.to_owned()], arguments].concat().join("|");
        let output = match self.programs.get(&command) {
            Some(output) => Ok(Secret::new(output.as_str())),
            None if program == "echo" => Ok(Secret::new(arguments.join(" "))),
            None => Err(io::ErrorKind::NotFound.into()),
        };
        Box::pin(async move { output })
    }
}
