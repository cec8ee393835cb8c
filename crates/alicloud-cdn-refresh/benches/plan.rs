//! How long it takes to plan 10,000 URLs of 3 domains, beside the least that has to be done for it.
#![allow(clippy::unwrap_used, reason = "a bench stops where it fails")]

use std::collections::HashSet;

use alicloud_cdn_refresh::Plan;

fn main() {
    divan::main();
}

fn urls() -> Vec<String> {
    let url = |n| format!("https://cdn{}.example.com/assets/build-{n}/app.js?v={n}", n % 3);
    (0..10_000).map(url).collect()
}

#[divan::bench]
fn plan(bencher: divan::Bencher<'_, '_>) {
    bencher.with_inputs(urls).bench_values(Plan::refresh);
}

/// Each URL read by the usual parser, and kept once.
#[divan::bench]
fn floor(bencher: divan::Bencher<'_, '_>) {
    bencher.with_inputs(urls).bench_values(|urls| {
        urls.iter().map(|url| url::Url::parse(url).unwrap()).collect::<HashSet<_>>()
    });
}
