//! The modes of CLI profiles.

use std::sync::Arc;
use std::time::Duration;

use super::login;
use crate::credentials::assume_role::AssumeRoleSource;
use crate::credentials::document::Fields;
use crate::credentials::ecs::EcsSource;
use crate::credentials::environment::TOKEN_VARIABLE;
use crate::credentials::external::ExternalSource;
use crate::credentials::oidc::{OidcSource, PROVIDER_VARIABLE, ROLE_VARIABLE, TOKEN_FILE_VARIABLE};
use crate::credentials::provider_context::ProviderContext;
use crate::credentials::role::{Role, Setting};
use crate::credentials::source::{Source, SourceProvider};
use crate::credentials::uri::{URI_VARIABLE, UriSource};
use crate::credentials::{Credentials, ProvideCredentials};
use crate::product::EndpointText;
use crate::secret::Secret;

const EXTERNAL_ID_VARIABLE: &str = "ALIBABA_CLOUD_EXTERNAL_ID";

/// The provider that a profile configures. It borrows nothing of the file.
pub(super) type ProfileProvider = Arc<dyn ProvideCredentials>;

/// What a profile configures.
pub(super) enum Mode<'a> {
    /// A provider.
    Provider(ProfileProvider),
    /// A role to assume with the credentials of another profile.
    ChainedRole { source_profile: &'a str, role: Role },
}

/// Modes without an access key that could sign requests, and why they are skipped.
const UNSUPPORTED_MODES: [(&str, &str); 3] = [
    ("BearerToken", "a bearer token cannot sign requests"),
    ("Anonymous", "it has no access key"),
    ("RsaKeyPair", "key pairs are deprecated and not supported"),
];

/// Returns the mode of a profile and why it is not supported, or `None` if it may be supported.
pub(super) fn unsupported(fields: Fields<'_>) -> Option<String> {
    let mode = fields.text("mode")?;
    let mut modes = UNSUPPORTED_MODES.iter();
    let (mode, reason) = modes.find(|(name, _)| name.eq_ignore_ascii_case(mode))?;
    Some(format!("has the mode {mode}, which is not supported: {reason}"))
}

/// Reads a profile. Errors name the key.
pub(super) fn read<'a>(fields: Fields<'a>, context: &ProviderContext) -> Result<Mode<'a>, String> {
    let complete = |key, variable| context.variables.complete(key, fields.text(key), variable);
    if let Some(reason) = unsupported(fields) {
        return Err(format!("it {reason}"));
    }
    let mode = required(fields, "mode")?;
    let provider = match mode.to_ascii_lowercase().as_str() {
        "ak" => Arc::new(access_key(fields)?.with_provider("ak")),
        "ststoken" => {
            let token = complete("sts_token", TOKEN_VARIABLE)?;
            Arc::new(access_key(fields)?.with_security_token(token).with_provider("sts_token"))
        }
        "ramrolearn" => {
            let base = access_key(fields)?.with_provider("ak");
            let base = match fields.text("sts_token") {
                Some(token) => base.with_security_token(token).with_provider("sts_token"),
                None => base,
            };
            let role = read_role(fields, context)?;
            source_provider(AssumeRoleSource { base: Arc::new(base), role }, context)
        }
        "ramrolearnwithrolename" => {
            let base = source_provider(instance_role(fields), context);
            source_provider(AssumeRoleSource { base, role: read_role(fields, context)? }, context)
        }
        "chainableramrolearn" => {
            let source_profile = required(fields, "source_profile")?;
            return Ok(Mode::ChainedRole { source_profile, role: read_role(fields, context)? });
        }
        "ecsramrole" => source_provider(instance_role(fields), context),
        "oidc" => {
            let source = OidcSource {
                role: read_role(fields, context)?,
                provider_arn: Some(complete("oidc_provider_arn", PROVIDER_VARIABLE)?),
                token_file: Some(complete("oidc_token_file", TOKEN_FILE_VARIABLE)?.into()),
            };
            source_provider(source, context)
        }
        "credentialsuri" => {
            let uri = complete("credentials_uri", URI_VARIABLE)?;
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
            return Err("`mode` is not one of AK, StsToken, RamRoleArn, RamRoleArnWithRoleName, \
                        EcsRamRole, OIDC, ChainableRamRoleArn, CredentialsURI, External, CloudSSO \
                        and OAuth"
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

fn instance_role(fields: Fields<'_>) -> EcsSource {
    EcsSource { role: fields.text("ram_role_name").map(str::to_owned), ..EcsSource::default() }
}

fn read_role(fields: Fields<'_>, context: &ProviderContext) -> Result<Role, String> {
    let text = |key| fields.text(key).map(str::to_owned);
    let seconds = match fields.number("expired_seconds") {
        None if fields.is_set("expired_seconds") => {
            return Err("`expired_seconds` must be a number of seconds".to_owned());
        }
        seconds => seconds.filter(|seconds| *seconds > 0),
    };
    let arn = fields.text("ram_role_arn");
    let external_id = match fields.text("external_id") {
        Some(id) => Some(Secret::new(id)),
        None => context.variables.text(EXTERNAL_ID_VARIABLE)?.map(Secret::new),
    };
    let role = Role {
        arn: context.variables.complete("ram_role_arn", arn, ROLE_VARIABLE)?,
        // The Python client has another name for it in OIDC profiles.
        session: text("ram_session_name").or_else(|| text("role_session_name")),
        duration: seconds.map(Duration::from_secs),
        policy: text("policy"),
        external_id,
        endpoint: text("sts_endpoint").map(EndpointText),
        region: text("sts_region"),
        vpc: fields.is_on("enable_vpc")?,
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
