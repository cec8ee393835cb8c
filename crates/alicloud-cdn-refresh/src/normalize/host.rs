//! Hosts and ports of URLs.

use std::num::NonZeroU16;

use url::Host;

use crate::invalid_reason::InvalidReason;

/// Splits an authority into the domain as the service writes it (lower case, Punycode, no dot at the
/// end) and the port with its colon.
pub(crate) fn domain_and_port(authority: &str) -> Result<(String, &str), InvalidReason> {
    if authority.is_empty() {
        return Err(InvalidReason::NoHost);
    }
    if authority.contains('@') {
        return Err(InvalidReason::UserInfo);
    }
    let invalid_host = || InvalidReason::InvalidHost { host: authority.to_owned() };
    let (name, port) = match authority.find(':') {
        Some(colon) => authority.split_at(colon),
        None => (authority, ""),
    };
    let digits = port.strip_prefix(':');
    if digits.is_some_and(|digits| !is_port(digits)) {
        return Err(invalid_host());
    }
    let Ok(Host::Domain(mut name)) = Host::parse(name) else { return Err(invalid_host()) };
    // Removed from the parsed name, in which an ideographic full stop is a dot, too.
    if name.ends_with('.') {
        name.pop();
    }
    if is_domain_name(&name) { Ok((name, port)) } else { Err(invalid_host()) }
}

/// Returns whether a name in Punycode can be an accelerated domain: at least two labels of 1 to 63
/// letters, digits, `-` and `_` without a `-` at either end, 253 bytes in all (RFC 1035, section 2.3.4).
///
/// The service refreshes the members of a wildcard domain, not the wildcard itself.
fn is_domain_name(name: &str) -> bool {
    let is_label = |label: &str| {
        matches!(label.len(), 1..=63)
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(is_label)
}

fn is_port(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<NonZeroU16>().is_ok()
}
