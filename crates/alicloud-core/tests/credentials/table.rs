//! Set-ups of the default chain: what it resolves, next to what the official Python client 1.0.12 and
//! Node client 2.4.7 resolve.

mod world;

use std::collections::BTreeMap;

use alicloud_core::Secret;
use alicloud_core::credentials::{DefaultChain, ProvideCredentials as _, Variables};
use serde::Deserialize;

use crate::clock;
use world::World;

/// Lines of JSON, one for each set-up.
const TABLES: [&str; 6] = [
    include_str!("table/environment.jsonl"),
    include_str!("table/cli.jsonl"),
    include_str!("table/external.jsonl"),
    include_str!("table/ini.jsonl"),
    include_str!("table/instance.jsonl"),
    include_str!("table/uri.jsonl"),
];

#[derive(Debug, Deserialize)]
struct Row {
    name: String,
    /// Variables, without the prefix `ALIBABA_CLOUD_` and without `HOME`.
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// Files in the home directory, in which `@HOME` stands for it.
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    world: World,
    /// What the official clients resolve: the provider and the key, and `+token`, or `error`.
    python: String,
    node: String,
    /// What this crate resolves, or `error: ` and a part of its message.
    ours: String,
    /// Why that differs from both official clients.
    reason: Option<String>,
}

impl Row {
    async fn resolve(&self) -> Result<String, String> {
        let home = tempfile::tempdir().unwrap();
        // Backslashes would be escapes in JSON.
        let path = home.path().display().to_string().replace('\\', "/");
        let expand = |text: &str| {
            let text = text.replace("@HOME", &path).replace("@LONG", &"long".repeat(1 << 20));
            text.replace("@DEEP", &format!("{}{}", "[".repeat(1_000), "]".repeat(1_000)))
        };
        for (name, text) in &self.files {
            let file = home.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, expand(text)).unwrap();
        }
        let mut variables = BTreeMap::from([("HOME".to_owned(), path.clone())]);
        if self.world.instance.is_none() {
            variables.insert("ALIBABA_CLOUD_ECS_METADATA_DISABLED".to_owned(), "true".to_owned());
        }
        variables.extend(self.env.iter().map(|(name, value)| {
            let is_complete = name == "HOME" || name.starts_with("ALIBABA");
            let prefix = if is_complete { "" } else { "ALIBABA_CLOUD_" };
            (format!("{prefix}{name}"), expand(value))
        }));
        let chain = DefaultChain::new()
            .variables(Variables::from_pairs(variables))
            .transport(self.world.clone())
            .direct_transport(self.world.clone())
            .process_runner(self.world.clone())
            .clock(clock());
        match chain.credentials().await {
            Ok(credentials) => {
                let provider = credentials.provider().strip_prefix("default/").unwrap();
                let token = credentials.security_token().map(Secret::expose);
                let token = token.map_or("", |_| " +token");
                Ok(format!("{provider} {}{token}", credentials.access_key_id()))
            }
            Err(error) => Err(error.to_string()),
        }
    }
}

/// Returns the provider of the chain and the key, without the inner names of the provider.
fn comparable(outcome: &str) -> String {
    match outcome.split_once(' ') {
        Some((provider, _)) if provider.starts_with("error") => "error".to_owned(),
        Some((provider, key)) => {
            let provider = provider.split('/').next().unwrap_or_default();
            format!("{} {key}", provider.replace("credential_uri", "credentials_uri"))
        }
        None => outcome.to_owned(),
    }
}

/// Documents the differences; the counts in its table are checked.
const PAGE: &str = include_str!("../../../../docs/configuration.md");

#[tokio::test]
async fn resolves_what_the_official_clients_resolve_or_differs_for_a_documented_reason() {
    let mut errors = Vec::new();
    let mut counts = BTreeMap::<&str, usize>::new();
    let rows: Vec<Row> = TABLES
        .iter()
        .flat_map(|table| table.lines())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for row in &rows {
        let outcome = row.resolve().await;
        let is_expected = match (&outcome, row.ours.strip_prefix("error: ")) {
            (Ok(outcome), _) => *outcome == row.ours,
            (Err(error), part) => part.is_some_and(|part| error.contains(part)),
        };
        if !is_expected {
            errors.push(format!("{}: expected {}, but is {outcome:?}", row.name, row.ours));
        }
        let ours = comparable(&row.ours);
        let alike = [&row.python, &row.node].map(|other| comparable(other) == ours);
        let kind = match (alike, &row.reason) {
            ([true, true], None) => "both",
            ([true, false], None) => "python",
            ([false, true], None) => "node",
            ([false, false], Some(reason)) => reason,
            (_, reason) => {
                errors.push(format!("{}: alike {alike:?}, but has {reason:?}", row.name));
                continue;
            }
        };
        *counts.entry(kind).or_default() += 1;
    }
    for (kind, count) in &counts {
        if !PAGE.contains(&format!("| `{kind}` | {count} |")) {
            errors.push(format!("docs/configuration.md: state that {count} are `{kind}`"));
        }
    }
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert!(rows.len() > 300, "{counts:?}");
}
