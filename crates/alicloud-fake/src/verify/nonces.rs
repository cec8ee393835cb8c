//! Used nonces, remembered while a replay would otherwise be valid.

use std::collections::{HashMap, VecDeque};
use std::time::SystemTime;

/// Access key id and nonce.
type Key = (String, String);

#[derive(Default)]
pub(crate) struct Nonces {
    /// Expiration times.
    used: HashMap<Key, SystemTime>,
    /// In the order of registration, which is nearly the order of expiration.
    order: VecDeque<Key>,
}

impl Nonces {
    /// Registers a nonce and returns `true`, or returns `false` if this access key has already used
    /// it.
    pub(crate) fn register(
        &mut self,
        access_key_id: String,
        nonce: String,
        expires_at: SystemTime,
        now: SystemTime,
    ) -> bool {
        self.remove_expired(now);
        let key = (access_key_id, nonce);
        if self.used.get(&key).is_some_and(|expires_at| *expires_at >= now) {
            return false;
        }
        self.order.push_back(key.clone());
        self.used.insert(key, expires_at);
        true
    }

    fn remove_expired(&mut self, now: SystemTime) {
        while let Some(oldest) = self.order.front() {
            if self.used.get(oldest).is_some_and(|expires_at| *expires_at >= now) {
                break;
            }
            self.used.remove(oldest);
            self.order.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn at(second: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(second)
    }

    fn register(nonces: &mut Nonces, key: &str, nonce: &str, now: u64) -> bool {
        nonces.register(key.to_owned(), nonce.to_owned(), at(now + 10), at(now))
    }

    #[test]
    fn a_nonce_is_valid_once_per_access_key() {
        let mut nonces = Nonces::default();
        assert!(register(&mut nonces, "a", "n", 0));
        assert!(!register(&mut nonces, "a", "n", 10));
        assert!(register(&mut nonces, "b", "n", 10));
    }

    #[test]
    fn an_expired_nonce_is_valid_again() {
        let mut nonces = Nonces::default();
        assert!(register(&mut nonces, "a", "n", 0));
        assert!(register(&mut nonces, "a", "n", 11));
        assert!(!register(&mut nonces, "a", "n", 12));
    }

    #[test]
    fn expired_nonces_are_removed() {
        let mut nonces = Nonces::default();
        for second in 0..1000 {
            assert!(register(&mut nonces, "a", &second.to_string(), second));
        }
        assert!(nonces.used.len() <= 11 && nonces.order.len() <= 11);
    }
}
