//! What the environment says about region, endpoints and user agent.

use super::settings::is_printable;
use super::{EndpointOverrides, Settings};
use crate::credentials::{ProfileSettings, Variables};
use crate::product::check_region;

const REGION_VARIABLES: [&str; 2] = ["ALIBABA_CLOUD_REGION_ID", "ALIBABA_CLOUD_REGION"];
const VPC_VARIABLE: &str = "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED";
const ENDPOINT_TYPE_VARIABLE: &str = "ALIBABA_CLOUD_ENDPOINT_TYPE";
const ENDPOINT_VARIABLE: &str = "ALIBABA_CLOUD_ENDPOINT";
const USER_AGENT_VARIABLE: &str = "ALIBABA_CLOUD_USER_AGENT";

/// Settings from variables and the profile of the CLI.
pub(super) struct Environment {
    region: Option<String>,
    vpc_endpoints: Option<bool>,
    user_agent: Option<String>,
    endpoints: EndpointOverrides,
}

impl Environment {
    /// Reads the variables, and what they do not set from the profile.
    ///
    /// # Errors
    ///
    /// The variable with an invalid value, and what to write instead.
    pub(super) fn read(
        variables: &Variables,
        profile: Option<&str>,
    ) -> Result<Environment, String> {
        let mut environment = Environment {
            region: region(variables)?,
            vpc_endpoints: vpc_endpoints(variables)?,
            user_agent: user_agent(variables)?,
            endpoints: endpoints(variables)?,
        };
        match ProfileSettings::read(variables, profile) {
            Ok(profile) => environment.add_profile(profile),
            Err(problem) => environment.endpoints.set_problem(problem),
        }
        Ok(environment)
    }

    fn add_profile(&mut self, profile: ProfileSettings) {
        let origin = |key: &str| format!("`{key}` of {}", profile.description);
        if self.region.is_none()
            && let Some(region) = &profile.region
        {
            let region = region.trim();
            match check_region(region) {
                Ok(()) => self.region = Some(region.to_owned()),
                Err(reason) => {
                    self.endpoints.set_problem(format!("{}: {reason}", origin("region_id")));
                }
            }
        }
        let is_vpc = |kind: &str| kind.trim().eq_ignore_ascii_case("vpc");
        self.vpc_endpoints = self.vpc_endpoints.or(profile.endpoint_type.as_deref().map(is_vpc));
        // An endpoint of a variable has priority even if that of the profile is for one product.
        if !self.endpoints.is_set_for_all() {
            let trimmed = |endpoint: &str| match endpoint.trim() {
                "" => None,
                endpoint => Some(endpoint.to_owned()),
            };
            for (product, endpoint) in &profile.endpoints {
                if let Some(endpoint) = trimmed(endpoint) {
                    let origin = origin(&format!("endpoints.{product}"));
                    self.endpoints.add_product(product, endpoint, origin);
                }
            }
            if let Some(endpoint) = profile.endpoint.as_deref().and_then(trimmed) {
                self.endpoints.add_for_all(endpoint, origin("endpoint"));
            }
        }
    }

    /// Adds these settings to those that the program made, which have priority.
    pub(super) fn complete(self, settings: &mut Settings, endpoints: &mut EndpointOverrides) {
        settings.region = settings.region.take().or(self.region);
        settings.vpc_endpoints = settings.vpc_endpoints.or(self.vpc_endpoints);
        settings.environment_user_agent = self.user_agent;
        endpoints.complete(self.endpoints);
    }
}

/// Returns the value of a variable without blanks around it; `None` if nothing is left.
fn trimmed(variables: &Variables, name: &str) -> Result<Option<String>, String> {
    let value = variables.text(name)?;
    Ok(value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()))
}

fn region(variables: &Variables) -> Result<Option<String>, String> {
    for name in REGION_VARIABLES {
        if let Some(region) = trimmed(variables, name)? {
            check_region(&region).map_err(|reason| format!("{name}: {reason}"))?;
            return Ok(Some(region));
        }
    }
    Ok(None)
}

fn vpc_endpoints(variables: &Variables) -> Result<Option<bool>, String> {
    if trimmed(variables, VPC_VARIABLE)?.is_some() {
        return variables.is_on(VPC_VARIABLE).map(Some);
    }
    let Some(kind) = trimmed(variables, ENDPOINT_TYPE_VARIABLE)? else {
        return Ok(None);
    };
    match kind.to_ascii_lowercase().as_str() {
        "vpc" => Ok(Some(true)),
        "public" | "internet" => Ok(Some(false)),
        _ => Err(format!("{ENDPOINT_TYPE_VARIABLE} is {kind:?}; set it to vpc or public")),
    }
}

fn user_agent(variables: &Variables) -> Result<Option<String>, String> {
    let value = trimmed(variables, USER_AGENT_VARIABLE)?;
    match value {
        Some(value) if !is_printable(&value) => {
            Err(format!("{USER_AGENT_VARIABLE} is not printable ASCII; write it like my-tool/1.2"))
        }
        value => Ok(value),
    }
}

fn endpoints(variables: &Variables) -> Result<EndpointOverrides, String> {
    let mut endpoints = EndpointOverrides::default();
    for name in variables.names() {
        let product = name
            .strip_prefix("ALIBABA_CLOUD_")
            .and_then(|rest| rest.strip_suffix("_ENDPOINT"))
            .filter(|product| !product.is_empty());
        if let Some(product) = product
            && let Some(endpoint) = trimmed(variables, &name)?
        {
            endpoints.add_product(product, endpoint, name.clone());
        }
    }
    if let Some(endpoint) = trimmed(variables, ENDPOINT_VARIABLE)? {
        endpoints.add_for_all(endpoint, ENDPOINT_VARIABLE.to_owned());
    }
    Ok(endpoints)
}
