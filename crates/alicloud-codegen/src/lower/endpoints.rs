//! Endpoints: the table of a description, and the rule for what it does not list.

use std::collections::{BTreeMap, BTreeSet};

use crate::overlay::ProductSettings;
use crate::spec::Spec;

/// The endpoints of a product.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Endpoints {
    /// The host that serves every region without a host of its own, and clients without a region.
    pub(super) central: Option<String>,
    /// The first label of regional hosts: `ecs` for `ecs.<region>.aliyuncs.com`.
    pub(super) regional: Option<String>,
    /// Region ids and hosts, sorted by region id.
    pub(super) regions: Vec<(String, String)>,
}

/// Returns the endpoints of a description. The official clients have the same two kinds of products: central ones,
/// with one host, and regional ones, whose hosts contain the region. Descriptions do not say which kind a product is,
/// but their tables show it.
pub(super) fn endpoints(spec: &Spec, settings: &ProductSettings) -> Endpoints {
    let regions: BTreeMap<String, String> = spec.endpoints.iter().cloned().collect();
    let (central, regional) = match (&settings.endpoint, &settings.regional_endpoint) {
        (None, None) => rule(&regions, &spec.product),
        (central, regional) => (central.clone(), regional.clone()),
    };
    Endpoints { central, regional, regions: regions.into_iter().collect() }
}

/// Returns the central host or the label of regional hosts.
fn rule(regions: &BTreeMap<String, String>, product: &str) -> (Option<String>, Option<String>) {
    let hosts: BTreeSet<&str> = regions.values().map(String::as_str).collect();
    match hosts.first() {
        None => return (None, Some(product.to_ascii_lowercase())),
        Some(host) if hosts.len() == 1 => return (Some((*host).to_owned()), None),
        Some(_) => {}
    }
    let regions_of = |host: &str| regions.values().filter(|other| *other == host).count();
    // A host that serves several regions does not follow the rule, although it may be named like one of them.
    let own = regions.iter().filter(|(_, host)| regions_of(host) == 1);
    let labels = own.filter_map(|(region, host)| label(host, region));
    if let Some(label) = most_common(labels) {
        return (None, Some(label.to_owned()));
    }
    let is_central =
        |host: &&str| !regions.keys().any(|region| host.split('.').any(|label| label == region));
    if let Some(host) = most_common(regions.values().map(String::as_str).filter(is_central)) {
        return (Some(host.to_owned()), None);
    }
    let labels = regions.iter().filter_map(|(region, host)| label(host, region));
    (None, most_common(labels).map(str::to_owned))
}

/// Returns `ecs` of `ecs.cn-hangzhou.aliyuncs.com`; `None` for a host of another form.
fn label<'a>(host: &'a str, region: &str) -> Option<&'a str> {
    let label = host.strip_suffix(".aliyuncs.com")?.strip_suffix(region)?.strip_suffix('.')?;
    (!label.contains('.')).then_some(label)
}

/// Returns the most common text; the first in alphabetical order of several.
fn most_common<'a>(texts: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(text, _)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(regions: &[(&str, &str)]) -> (Option<String>, Option<String>) {
        let regions =
            regions.iter().map(|(id, host)| ((*id).to_owned(), (*host).to_owned())).collect();
        rule(&regions, "R-kvstore")
    }

    fn central(host: &str) -> (Option<String>, Option<String>) {
        (Some(host.to_owned()), None)
    }

    fn regional(label: &str) -> (Option<String>, Option<String>) {
        (None, Some(label.to_owned()))
    }

    #[test]
    fn recognizes_central_and_regional_products() {
        assert_eq!(kind(&[]), regional("r-kvstore"));
        let one = [("a-1", "ram.aliyuncs.com"), ("a-2", "ram.aliyuncs.com")];
        assert_eq!(kind(&one), central("ram.aliyuncs.com"));
        // The only host there is serves all regions.
        assert_eq!(kind(&[("a-1", "ai.a-1.aliyuncs.com")]), central("ai.a-1.aliyuncs.com"));
        let named = [("a-1", "pai-eas.a-1.aliyuncs.com"), ("a-2", "pai-eas.a-2.aliyuncs.com")];
        assert_eq!(kind(&named), regional("pai-eas"));
        let mixed = [
            ("a-1", "rds.a-1.aliyuncs.com"),
            ("a-2", "rds.aliyuncs.com"),
            ("a-3", "rds.aliyuncs.com"),
        ];
        assert_eq!(kind(&mixed), regional("rds"));
        let shared = [
            ("a-1", "cdn.a-1.aliyuncs.com"),
            ("a-2", "cdn.a-1.aliyuncs.com"),
            ("a-3", "cdn.aliyuncs.com"),
        ];
        assert_eq!(kind(&shared), central("cdn.aliyuncs.com"));
        let shared = [
            ("a-1", "vod.a-1.aliyuncs.com"),
            ("a-2", "vod.a-1.aliyuncs.com"),
            ("a-3", "vod.a-4.aliyuncs.com"),
            ("a-4", "vod.a-4.aliyuncs.com"),
        ];
        assert_eq!(kind(&shared), regional("vod"));
        let other = [("a-1", "a-1.log.aliyuncs.com"), ("a-2", "a-2.log.aliyuncs.com")];
        assert_eq!(kind(&other), (None, None));
    }
}
