//! The proxy of each request, from the configuration or from environment variables.

mod no_proxy;

use http::Uri;
use url::Url;

use self::no_proxy::NoProxy;
use super::config::Proxy;
use crate::variables::Variables;

/// The name of a proxy setting other than a variable.
const PROXY_URL: &str = "the proxy URL";

/// The proxies of a transport.
#[derive(Default)]
pub(super) struct Proxies {
    http: Option<ProxyUrl>,
    https: Option<ProxyUrl>,
    no_proxy: NoProxy,
}

/// A valid proxy URL, and the name of the setting with it.
#[derive(Clone)]
pub(super) struct ProxyUrl {
    pub(super) url: Url,
    pub(super) setting: &'static str,
}

impl Proxies {
    /// Returns the configured proxies. An error names the setting and does not quote its value, which can
    /// contain a password.
    pub(super) fn new(proxy: &Proxy, variables: &Variables) -> Result<Self, String> {
        match proxy {
            Proxy::Environment => Proxies::from_variables(variables),
            Proxy::Disabled => Ok(Proxies::default()),
            Proxy::Url(url) => {
                let url = parse_proxy(url.expose().trim())
                    .map_err(|reason| format!("{PROXY_URL} {reason}"))?;
                let proxy = Some(ProxyUrl { url, setting: PROXY_URL });
                Ok(Proxies { http: proxy.clone(), https: proxy, no_proxy: NoProxy::default() })
            }
        }
    }

    fn from_variables(variables: &Variables) -> Result<Self, String> {
        // A web server passes a request's header `Proxy` to a CGI program as HTTP_PROXY. Windows does not
        // distinguish the cases of names.
        let is_cgi = !matches!(variables.get("REQUEST_METHOD"), Ok(None));
        let http: &[_] = match is_cgi {
            false => &["HTTP_PROXY", "http_proxy"],
            true if cfg!(windows) => &[],
            true => &["http_proxy"],
        };
        let all = || find_proxy(variables, &["ALL_PROXY", "all_proxy"]);
        let http = find_proxy(variables, http)?.map_or_else(all, |proxy| Ok(Some(proxy)))?;
        let https = find_proxy(variables, &["HTTPS_PROXY", "https_proxy"])?
            .map_or_else(all, |proxy| Ok(Some(proxy)))?;
        let mut proxies = Proxies { http, https, no_proxy: NoProxy::default() };
        if !proxies.is_empty()
            && let Some((_, list)) = find_text(variables, &["NO_PROXY", "no_proxy"])?
        {
            proxies.no_proxy = NoProxy::parse(&list);
        }
        Ok(proxies)
    }

    /// Returns whether all requests are sent without a proxy.
    pub(super) fn is_empty(&self) -> bool {
        self.http.is_none() && self.https.is_none()
    }

    /// Returns the proxy for requests to this URL.
    pub(super) fn find(&self, url: &Url) -> Option<&ProxyUrl> {
        let proxy = match url.scheme() {
            "http" => self.http.as_ref(),
            "https" => self.https.as_ref(),
            _ => None,
        };
        proxy.filter(|_| !self.no_proxy.contains(url))
    }

    /// Returns the name of the setting with the proxy for this URL.
    pub(super) fn setting_for(&self, url: Option<&Url>) -> &'static str {
        url.and_then(|url| self.find(url)).map_or(PROXY_URL, |proxy| proxy.setting)
    }
}

/// Returns the proxy of the first of these variables that is set.
fn find_proxy(variables: &Variables, names: &[&'static str]) -> Result<Option<ProxyUrl>, String> {
    let Some((setting, text)) = find_text(variables, names)? else { return Ok(None) };
    let url = parse_proxy(&text).map_err(|reason| {
        format!("the proxy URL in the environment variable {setting} {reason}")
    })?;
    Ok(Some(ProxyUrl { url, setting }))
}

/// Returns the first of these variables that is set and not blank.
fn find_text(
    variables: &Variables,
    names: &[&'static str],
) -> Result<Option<(&'static str, String)>, String> {
    for name in names {
        let text = variables
            .get(name)
            .map_err(|_| format!("the environment variable {name} is not Unicode text"))?;
        if let Some(text) = text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            return Ok(Some((name, text.to_owned())));
        }
    }
    Ok(None)
}

/// Parses a proxy URL; without a scheme, it is one of HTTP. The error says what is wrong with it.
fn parse_proxy(text: &str) -> Result<Url, &'static str> {
    const NOT_A_URL: &str = "is invalid; write it like http://proxy.example:3128";

    // The parser would ignore line breaks and encode spaces.
    if text.chars().any(|character| character.is_whitespace() || character.is_control()) {
        return Err("contains a space or a control character; write it like \
                    http://proxy.example:3128, and a space in a password as %20");
    }
    let url = match text.contains("://") {
        true => Url::parse(text),
        false => Url::parse(&format!("http://{text}")),
    };
    let url = url.map_err(|_| NOT_A_URL)?;
    if !matches!(url.scheme(), "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h") {
        return Err("has an unknown scheme; use http, https or socks5");
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(
            "has a path, a query or a fragment; write it like http://proxy.example:3128, and \
                    percent-encode the characters / ? # in a password",
        );
    }
    // The type that hyper uses. It would connect directly if it could not parse the URL.
    let uri: Uri = url.as_str().parse().map_err(|_| NOT_A_URL)?;
    let has_host = uri.host().is_some_and(|host| !host.is_empty());
    if has_host { Ok(url) } else { Err(NOT_A_URL) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(variables: &[(&str, &str)]) -> Result<Proxies, String> {
        Proxies::new(&Proxy::Environment, &Variables::from_pairs(variables.iter().copied()))
    }

    /// Returns the proxy of a URL, and the variable with it.
    fn found(variables: &[(&str, &str)], url: &str) -> Option<(String, &'static str)> {
        let proxies = proxies(variables).unwrap();
        proxies.find(&Url::parse(url).unwrap()).map(|proxy| (proxy.url.to_string(), proxy.setting))
    }

    #[test]
    fn the_first_variable_of_the_scheme_is_used() {
        let all = [
            ("HTTP_PROXY", "a:1"),
            ("http_proxy", "b:1"),
            ("HTTPS_PROXY", " "),
            ("https_proxy", "socks5h://c:1"),
            ("ALL_PROXY", ""),
            ("all_proxy", "HTTPS://d:1\n"),
        ];
        for (skipped, http, https) in [
            (0, ("http://a:1/", "HTTP_PROXY"), ("socks5h://c:1", "https_proxy")),
            (1, ("http://b:1/", "http_proxy"), ("socks5h://c:1", "https_proxy")),
            (2, ("https://d:1/", "all_proxy"), ("socks5h://c:1", "https_proxy")),
            (4, ("https://d:1/", "all_proxy"), ("https://d:1/", "all_proxy")),
        ] {
            let variables = &all[skipped..];
            let owned = |(url, name): (&str, _)| Some((url.to_owned(), name));
            assert_eq!(found(variables, "http://h"), owned(http), "{skipped}");
            assert_eq!(found(variables, "https://h"), owned(https), "{skipped}");
        }
        assert!(proxies(&[("NO_PROXY", "*")]).unwrap().is_empty());
    }

    #[test]
    fn a_request_of_a_web_server_cannot_set_the_proxy() {
        let cgi = [("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "::::"), ("HTTPS_PROXY", "b:1")];
        assert_eq!(found(&cgi, "http://h"), None);
        assert_eq!(found(&cgi, "https://h"), Some(("http://b:1/".to_owned(), "HTTPS_PROXY")));
        #[cfg(not(windows))]
        {
            let lower_case = [("REQUEST_METHOD", "GET"), ("http_proxy", "c:1")];
            assert_eq!(found(&lower_case, "http://h").unwrap().1, "http_proxy");
        }
    }

    #[test]
    fn an_invalid_url_is_an_error_that_does_not_quote_it() {
        for text in [
            "::::",
            ":",
            "/",
            ":3128",
            "garbage proxy",
            "http://",
            "http://user:s3cret@",
            "http://[s3cret",
            "http://host:s3cret",
            "http://host:99999",
            "http:/host:3128",
            "http://host/proxy.pac",
            "http://host?s3cret",
            "http://user:s3/cret@host",
            "http://user:12/s3cret@host",
            "http://user:s3#cret@host",
            "http://user:s3 cret@host",
            "http://ho\nst",
            "ftp://user:s3cret@host",
            "\"http://host\"",
            "socks5://",
            "socks5://user:s3cret@",
            "socks5://ho\"st",
            "socks5://:1080",
            "unix:///run/s3cret",
        ] {
            for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
                let error = proxies(&[(name, text)]).err().unwrap_or_default();
                assert!(error.contains(&format!("variable {name} ")), "{text:?}: {error:?}");
                assert!(!error.contains("s3cret") && !error.contains("cret@"), "{error}");
            }
            assert!(Proxies::new(&Proxy::Url(text.into()), &Variables::default()).is_err());
        }
    }

    #[test]
    fn a_proxy_url_can_have_a_user_and_no_scheme() {
        for (text, expected) in [
            ("http://127.0.0.1:9 ", "http://127.0.0.1:9/"),
            ("127.0.0.1:9", "http://127.0.0.1:9/"),
            ("localhost:3128", "http://localhost:3128/"),
            ("proxy.example/", "http://proxy.example/"),
            ("[::1]:3128", "http://[::1]:3128/"),
            ("user:p%2Fss@proxy:3128", "http://user:p%2Fss@proxy:3128/"),
            ("http://user:p@ss@proxy", "http://user:p%40ss@proxy/"),
            ("http://bücher.example", "http://xn--bcher-kva.example/"),
            ("socks4a://proxy:1080", "socks4a://proxy:1080"),
            ("socks5://user:pass@[::1]", "socks5://user:pass@[::1]"),
        ] {
            assert_eq!(parse_proxy(text.trim()).map(String::from).as_deref(), Ok(expected));
        }
    }
}
