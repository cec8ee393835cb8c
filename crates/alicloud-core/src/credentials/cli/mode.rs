//! The modes of a profile of the command line.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use super::Provider;
use crate::credentials::Credentials;
use crate::credentials::assume_role::AssumeRoleSource;
use crate::credentials::document::Fields;
use crate::credentials::ecs::EcsSource;
use crate::credentials::external::ExternalSource;
use crate::credentials::oidc::OidcSource;
use crate::credentials::provider_context::Seams;
use crate::credentials::role::{Role, Setting};
use crate::credentials::source::{Asked, Source};
use crate::credentials::uri::UriSource;
use crate::secret::Secret;
use crate::sign::timestamp;

/// What a profile is by its mode.
pub(super) enum Mode<'a> {
    /// Credentials, or a way to them.
    Own(Provider),
    /// A role on top of another profile.
    Role { source: &'a str, role: Role },
}

/// Reads a profile. The error names the key.
pub(super) fn read<'a>(fields: Fields<'a>, seams: &Seams) -> Result<Mode<'a>, String> {
    let mode = need(fields, "mode")?;
    let provider = match mode.to_ascii_lowercase().as_str() {
        "ak" => Arc::new(key(fields)?.with_provider("ak")),
        "ststoken" => {
            let token = need(fields, "sts_token")?;
            Arc::new(key(fields)?.with_security_token(token).with_provider("sts_token"))
        }
        "ramrolearn" => {
            let base = key(fields)?.with_provider("ak");
            let base = match fields.text("sts_token") {
                Some(token) => base.with_security_token(token).with_provider("sts_token"),
                None => base,
            };
            asked(AssumeRoleSource { base: Arc::new(base), role: role(fields)? }, seams)
        }
        "chainableramrolearn" => {
            let source = need(fields, "source_profile")?;
            return Ok(Mode::Role { source, role: role(fields)? });
        }
        "ecsramrole" => {
            let role = fields.text("ram_role_name").map(str::to_owned);
            asked(EcsSource { role, ..EcsSource::default() }, seams)
        }
        "oidc" => {
            let source = OidcSource {
                role: role(fields)?,
                provider_arn: Some(need(fields, "oidc_provider_arn")?.to_owned()),
                token_file: Some(PathBuf::from(need(fields, "oidc_token_file")?)),
            };
            asked(source, seams)
        }
        "credentialsuri" => {
            asked(UriSource { uri: Some(need(fields, "credentials_uri")?.to_owned()) }, seams)
        }
        "external" => {
            asked(ExternalSource { command: Secret::new(need(fields, "process_command")?) }, seams)
        }
        "cloudsso" | "oauth" => Arc::new(left(fields, seams)?),
        _ => {
            // The text itself is not quoted: who knows what was put there by mistake.
            return Err("`mode` is none of AK, StsToken, RamRoleArn, EcsRamRole, OIDC, \
                        ChainableRamRoleArn, CredentialsURI, External, CloudSSO and OAuth"
                .to_owned());
        }
    };
    Ok(Mode::Own(provider))
}

fn asked<S: Source>(source: S, seams: &Seams) -> Provider {
    Arc::new(Asked { source, seams: seams.clone() })
}

fn need<'a>(fields: Fields<'a>, key: &str) -> Result<&'a str, String> {
    fields.text(key).ok_or_else(|| format!("`{key}` is missing or empty"))
}

fn key(fields: Fields<'_>) -> Result<Credentials, String> {
    Ok(Credentials::new(need(fields, "access_key_id")?, need(fields, "access_key_secret")?))
}

fn role(fields: Fields<'_>) -> Result<Role, String> {
    let text = |key| fields.text(key).map(str::to_owned);
    let seconds = fields.number("expired_seconds").filter(|seconds| *seconds > 0);
    let role = Role {
        arn: need(fields, "ram_role_arn")?.to_owned(),
        session: text("ram_session_name"),
        duration: seconds.map(Duration::from_secs),
        policy: text("policy"),
        external_id: fields.text("external_id").map(Secret::new),
        endpoint: text("sts_endpoint"),
        region: text("sts_region"),
        vpc: fields.is_on("enable_vpc"),
    };
    role.check().map_err(|(setting, reason)| format!("`{}` {reason}", key_of(setting)))?;
    Ok(role)
}

fn key_of(setting: Setting) -> &'static str {
    match setting {
        Setting::Arn => "ram_role_arn",
        Setting::Session => "ram_session_name",
        Setting::Duration => "expired_seconds",
        Setting::Endpoint => "sts_endpoint",
        Setting::Region => "sts_region",
    }
}

/// What the command line left there after a login that only it can repeat.
fn left(fields: Fields<'_>, seams: &Seams) -> Result<Credentials, String> {
    let again = "log in again with the command line (aliyun configure)";
    let absent = |key: &str| format!("`{key}` is missing: {again}");
    let token = fields.text("sts_token").ok_or_else(|| absent("sts_token"))?;
    let seconds = fields.number("sts_expiration").filter(|seconds| *seconds < 1 << 40);
    let end = UNIX_EPOCH + Duration::from_secs(seconds.ok_or_else(|| absent("sts_expiration"))?);
    if end <= seams.clock.now() {
        return Err(format!("by `sts_expiration` it ended at {}: {again}", timestamp(end)));
    }
    let credentials = key(fields)?.with_security_token(token).with_expiration(end);
    Ok(credentials.with_provider("login"))
}
