//! The tokens of logins of the CLI, in memory and in its file.

mod save;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

pub(super) use self::save::{ProfileChange, credential_values, seconds_since_1970};
use crate::secret::{Redactor, Secret};
use crate::time::NonceSource;

/// The tokens of a login with OAuth.
#[derive(Clone, Debug)]
pub(super) struct Tokens {
    pub(super) access: Option<Secret>,
    /// When the access token expires, if that is known.
    pub(super) expiration: Option<SystemTime>,
    pub(super) refresh: Option<Secret>,
}

impl Tokens {
    /// Returns whether the access token is known to be valid at a time.
    pub(super) fn is_valid_at(&self, time: SystemTime) -> bool {
        self.access.is_some() && self.expiration.is_some_and(|expiration| expiration > time)
    }

    pub(super) fn redactor(&self) -> Redactor {
        let mut redactor = Redactor::for_credentials();
        for token in [&self.access, &self.refresh].into_iter().flatten() {
            redactor.add(token.expose());
        }
        redactor
    }
}

/// The newest tokens of logins, by profile. The file keeps older ones unless it is to be written.
#[derive(Clone, Default)]
pub(super) struct LoginTokens {
    renewed: Arc<Mutex<BTreeMap<String, RenewedTokens>>>,
    /// The file into which renewed logins are saved.
    file: Option<PathBuf>,
}

struct RenewedTokens {
    /// The refresh token that the file had. After a new login or a renewal by the CLI, it has another.
    stored_refresh: Option<Secret>,
    tokens: Tokens,
}

impl LoginTokens {
    /// Returns the same tokens, which are also saved into this file from now on.
    pub(super) fn saved_into(&self, file: &Path) -> LoginTokens {
        LoginTokens { file: Some(file.to_owned()), ..self.clone() }
    }

    /// Saves a change of the file, if that was requested. The credentials are valid even if it fails.
    pub(super) fn save(&self, change: &ProfileChange<'_>, nonces: &dyn NonceSource) {
        let Some(file) = &self.file else { return };
        let saved = nonces.nonce().map_err(|error| error.to_string());
        let saved = saved.and_then(|nonce| change.save(file, &nonce));
        #[cfg(feature = "tracing")]
        if let Err(reason) = saved {
            tracing::debug!(reason, "a renewed login was not saved");
        }
        #[cfg(not(feature = "tracing"))]
        drop(saved);
    }

    /// Returns the tokens that replaced the stored ones, else the stored ones.
    pub(super) fn newest(&self, profile: &str, stored: &Tokens) -> Tokens {
        let renewed = self.lock();
        let renewed = renewed.get(profile).filter(|known| known.stored_refresh == stored.refresh);
        renewed.map_or(stored, |renewed| &renewed.tokens).clone()
    }

    pub(super) fn remember(&self, profile: &str, stored: &Tokens, renewed: &Tokens) {
        let stored_refresh = stored.refresh.clone();
        let renewed = RenewedTokens { stored_refresh, tokens: renewed.clone() };
        self.lock().insert(profile.to_owned(), renewed);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, RenewedTokens>> {
        self.renewed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
