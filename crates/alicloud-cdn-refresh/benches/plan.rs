//! Time to plan 10,000 URLs of 3 domains, compared with only parsing and deduplicating them.
#![allow(clippy::unwrap_used, reason = "a benchmark stops at the first error")]

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

/// The minimum work: parses each URL with the `url` crate and removes duplicates.
#[divan::bench]
fn baseline(bencher: divan::Bencher<'_, '_>) {
    bencher.with_inputs(urls).bench_values(|urls| {
        urls.iter().map(|url| url::Url::parse(url).unwrap()).collect::<HashSet<_>>()
    });
}
