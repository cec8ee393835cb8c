//! The settings of a role that STS hands out credentials for, and what can be wrong with them.

use std::time::Duration;

use super::variables::Variables;
use crate::endpoint::Endpoint;
use crate::secret::Secret;

/// A role and the session in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Role {
    pub(super) arn: String,
    pub(super) session: Option<String>,
    pub(super) duration: Option<Duration>,
    pub(super) policy: Option<String>,
    pub(super) external_id: Option<Secret>,
    pub(super) endpoint: Option<String>,
    pub(super) region: Option<String>,
    pub(super) vpc: bool,
}

/// Which setting is wrong; whoever read it from a file knows the key that it stands under there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Arn,
    Session,
    Duration,
    Endpoint,
    Region,
}

impl Setting {
    /// In words, where it stands under no key.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Setting::Arn => "the ARN of the role",
            Setting::Session => "the name of the session",
            Setting::Duration => "the duration of the session",
            Setting::Endpoint => "the STS endpoint",
            Setting::Region => "the STS region",
        }
    }
}

/// A setting, and what is wrong with it.
pub(super) type Problem = (Setting, String);

const SHORTEST: Duration = Duration::from_secs(900);
const USUAL: Duration = Duration::from_secs(3600);

impl Role {
    /// The settings that are not in here, from the environment.
    pub(super) fn completed(mut self, variables: &Variables) -> Result<Role, String> {
        if self.session.is_none() {
            self.session = variables.text("ALIBABA_CLOUD_ROLE_SESSION_NAME")?;
        }
        // A region that was chosen goes before an endpoint that was found.
        if self.endpoint.is_none() && self.region.is_none() {
            self.endpoint = variables.text("ALIBABA_CLOUD_STS_ENDPOINT")?;
            self.region = variables.text("ALIBABA_CLOUD_STS_REGION")?;
        }
        self.vpc |= variables.is_on("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED");
        Ok(self)
    }

    /// Looks for what STS would refuse, so that the message can name it.
    pub(super) fn check(&self) -> Result<(), Problem> {
        if self.arn.trim().is_empty() {
            return Err((Setting::Arn, "is empty".to_owned()));
        }
        if let Some(name) = &self.session {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".@-_".contains(&byte);
            if !(1..=64).contains(&name.len()) || !name.bytes().all(fits) {
                let reason = "is not at most 64 letters, digits or characters of . @ - _";
                return Err((Setting::Session, reason.to_owned()));
            }
        }
        if self.duration.is_some_and(|duration| duration < SHORTEST) {
            return Err((Setting::Duration, "is less than 900 seconds".to_owned()));
        }
        self.sts_endpoint().map(drop)
    }

    /// Where STS is: as told, else in the region, else the one for everybody.
    pub(super) fn sts_endpoint(&self) -> Result<Endpoint, Problem> {
        if let Some(endpoint) = &self.endpoint {
            // Not in the words of the endpoint's own error, which quotes it: it comes from a file.
            return Endpoint::parse(endpoint).map_err(|_| {
                let reason = "is not a host such as sts.cn-hangzhou.aliyuncs.com";
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
            .ok_or_else(|| (Setting::Region, "is not a region such as cn-hangzhou".to_owned()))
    }

    pub(super) fn duration_seconds(&self) -> String {
        self.duration.unwrap_or(USUAL).as_secs().to_string()
    }
}

/// Gives a provider that takes a role the setters of it.
macro_rules! role_setters {
    ($provider:ident, $role:ident) => {
        impl $provider {
            /// The name of the session, 2 to 64 characters, which audit logs show.
            /// `ALIBABA_CLOUD_ROLE_SESSION_NAME`, else `alicloud-rust-` and the time, unless told
            /// otherwise.
            #[must_use]
            pub fn session_name(self, name: impl Into<String>) -> Self {
                Self(self.0.with(|source, _| source.$role.session = Some(name.into())))
            }

            /// For how long the credentials shall be valid: 900 seconds at least, and no longer than the
            /// role allows. An hour unless told otherwise.
            #[must_use]
            pub fn duration(self, duration: std::time::Duration) -> Self {
                Self(self.0.with(|source, _| source.$role.duration = Some(duration)))
            }

            /// A policy, as JSON, that narrows what the role may do.
            #[must_use]
            pub fn policy(self, json: impl Into<String>) -> Self {
                Self(self.0.with(|source, _| source.$role.policy = Some(json.into())))
            }

            /// The region whose STS is asked, such as `cn-hangzhou`. `ALIBABA_CLOUD_STS_REGION`, else
            /// the endpoint for everybody, unless told otherwise.
            #[must_use]
            pub fn region(self, region: impl Into<String>) -> Self {
                Self(self.0.with(|source, _| source.$role.region = Some(region.into())))
            }

            /// The endpoint of STS, such as `sts-vpc.cn-hangzhou.aliyuncs.com`. It goes before the
            /// region; `ALIBABA_CLOUD_STS_ENDPOINT` stands for it where neither is told.
            #[must_use]
            pub fn endpoint(self, endpoint: impl Into<String>) -> Self {
                Self(self.0.with(|source, _| source.$role.endpoint = Some(endpoint.into())))
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
    fn finds_the_endpoint() {
        let endpoint = |role: Role| role.sts_endpoint().unwrap().to_string();
        assert_eq!(endpoint(role(|_| {})), "https://sts.aliyuncs.com");
        let there = |role: &mut Role| role.region = Some("cn-shanghai".to_owned());
        assert_eq!(endpoint(role(there)), "https://sts.cn-shanghai.aliyuncs.com");
        let nearby = role(|role| (role.vpc, role.region) = (true, Some("cn-shanghai".to_owned())));
        assert_eq!(endpoint(nearby), "https://sts-vpc.cn-shanghai.aliyuncs.com");
        let told = role(|role| role.endpoint = Some("http://127.0.0.1:1".to_owned()));
        assert_eq!(endpoint(told), "http://127.0.0.1:1");
        // Everybody's endpoint has no twin inside a VPC.
        assert_eq!(endpoint(role(|role| role.vpc = true)), "https://sts.aliyuncs.com");
    }

    #[test]
    fn reads_the_rest_from_the_environment() {
        let variables = Variables::from_pairs([
            ("ALIBABA_CLOUD_STS_REGION", "cn-beijing"),
            ("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true"),
            ("ALIBABA_CLOUD_ROLE_SESSION_NAME", "deploy"),
        ]);
        let found = role(|_| {}).completed(&variables).unwrap();
        assert_eq!(found.sts_endpoint().unwrap().host(), "sts-vpc.cn-beijing.aliyuncs.com");
        assert_eq!(found.session.as_deref(), Some("deploy"));
        let told = role(|role| role.region = Some("cn-shanghai".to_owned()));
        let told = told.completed(&variables).unwrap();
        assert_eq!(told.sts_endpoint().unwrap().host(), "sts-vpc.cn-shanghai.aliyuncs.com");
    }

    #[test]
    fn names_the_setting_that_is_wrong() {
        for (wrong, setting) in [
            (role(|role| role.arn.clear()), Setting::Arn),
            (role(|role| role.session = Some("x".repeat(65))), Setting::Session),
            (role(|role| role.session = Some("a b".to_owned())), Setting::Session),
            (role(|role| role.duration = Some(Duration::from_secs(60))), Setting::Duration),
            (role(|role| role.endpoint = Some("no host".to_owned())), Setting::Endpoint),
            (role(|role| role.region = Some("cn/hangzhou".to_owned())), Setting::Region),
            (role(|role| role.region = Some("evil.example.com#".to_owned())), Setting::Region),
        ] {
            assert_eq!(wrong.check().unwrap_err().0, setting);
        }
    }
}
