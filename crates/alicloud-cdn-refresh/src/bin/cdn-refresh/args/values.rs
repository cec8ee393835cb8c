//! The values of arguments. Possible values instead of free text, so that shells can complete them.

use std::time::Duration;

use alicloud_cdn_refresh::TargetKind;
use clap::builder::{PossibleValue, PossibleValuesParser};

pub(super) fn areas() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new("domestic").help("Mainland China"),
        PossibleValue::new("overseas").help("Regions outside mainland China"),
    ])
}

pub(super) fn all_kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(TargetKind::ALL.map(possible_kind))
}

/// The kinds of `refresh`. `preload` is accepted but hidden, so that its error can name the command.
pub(super) fn refresh_kinds() -> PossibleValuesParser {
    let possible_values =
        TargetKind::ALL.map(|kind| possible_kind(kind).hide(kind == TargetKind::Preload));
    PossibleValuesParser::new(possible_values)
}

fn possible_kind(kind: TargetKind) -> PossibleValue {
    let value = PossibleValue::new(kind.as_str());
    match kind {
        TargetKind::File => value.help("One object"),
        TargetKind::Directory => value.help("Every object below a URL that ends with a slash"),
        TargetKind::Regex => value.help("Every object of a host that matches a regular expression"),
        TargetKind::IgnoreParams => {
            value.help("Every object that differs from the URL only in its query")
        }
        TargetKind::CacheTag => {
            value.help("Every object of a domain with a cache tag; requires --domain")
        }
        TargetKind::Preload => value.help("One object to preload"),
        _ => value,
    }
}

pub(super) fn parse_kind(text: &str) -> Result<TargetKind, String> {
    text.parse().map_err(|error: alicloud_cdn_refresh::UnknownTargetKind| error.to_string())
}

pub(super) fn parse_refresh_kind(text: &str) -> Result<TargetKind, String> {
    match parse_kind(text)? {
        TargetKind::Preload => Err("to preload, run cdn-refresh preload".to_owned()),
        kind => Ok(kind),
    }
}

/// Parses a bare domain name. With a scheme or a path around it, it would match no URL.
pub(super) fn parse_domain(text: &str) -> Result<String, String> {
    match text.contains(['/', ':', '@']) || text.trim().is_empty() {
        true => Err("expected a domain name only, such as example.com".to_owned()),
        false => Ok(text.to_owned()),
    }
}

/// Parses a duration such as `90s` or `20m`; a bare number is in seconds.
pub(super) fn parse_duration(text: &str) -> Result<Duration, String> {
    let duration = match text.parse() {
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(text),
    };
    duration.map_err(|_| "expected a duration such as 90s, 20m or 1h".to_owned())
}

/// Parses `--lease`. A longer one would keep other machines from a job whose machine died.
pub(super) fn parse_lease(text: &str) -> Result<Duration, String> {
    let is_too_long = |lease: &Duration| *lease > Duration::from_secs(60 * 60);
    match parse_duration(text)? {
        lease if is_too_long(&lease) => Err("expected at most 1h".to_owned()),
        lease => Ok(lease),
    }
}

pub(super) fn parse_header(text: &str) -> Result<(String, String), String> {
    if text.contains(char::is_control) {
        return Err("contains a control character; remove it".to_owned());
    }
    let (name, value) =
        text.split_once(':').ok_or("expected NAME: VALUE, such as 'Accept-Encoding: br'")?;
    match (name.trim(), value.trim()) {
        ("", _) => Err("has no name before the colon".to_owned()),
        (name, value) => Ok((name.to_owned(), value.to_owned())),
    }
}
