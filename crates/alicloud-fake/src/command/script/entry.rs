//! One entry of a script. What would have no effect is refused, so that no test passes because of a
//! fault that did not happen.

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
    "action",
    "base64",
    "body",
    "executed",
    "code",
    "cut_after",
    "delay",
    "delivery",
    "drip",
    "headers",
    "message",
    "moment",
    "raw",
    "status",
    "then",
    "times",
    "unverified",
];

/// What says how an answer looks or is sent.
const CONTENT: [&str; 10] =
    ["base64", "body", "code", "cut_after", "drip", "headers", "message", "raw", "status", "then"];

/// Far more than a test needs, and few enough to hold.
const MOST_TIMES: u64 = 100_000;

pub(super) fn read(value: Value) -> Result<impl Iterator<Item = ScriptedResponse>, String> {
    let Value::Object(fields) = value else {
        return Err("expected an object such as {\"status\": 503}".to_owned());
    };
    let entry = Entry(fields);
    entry.check()?;
    let times = entry.number("times")?.unwrap_or(1);
    if !(1..=MOST_TIMES).contains(&times) {
        return Err(format!("`times` is from 1 to {MOST_TIMES}, and this one is {times}"));
    }
    let times = usize::try_from(times).map_err(|error| error.to_string())?;
    Ok(repeat_n(entry.response()?, times))
}

struct Entry(Map<String, Value>);

impl Entry {
    fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Looks for keys that nobody knows and for those that do not go together.
    fn check(&self) -> Result<(), String> {
        if let Some(key) = self.0.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(format!("unknown key `{key}`: the keys are {}", KEYS.join(", ")));
        }
        let never = |key, others: &[&str], why| match others.iter().find(|other| self.has(other)) {
            Some(other) if self.has(key) => {
                Err(format!("`{key}` and `{other}` do not go together: {why}"))
            }
            _ => Ok(()),
        };
        never("delivery", &CONTENT, "nothing is sent then, so leave one of them out")?;
        never("raw", &["body", "code", "headers", "status"], "write all of it into `raw`")?;
        never("body", &["code"], "an error's body is made of `code` and `message`")?;
        if self.has("message") && !self.has("code") {
            return Err("`message` without `code`: give the error's code too".to_owned());
        }
        if self.has("base64") && !self.has("body") && !self.has("raw") {
            return Err("`base64` says how `body` or `raw` is written: give one of them".to_owned());
        }
        if self.has("moment") {
            let why = "the request has not been read then, so leave one of them out";
            never("moment", &["executed", "unverified"], why)?;
            if self.is_usual() {
                let what = "give `status`, `code`, `body`, `raw` or `delivery`";
                return Err(format!("`moment` is too early for the usual answer: {what}"));
            }
        }
        Ok(())
    }

    /// Whether it is the service's own answer that is sent.
    fn is_usual(&self) -> bool {
        !["body", "code", "delivery", "raw", "status"].iter().any(|key| self.has(key))
    }

    fn response(&self) -> Result<ScriptedResponse, String> {
        let mut response = self.answer()?;
        for (name, value) in &self.headers()? {
            response = response.header(name.clone(), value.clone());
        }
        if let Some(bytes) = self.size("cut_after")? {
            response = response.cut_after(bytes);
        }
        if let Some((bytes, pause)) = self.drip()? {
            response = response.slow_body(bytes, pause);
        }
        response = match self.text("then")? {
            None => response,
            Some("close") => response.ending(Ending::Close),
            Some("reset") => response.ending(Ending::Reset),
            Some("silence") => response.ending(Ending::Silence),
            Some(other) => return Err(one_of("then", &["close", "reset", "silence"], other)),
        };
        response = match self.text("moment")? {
            None => response,
            Some("before_body") => response.before_body(),
            Some("at_once") if self.has("action") => {
                return Err("`moment` `at_once` comes before any `action` is known: leave one of \
                            them out"
                    .to_owned());
            }
            Some("at_once") => response.at_once(),
            Some(other) => return Err(one_of("moment", &["before_body", "at_once"], other)),
        };
        if let Some(action) = self.text("action")? {
            response = response.for_operation(action);
        }
        if let Some(delay) = self.duration("delay")? {
            response = response.delay(delay);
        }
        if self.flag("unverified")? == Some(true) {
            response = response.unverified();
        }
        match self.flag("executed")? {
            Some(true) => response = response.executed(),
            Some(false) if self.is_usual() || self.text("delivery")? == Some("lost") => {
                return Err("`executed` is always true here: give another `status` or \
                            `delivery`, or leave it out"
                    .to_owned());
            }
            _ => {}
        }
        Ok(response)
    }

    /// What is sent, without what is said about the way.
    fn answer(&self) -> Result<ScriptedResponse, String> {
        match self.text("delivery")? {
            None => {}
            Some("reset") => return Ok(ScriptedResponse::reset()),
            Some("lost") => return Ok(ScriptedResponse::response_lost()),
            Some("closed") => return Ok(ScriptedResponse::closed()),
            Some("silent") => return Ok(ScriptedResponse::no_response()),
            Some(other) => {
                return Err(one_of("delivery", &["reset", "lost", "closed", "silent"], other));
            }
        }
        if self.is_usual() {
            return Ok(ScriptedResponse::passthrough());
        }
        if let Some(text) = self.text("raw")? {
            return Ok(ScriptedResponse::raw(self.bytes("raw", text)?));
        }
        let status = self.status()?;
        if let Some(code) = self.text("code")? {
            let message = self.text("message")?.unwrap_or_default();
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
            Some(_) if self.has("base64") => return Err(wrong("body", "text in base64")),
            Some(document) => ScriptedResponse::json(status, document.to_string()),
        })
    }

    fn status(&self) -> Result<Option<StatusCode>, String> {
        let Some(number) = self.number("status")? else { return Ok(None) };
        let status = u16::try_from(number).ok().and_then(|code| StatusCode::from_u16(code).ok());
        status.map(Some).ok_or_else(|| wrong("status", "a number from 100 to 999"))
    }

    fn headers(&self) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        let Some(value) = self.0.get("headers") else { return Ok(headers) };
        let example = "an object of texts such as {\"x-acs-retry-after\": \"1500\"}";
        let fields = value.as_object().ok_or_else(|| wrong("headers", example))?;
        for (name, value) in fields {
            let text = value.as_str().ok_or_else(|| wrong("headers", example))?;
            let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(text))
            else {
                return Err(format!("`headers`: HTTP knows no header such as {name:?}: {text:?}"));
            };
            headers.insert(name, value);
        }
        Ok(headers)
    }

    fn drip(&self) -> Result<Option<(usize, Duration)>, String> {
        let Some(value) = self.0.get("drip") else { return Ok(None) };
        let read = || {
            let fields = Self(value.as_object()?.clone());
            let is_known = fields.0.keys().all(|key| ["bytes", "pause"].contains(&key.as_str()));
            let bytes = fields.size("bytes").ok()??;
            let pause = fields.duration("pause").ok()??;
            (is_known && bytes > 0).then_some((bytes, pause))
        };
        read().map(Some).ok_or_else(|| wrong("drip", "such as {\"bytes\": 64, \"pause\": \"1s\"}"))
    }

    fn bytes(&self, key: &str, text: &str) -> Result<Bytes, String> {
        if self.flag("base64")? != Some(true) {
            return Ok(Bytes::from(text.to_owned()));
        }
        let bytes = STANDARD.decode(text).map_err(|error| format!("`{key}`: {error}"))?;
        Ok(bytes.into())
    }

    fn text(&self, key: &str) -> Result<Option<&str>, String> {
        let Some(value) = self.0.get(key) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| wrong(key, "a text"))
    }

    fn flag(&self, key: &str) -> Result<Option<bool>, String> {
        let Some(value) = self.0.get(key) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| wrong(key, "true or false"))
    }

    fn number(&self, key: &str) -> Result<Option<u64>, String> {
        let Some(value) = self.0.get(key) else { return Ok(None) };
        value.as_u64().map(Some).ok_or_else(|| wrong(key, "a whole number"))
    }

    fn size(&self, key: &str) -> Result<Option<usize>, String> {
        Ok(self.number(key)?.map(|number| usize::try_from(number).unwrap_or(usize::MAX)))
    }

    fn duration(&self, key: &str) -> Result<Option<Duration>, String> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        let duration = humantime::parse_duration(text);
        duration.map(Some).map_err(|_| wrong(key, "a time such as \"1500ms\" or \"2s\""))
    }
}

fn wrong(key: &str, expected: &str) -> String {
    format!("`{key}` is {expected}")
}

fn one_of(key: &str, known: &[&str], found: &str) -> String {
    format!("`{key}` is one of {}, and {found:?} is none of them", known.join(", "))
}
