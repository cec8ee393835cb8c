//! The modes of CLI profiles.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::login;
use crate::credentials::assume_role::AssumeRoleSource;
use crate::credentials::document::Fields;
use crate::credentials::ecs::EcsSource;
use crate::credentials::external::ExternalSource;
use crate::credentials::oidc::OidcSource;
use crate::credentials::provider_context::ProviderContext;
use crate::credentials::role::{Role, Setting};
use crate::credentials::source::{Source, SourceProvider};
use crate::credentials::uri::UriSource;
use crate::credentials::{Credentials, ProvideCredentials};
use crate::product::EndpointText;
use crate::secret::Secret;

/// The provider that a profile configures. It borrows nothing of the file.
pub(super) type ProfileProvider = Arc<dyn ProvideCredentials>;

/// What a profile configures.
pub(super) enum Mode<'a> {
    /// A provider.
    Provider(ProfileProvider),
    /// A role to assume with the credentials of another profile.
    ChainedRole { source_profile: &'a str, role: Role },
}

/// Reads a profile. Errors name the key.
pub(super) fn read<'a>(fields: Fields<'a>, context: &ProviderContext) -> Result<Mode<'a>, String> {
    let mode = required(fields, "mode")?;
    let provider = match mode.to_ascii_lowercase().as_str() {
        "ak" => Arc::new(access_key(fields)?.with_provider("ak")),
        "ststoken" => {
            let token = required(fields, "sts_token")?;
            Arc::new(access_key(fields)?.with_security_token(token).with_provider("sts_token"))
        }
        "ramrolearn" => {
            let base = access_key(fields)?.with_provider("ak");
            let base = match fields.text("sts_token") {
                Some(token) => base.with_security_token(token).with_provider("sts_token"),
                None => base,
            };
            let role = read_role(fields)?;
            source_provider(AssumeRoleSource { base: Arc::new(base), role }, context)
        }
        "chainableramrolearn" => {
            let source_profile = required(fields, "source_profile")?;
            return Ok(Mode::ChainedRole { source_profile, role: read_role(fields)? });
        }
        "ecsramrole" => {
            let role = fields.text("ram_role_name").map(str::to_owned);
            source_provider(EcsSource { role, ..EcsSource::default() }, context)
        }
        "oidc" => {
            let source = OidcSource {
                role: read_role(fields)?,
                provider_arn: Some(required(fields, "oidc_provider_arn")?.to_owned()),
                token_file: Some(PathBuf::from(required(fields, "oidc_token_file")?)),
            };
            source_provider(source, context)
        }
        "credentialsuri" => {
            let uri = required(fields, "credentials_uri")?.to_owned();
            source_provider(UriSource { uri: Some(uri) }, context)
        }
        "external" => {
            let command = Secret::new(required(fields, "process_command")?);
            source_provider(ExternalSource { command }, context)
        }
        "cloudsso" => login::cloud_sso(fields, context)?,
        "oauth" => login::oauth(fields, context)?,
        _ => {
            // The value is not quoted, because it may be a secret that was entered by mistake.
            return Err("`mode` is not one of AK, StsToken, RamRoleArn, EcsRamRole, OIDC, \
                        ChainableRamRoleArn, CredentialsURI, External, CloudSSO and OAuth"
                .to_owned());
        }
    };
    Ok(Mode::Provider(provider))
}

fn source_provider<S: Source>(source: S, context: &ProviderContext) -> ProfileProvider {
    Arc::new(SourceProvider { source, context: context.clone() })
}

fn required<'a>(fields: Fields<'a>, key: &str) -> Result<&'a str, String> {
    fields
        .text(key)
        .ok_or_else(|| format!("`{key}` is missing or empty; set it with `aliyun configure`"))
}

fn access_key(fields: Fields<'_>) -> Result<Credentials, String> {
    Ok(Credentials::new(required(fields, "access_key_id")?, required(fields, "access_key_secret")?))
}

fn read_role(fields: Fields<'_>) -> Result<Role, String> {
    let text = |key| fields.text(key).map(str::to_owned);
    let seconds = fields.number("expired_seconds").filter(|seconds| *seconds > 0);
    let role = Role {
        arn: required(fields, "ram_role_arn")?.to_owned(),
        session: text("ram_session_name"),
        duration: seconds.map(Duration::from_secs),
        policy: text("policy"),
        external_id: fields.text("external_id").map(Secret::new),
        endpoint: text("sts_endpoint").map(EndpointText),
        region: text("sts_region"),
        vpc: fields.is_on("enable_vpc"),
    };
    role.validate().map_err(|(setting, reason)| format!("`{}` {reason}", key_for(setting)))?;
    Ok(role)
}

fn key_for(setting: Setting) -> &'static str {
    match setting {
        Setting::Arn => "ram_role_arn",
        Setting::Session => "ram_session_name",
        Setting::Duration => "expired_seconds",
        Setting::Endpoint => "sts_endpoint",
        Setting::Region => "sts_region",
    }
}
