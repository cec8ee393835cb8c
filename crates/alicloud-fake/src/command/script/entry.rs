//! One entry of a script.
//!
//! A key without an effect is an error, so that a test does not pass because its fault never
//! happened.

use std::iter::repeat_n;
use std::time::Duration;

use alicloud_fake::{Ending, ScriptedResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use serde_json::{Map, Value};

const KEYS: [&str; 17] = [
    "base64",
    "body",
    "code",
    "delay",
    "delivery",
    "ending",
    "executed",
    "headers",
    "message",
    "operation",
    "raw",
    "skip_verification",
    "slow_body",
    "status",
    "times",
    "trigger",
    "truncate_body",
];

/// Keys that describe what is sent, and how.
const RESPONSE_KEYS: [&str; 10] = [
    "base64",
    "body",
    "code",
    "ending",
    "headers",
    "message",
    "raw",
    "slow_body",
    "status",
    "truncate_body",
];

/// Limits the memory that an entry takes.
const MAX_TIMES: u64 = 100_000;

/// Parses an entry into its responses.
pub(super) fn parse(value: Value) -> Result<impl Iterator<Item = ScriptedResponse>, String> {
    let Value::Object(fields) = value else {
        return Err("expected an object such as {\"status\": 503}".to_owned());
    };
    let entry = Entry(fields);
    entry.check_keys()?;
    let times = entry.number("times")?.unwrap_or(1);
    if !(1..=MAX_TIMES).contains(&times) {
        return Err(format!("`times` must be from 1 to {MAX_TIMES}, not {times}"));
    }
    let times = usize::try_from(times).map_err(|error| error.to_string())?;
    Ok(repeat_n(entry.response()?, times))
}

struct Entry(Map<String, Value>);

impl Entry {
    fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Rejects unknown keys and invalid combinations.
    fn check_keys(&self) -> Result<(), String> {
        if let Some(key) = self.0.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(format!("unknown key `{key}`; use one of {}", KEYS.join(", ")));
        }
        let conflict =
            |key, others: &[&str], hint| match others.iter().find(|other| self.has(other)) {
                Some(other) if self.has(key) => {
                    Err(format!("`{key}` and `{other}` cannot be combined: {hint}"))
                }
                _ => Ok(()),
            };
        conflict("delivery", &RESPONSE_KEYS, "it sends nothing, so remove one of them")?;
        conflict("raw", &["body", "code", "headers", "status"], "include all of it in `raw`")?;
        conflict("body", &["code"], "the body of an error consists of `code` and `message`")?;
        if self.has("message") && !self.has("code") {
            return Err("`message` requires `code`: add the error's code".to_owned());
        }
        if self.has("base64") && !self.has("body") && !self.has("raw") {
            return Err("`base64` requires `body` or `raw`: add one of them".to_owned());
        }
        if self.has("trigger") {
            let hint = "the request has not been read yet, so remove one of them";
            conflict("trigger", &["executed", "skip_verification"], hint)?;
            if self.is_passthrough() {
                let hint = "add `status`, `code`, `body`, `raw` or `delivery`";
                return Err(format!("`trigger` is too early for the regular response: {hint}"));
            }
        }
        Ok(())
    }

    /// Returns whether the entry uses the regular response.
    fn is_passthrough(&self) -> bool {
        !["body", "code", "delivery", "raw", "status"].iter().any(|key| self.has(key))
    }

    fn response(&self) -> Result<ScriptedResponse, String> {
        let mut response = self.content()?;
        for (name, value) in &self.headers()? {
            response = response.header(name.clone(), value.clone());
        }
        if let Some(bytes) = self.size("truncate_body")? {
            response = response.truncate_body(bytes);
        }
        if let Some((bytes, pause)) = self.slow_body()? {
            response = response.slow_body(bytes, pause);
        }
        response = match self.string("ending")? {
            None => response,
            Some("close") => response.ending(Ending::Close),
            Some("reset") => response.ending(Ending::Reset),
            Some("hang") => response.ending(Ending::Hang),
            Some(other) => return Err(unknown_value("ending", &["close", "reset", "hang"], other)),
        };
        response = match self.string("trigger")? {
            None => response,
            Some("before_request_body") => response.before_request_body(),
            Some("on_connect") if self.has("operation") => {
                return Err(
                    "`trigger` `on_connect` is before the `operation` is known: remove one \
                            of them"
                        .to_owned(),
                );
            }
            Some("on_connect") => response.on_connect(),
            Some(other) => {
                return Err(unknown_value(
                    "trigger",
                    &["before_request_body", "on_connect"],
                    other,
                ));
            }
        };
        if let Some(operation) = self.string("operation")? {
            response = response.for_operation(operation);
        }
        if let Some(delay) = self.duration("delay")? {
            response = response.delay(delay);
        }
        if self.flag("skip_verification")? == Some(true) {
            response = response.skip_verification();
        }
        match self.flag("executed")? {
            Some(true) => response = response.executed(),
            Some(false)
                if self.is_passthrough() || self.string("delivery")? == Some("response_lost") =>
            {
                return Err(
                    "`executed` is always true here: remove it, or set another `status` or \
                            `delivery`"
                        .to_owned(),
                );
            }
            _ => {}
        }
        Ok(response)
    }

    /// Returns the response without the options of its delivery.
    fn content(&self) -> Result<ScriptedResponse, String> {
        match self.string("delivery")? {
            None => {}
            Some("connection_reset") => return Ok(ScriptedResponse::connection_reset()),
            Some("response_lost") => return Ok(ScriptedResponse::response_lost()),
            Some("connection_closed") => return Ok(ScriptedResponse::connection_closed()),
            Some("no_response") => return Ok(ScriptedResponse::no_response()),
            Some(other) => {
                let known =
                    ["connection_reset", "response_lost", "connection_closed", "no_response"];
                return Err(unknown_value("delivery", &known, other));
            }
        }
        if self.is_passthrough() {
            return Ok(ScriptedResponse::passthrough());
        }
        if let Some(text) = self.string("raw")? {
            return Ok(ScriptedResponse::raw(self.bytes("raw", text)?));
        }
        let status = self.status()?;
        if let Some(code) = self.string("code")? {
            let message = self.string("message")?.unwrap_or_default();
            return Ok(ScriptedResponse::error(
                status.unwrap_or(StatusCode::BAD_REQUEST),
                code,
                message,
            ));
        }
        let status = status.unwrap_or(StatusCode::OK);
        Ok(match self.0.get("body") {
            None => ScriptedResponse::new(status),
            Some(Value::String(text)) => {
                let mut response = Response::new(self.bytes("body", text)?);
                *response.status_mut() = status;
                response.into()
            }
            Some(_) if self.has("base64") => return Err(invalid("body", "a string in base64")),
            Some(document) => ScriptedResponse::json(status, document.to_string()),
        })
    }

    fn status(&self) -> Result<Option<StatusCode>, String> {
        let Some(number) = self.number("status")? else { return Ok(None) };
        let status = u16::try_from(number).ok().and_then(|code| StatusCode::from_u16(code).ok());
        status.map(Some).ok_or_else(|| invalid("status", "a number from 100 to 999"))
    }

    fn headers(&self) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        let Some(value) = self.0.get("headers") else { return Ok(headers) };
        let expected = "an object with string values such as {\"x-acs-retry-after\": \"1500\"}";
        let fields = value.as_object().ok_or_else(|| invalid("headers", expected))?;
        for (name, value) in fields {
            let text = value.as_str().ok_or_else(|| invalid("headers", expected))?;
            let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(text))
            else {
                return Err(format!("`headers` contains an invalid header: {name:?}: {text:?}"));
            };
            headers.insert(name, value);
        }
        Ok(headers)
    }

    fn slow_body(&self) -> Result<Option<(usize, Duration)>, String> {
        let Some(value) = self.0.get("slow_body") else { return Ok(None) };
        let parse = || {
            let fields = Self(value.as_object()?.clone());
            let is_known = fields.0.keys().all(|key| ["bytes", "pause"].contains(&key.as_str()));
            let bytes = fields.size("bytes").ok()??;
            let pause = fields.duration("pause").ok()??;
            (is_known && bytes > 0).then_some((bytes, pause))
        };
        parse().map(Some).ok_or_else(|| {
            invalid("slow_body", "an object such as {\"bytes\": 64, \"pause\": \"1s\"}")
        })
    }

    fn bytes(&self, key: &str, text: &str) -> Result<Bytes, String> {
        if self.flag("base64")? != Some(true) {
            return Ok(Bytes::from(text.to_owned()));
        }
        let bytes = STANDARD.decode(text).map_err(|error| format!("`{key}`: {error}"))?;
        Ok(bytes.into())
    }

    fn string(&self, key: &str) -> Result<Option<&str>, String> {
        let Some(value) = self.0.get(key) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| invalid(key, "a string"))
    }

    fn flag(&self, key: &str) -> Result<Option<bool>, String> {
        let Some(value) = self.0.get(key) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| invalid(key, "true or false"))
    }

    fn number(&self, key: &str) -> Result<Option<u64>, String> {
        let Some(value) = self.0.get(key) else { return Ok(None) };
        value.as_u64().map(Some).ok_or_else(|| invalid(key, "a whole number"))
    }

    fn size(&self, key: &str) -> Result<Option<usize>, String> {
        Ok(self.number(key)?.map(|number| usize::try_from(number).unwrap_or(usize::MAX)))
    }

    fn duration(&self, key: &str) -> Result<Option<Duration>, String> {
        let Some(text) = self.string(key)? else { return Ok(None) };
        let duration = humantime::parse_duration(text);
        duration.map(Some).map_err(|_| invalid(key, "a duration such as \"1500ms\" or \"2s\""))
    }
}

fn invalid(key: &str, expected: &str) -> String {
    format!("`{key}` must be {expected}")
}

fn unknown_value(key: &str, known: &[&str], value: &str) -> String {
    format!("`{key}` must be one of {}, not {value:?}", known.join(", "))
}
