//! RFC 3339 timestamps in milliseconds.

use std::time::SystemTime;

use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::time::clamp_to_rfc3339;

pub(super) fn serialize<S: Serializer>(
    time: &SystemTime,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&humantime::format_rfc3339_millis(clamp_to_rfc3339(*time)))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<SystemTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_rfc3339(&text).map_err(D::Error::custom)
}

/// Optional RFC 3339 timestamps in milliseconds.
pub(in crate::job) mod optional {
    use std::time::SystemTime;

    use serde::{Deserializer, Serializer};

    pub(in crate::job) fn serialize<S: Serializer>(
        time: &Option<SystemTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => super::serialize(time, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::job) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SystemTime>, D::Error> {
        super::deserialize(deserializer).map(Some)
    }
}
