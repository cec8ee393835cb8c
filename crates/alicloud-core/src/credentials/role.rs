//! The settings of a role that is assumed at STS, and their validation.

use std::time::Duration;

use crate::product::{Endpoint, EndpointText};
use crate::secret::Secret;
use crate::variables::Variables;

/// A role, the settings of its session, and those of STS.
#[derive(Debug, Clone, Default)]
pub(super) struct Role {
    pub(super) arn: String,
    pub(super) session: Option<String>,
    pub(super) duration: Option<Duration>,
    pub(super) policy: Option<String>,
    pub(super) external_id: Option<Secret>,
    pub(super) endpoint: Option<EndpointText>,
    pub(super) region: Option<String>,
    pub(super) vpc: bool,
}

/// A setting of a role. Providers that read it from a file map it to the key of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Arn,
    Session,
    Duration,
    Endpoint,
    Region,
}

impl Setting {
    /// Returns the name for messages about a setting that has no key.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Setting::Arn => "the role ARN",
            Setting::Session => "the session name",
            Setting::Duration => "the session duration",
            Setting::Endpoint => "the STS endpoint",
            Setting::Region => "the STS region",
        }
    }
}

/// An invalid setting and the reason.
pub(super) type InvalidSetting = (Setting, String);

const MIN_DURATION: Duration = Duration::from_secs(900);
const DEFAULT_DURATION: Duration = Duration::from_secs(3600);

impl Role {
    /// Sets what is not configured from the environment.
    pub(super) fn with_environment(mut self, variables: &Variables) -> Result<Role, String> {
        if self.session.is_none() {
            self.session = variables.text("ALIBABA_CLOUD_ROLE_SESSION_NAME")?;
        }
        // A configured region has priority over an endpoint of the environment.
        if self.endpoint.is_none() && self.region.is_none() {
            self.endpoint = variables.text("ALIBABA_CLOUD_STS_ENDPOINT")?.map(EndpointText);
            self.region = variables.text("ALIBABA_CLOUD_STS_REGION")?;
        }
        self.vpc |= variables.is_on("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED")?;
        Ok(self)
    }

    /// Checks for settings that STS would reject, so that the error can name the setting.
    pub(super) fn validate(&self) -> Result<(), InvalidSetting> {
        if self.arn.trim().is_empty() {
            return Err((Setting::Arn, "is empty; set it".to_owned()));
        }
        if let Some(name) = &self.session {
            let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b".@-_".contains(&byte);
            if !(1..=64).contains(&name.len()) || !name.bytes().all(is_valid) {
                let reason = "must be at most 64 letters, digits or characters of . @ - _";
                return Err((Setting::Session, reason.to_owned()));
            }
        }
        if self.duration.is_some_and(|duration| duration < MIN_DURATION) {
            return Err((Setting::Duration, "must be at least 900 seconds".to_owned()));
        }
        self.sts_endpoint().map(drop)
    }

    /// Returns the endpoint of STS: the configured one, else that of the region, else the global one.
    pub(super) fn sts_endpoint(&self) -> Result<Endpoint, InvalidSetting> {
        if let Some(endpoint) = &self.endpoint {
            // The error of `Endpoint` quotes the text, which comes from a file.
            return Endpoint::parse(&endpoint.0).map_err(|_| {
                let reason = "must be a host such as sts.cn-hangzhou.aliyuncs.com";
                (Setting::Endpoint, reason.to_owned())
            });
        }
        let Some(region) = &self.region else {
            return Endpoint::parse("sts.aliyuncs.com")
                .map_err(|reason| (Setting::Endpoint, reason));
        };
        let is_region = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let host = if self.vpc { "sts-vpc" } else { "sts" };
        Some(format!("{host}.{region}.aliyuncs.com"))
            .filter(|_| region.bytes().all(is_region))
            .and_then(|host| Endpoint::parse(&host).ok())
            .ok_or_else(|| (Setting::Region, "must be a region such as cn-hangzhou".to_owned()))
    }

    pub(super) fn duration_seconds(&self) -> String {
        self.duration.unwrap_or(DEFAULT_DURATION).as_secs().to_string()
    }
}

/// Adds the setters of a role to a provider.
macro_rules! role_setters {
    ($provider:ident, $role:ident) => {
        impl $provider {
            /// Sets the name of the session, 2 to 64 characters, which audit logs show. Defaults to
            /// `ALIBABA_CLOUD_ROLE_SESSION_NAME`, else to `alicloud-rust-` and the time.
            #[must_use]
            pub fn session_name(self, name: impl Into<String>) -> Self {
                Self(self.0.configure(|source, _| source.$role.session = Some(name.into())))
            }

            /// Sets how long the credentials are valid: at least 900 s, and at most the maximum session
            /// duration of the role. Defaults to 3600 s.
            #[must_use]
            pub fn duration(self, duration: std::time::Duration) -> Self {
                Self(self.0.configure(|source, _| source.$role.duration = Some(duration)))
            }

            /// Sets a policy in JSON that further restricts the permissions of the session.
            #[must_use]
            pub fn policy(self, json: impl Into<String>) -> Self {
                Self(self.0.configure(|source, _| source.$role.policy = Some(json.into())))
            }

            /// Sets the region of STS, such as `cn-hangzhou`. Defaults to `ALIBABA_CLOUD_STS_REGION`,
            /// else to the global endpoint.
            #[must_use]
            pub fn region(self, region: impl Into<String>) -> Self {
                Self(self.0.configure(|source, _| source.$role.region = Some(region.into())))
            }

            /// Sets the endpoint of STS, such as `sts-vpc.cn-hangzhou.aliyuncs.com`. Overrides the
            /// region. Defaults to `ALIBABA_CLOUD_STS_ENDPOINT` if no region is set.
            #[must_use]
            pub fn endpoint(self, endpoint: impl Into<String>) -> Self {
                Self(self.0.configure(|source, _| {
                    source.$role.endpoint = Some($crate::product::EndpointText(endpoint.into()));
                }))
            }
        }
    };
}

pub(super) use role_setters;

#[cfg(test)]
mod tests {
    use super::*;

    fn role(set: impl FnOnce(&mut Role)) -> Role {
        let mut role = Role { arn: "acs:ram::1:role/r".to_owned(), ..Role::default() };
        set(&mut role);
        role
    }

    #[test]
    fn resolves_the_endpoint() {
        let endpoint = |role: Role| role.sts_endpoint().unwrap().to_string();
        assert_eq!(endpoint(role(|_| {})), "https://sts.aliyuncs.com");
        let regional = |role: &mut Role| role.region = Some("cn-shanghai".to_owned());
        assert_eq!(endpoint(role(regional)), "https://sts.cn-shanghai.aliyuncs.com");
        let in_vpc = role(|role| (role.vpc, role.region) = (true, Some("cn-shanghai".to_owned())));
        assert_eq!(endpoint(in_vpc), "https://sts-vpc.cn-shanghai.aliyuncs.com");
        let explicit =
            role(|role| role.endpoint = Some(EndpointText("http://127.0.0.1:1".to_owned())));
        assert_eq!(endpoint(explicit), "http://127.0.0.1:1");
        // The global endpoint has no VPC variant.
        assert_eq!(endpoint(role(|role| role.vpc = true)), "https://sts.aliyuncs.com");
    }

    #[test]
    fn defaults_to_the_environment() {
        let variables = Variables::from_pairs([
            ("ALIBABA_CLOUD_STS_REGION", "cn-beijing"),
            ("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true"),
            ("ALIBABA_CLOUD_ROLE_SESSION_NAME", "deploy"),
        ]);
        let default = role(|_| {}).with_environment(&variables).unwrap();
        assert_eq!(default.sts_endpoint().unwrap().host(), "sts-vpc.cn-beijing.aliyuncs.com");
        assert_eq!(default.session.as_deref(), Some("deploy"));
        let explicit = role(|role| role.region = Some("cn-shanghai".to_owned()));
        let explicit = explicit.with_environment(&variables).unwrap();
        assert_eq!(explicit.sts_endpoint().unwrap().host(), "sts-vpc.cn-shanghai.aliyuncs.com");
    }

    #[test]
    fn names_the_invalid_setting() {
        for (invalid, setting) in [
            (role(|role| role.arn.clear()), Setting::Arn),
            (role(|role| role.session = Some("x".repeat(65))), Setting::Session),
            (role(|role| role.session = Some("a b".to_owned())), Setting::Session),
            (role(|role| role.duration = Some(Duration::from_secs(60))), Setting::Duration),
            (
                role(|role| role.endpoint = Some(EndpointText("no host".to_owned()))),
                Setting::Endpoint,
            ),
            (role(|role| role.region = Some("cn/hangzhou".to_owned())), Setting::Region),
            (role(|role| role.region = Some("evil.example.com#".to_owned())), Setting::Region),
        ] {
            assert_eq!(invalid.validate().unwrap_err().0, setting);
        }
    }
}
