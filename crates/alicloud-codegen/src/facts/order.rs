//! The order of members that decides nothing for the service, but the order of arguments for programs.

use std::collections::BTreeMap;

use crate::json::Json;

/// The keys of objects whose members have the order of the document.
const ORDERED: &[&str] = &["properties", "enumValueTitles"];

/// Moves properties into the order of an earlier description; new ones follow.
pub(super) fn align(new: &mut Json, old: &Json) {
    match (new, old) {
        (Json::Object(new), Json::Object(old)) => {
            let old: BTreeMap<&str, (usize, &Json)> = old
                .iter()
                .enumerate()
                .map(|(index, (key, json))| (key.as_str(), (index, json)))
                .collect();
            for (key, json) in new {
                let Some((_, old)) = old.get(key.as_str()) else { continue };
                if let (true, Json::Object(members), Json::Object(old)) =
                    (ORDERED.contains(&key.as_str()), &mut *json, old)
                {
                    let position = |name: &str| old.iter().position(|(known, _)| known == name);
                    members.sort_by_cached_key(|(name, _)| position(name).unwrap_or(usize::MAX));
                }
                align(json, old);
            }
        }
        // Parameters.
        (Json::List(new), Json::List(old)) => {
            for item in new {
                let old = old.iter().find(|old| name(old).is_some() && name(old) == name(item));
                if let Some(old) = old {
                    align(item, old);
                }
            }
        }
        _ => {}
    }
}

fn name(item: &Json) -> Option<&Json> {
    let Json::Object(entries) = item else { return None };
    entries.iter().find(|(key, _)| key == "name").map(|(_, name)| name)
}

/// Sorts the keys of a value and of all inside of it.
pub(super) fn sort_keys(json: &mut Json) {
    match json {
        Json::List(items) => items.iter_mut().for_each(sort_keys),
        Json::Object(entries) => {
            entries.sort_by(|(left, _), (right, _)| left.cmp(right));
            entries.iter_mut().for_each(|(_, value)| sort_keys(value));
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {}
    }
}
