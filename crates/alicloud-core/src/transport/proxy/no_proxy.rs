//! The hosts that are reached without a proxy.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

/// A list of hosts, from the variable `NO_PROXY`.
#[derive(Default)]
pub(super) struct NoProxy(Vec<Entry>);

struct Entry {
    host: EntryHost,
    /// `None` for all ports.
    port: Option<u16>,
}

enum EntryHost {
    Any,
    /// An address is a network of one.
    Network(IpNet),
    /// A domain and its subdomains, in lower case and punycode.
    Domain(String),
}

impl NoProxy {
    /// Parses entries separated by commas or blanks. Invalid entries are ignored, because lists for other
    /// programs contain forms such as `10.*`, and because their hosts are reached through the proxy.
    pub(super) fn parse(list: &str) -> Self {
        let entries = list.split(|character: char| character == ',' || character.is_whitespace());
        NoProxy(entries.filter_map(Entry::parse).collect())
    }

    /// Returns whether requests to this URL are sent directly.
    pub(super) fn contains(&self, url: &Url) -> bool {
        let Some(host) = url.host() else { return false };
        let port = url.port_or_known_default();
        self.0
            .iter()
            .any(|entry| (entry.port.is_none() || entry.port == port) && entry.host.matches(&host))
    }
}

impl Entry {
    /// Parses `*`, a domain, an address or a network, with a port except after a network.
    fn parse(text: &str) -> Option<Entry> {
        if let Ok(network) = text.parse() {
            return Some(Entry { host: EntryHost::Network(network), port: None });
        }
        if let Ok(address) = text.parse() {
            return Some(Entry { host: EntryHost::from_address(address), port: None });
        }
        let (host, port) = match text.rsplit_once(':') {
            // The end of an IPv6 address in brackets.
            Some((_, end)) if end.ends_with(']') => (text, None),
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (text, None),
        };
        Some(Entry { host: EntryHost::parse(host)?, port })
    }
}

impl EntryHost {
    fn from_address(address: IpAddr) -> Self {
        EntryHost::Network(address.to_canonical().into())
    }

    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(EntryHost::Any);
        }
        let domain = text.strip_prefix('*').unwrap_or(text);
        let domain = domain.strip_prefix('.').unwrap_or(domain);
        match Host::parse(domain.strip_suffix('.').unwrap_or(domain)).ok()? {
            Host::Domain(domain) => Some(EntryHost::Domain(domain)),
            Host::Ipv4(address) => Some(EntryHost::from_address(address.into())),
            Host::Ipv6(address) => Some(EntryHost::from_address(address.into())),
        }
    }

    fn matches(&self, host: &Host<&str>) -> bool {
        let address = match host {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(IpAddr::V4(*address)),
            Host::Ipv6(address) => Some(IpAddr::V6(*address).to_canonical()),
        };
        match (self, host) {
            (EntryHost::Any, _) => true,
            (EntryHost::Network(network), _) => {
                address.is_some_and(|address| network.contains(&address))
            }
            (EntryHost::Domain(domain), Host::Domain(host)) => {
                let host = host.strip_suffix('.').unwrap_or(host);
                let subdomain = host.strip_suffix(domain.as_str());
                subdomain.is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('.'))
            }
            (EntryHost::Domain(_), _) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_match_hosts_networks_and_ports() {
        for (list, direct, proxied) in [
            ("*", "http://127.0.0.1:8080 https://[::1] https://a.example", ""),
            (" * ", "http://127.0.0.1:8080", ""),
            ("*:8443", "https://a:8443 https://127.0.0.1:8443", "https://a"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080", "http://127.0.0.1 http://127.0.0.2:8080"),
            ("127.0.0.1", "http://127.0.0.1:8080 https://127.0.0.1", "http://127.0.0.11"),
            ("10.0.0.0/8", "http://10.1.2.3 http://10.255.0.1:81", "http://11.0.0.1 http://a"),
            ("192.0.2.9/24", "http://192.0.2.1", "http://192.0.3.1"),
            ("::1", "http://[::1]:8080", "http://[::2]"),
            ("[::1]", "http://[::1]:8080", "http://[::2]"),
            ("[2001:DB8::1]:443", "https://[2001:db8::1]", "https://[2001:db8::1]:444"),
            ("fd00::/8", "http://[fd12::1]", "http://[fe80::1] http://10.0.0.1"),
            ("::ffff:127.0.0.1", "http://127.0.0.1", "http://127.0.0.2"),
            ("127.0.0.1", "http://[::ffff:127.0.0.1]", ""),
            (
                "a.example",
                "http://a.example http://B.A.example",
                "http://ba.example http://example",
            ),
            (".a.example", "http://a.example http://b.a.example", "http://ba.example"),
            ("*.a.example", "http://b.a.example", "http://ba.example"),
            ("A.Example.", "http://a.example http://a.example.", "http://a.example.com"),
            ("a.example:443", "https://a.example", "http://a.example https://a.example:444"),
            ("a.example:80", "http://a.example http://b.a.example", "https://a.example"),
            ("bücher.example", "http://bücher.example", "http://b.example"),
            ("b,a", "http://a http://b", "http://c"),
            ("b a\tc", "http://a http://b http://c", "http://d"),
            (",, b , a,", "http://a http://b", "http://c"),
            ("", "", "http://a http://127.0.0.1"),
            // Invalid entries.
            (
                "10.*, <local>, a:b, 10.0.0.0/99, :80, [::1, http://a, .",
                "",
                "http://10.0.0.1 http://a",
            ),
        ] {
            let no_proxy = NoProxy::parse(list);
            for (urls, expected) in [(direct, true), (proxied, false)] {
                for url in urls.split_whitespace() {
                    let parsed = Url::parse(url).unwrap();
                    assert_eq!(no_proxy.contains(&parsed), expected, "{list:?} {url}");
                }
            }
        }
    }
}
