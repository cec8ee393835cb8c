//! The tokens of a login with OAuth.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::secret::{Redactor, Secret};

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

/// The newest tokens of logins, by profile. The file keeps older ones, because it is not written.
#[derive(Clone, Default)]
pub(in crate::credentials) struct LoginTokens(Arc<Mutex<BTreeMap<String, RenewedTokens>>>);

struct RenewedTokens {
    /// The refresh token that the file had. After a new login or a renewal by the CLI, it has another.
    stored_refresh: Option<Secret>,
    tokens: Tokens,
}

impl LoginTokens {
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for LoginTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginTokens").finish_non_exhaustive()
    }
}
