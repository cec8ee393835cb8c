//! Pseudo-random numbers that are the same in every run.

/// FNV-1a.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Returns a hash of the texts and their order.
pub(crate) fn hash(texts: &[&str]) -> u64 {
    let mut hash = OFFSET;
    for text in texts {
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        }
    }
    hash
}

/// Returns the number at `index` in the sequence of `seed`: at least 0 and less than 1.
pub(crate) fn fraction(seed: u64, index: u64) -> f64 {
    // SplitMix64, which maps neighboring inputs far apart.
    let mut z = seed.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    let upper = u32::try_from(z >> 32).unwrap_or(u32::MAX);
    f64::from(upper) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_uniform_and_reproducible() {
        let low = (0..10_000).filter(|index| fraction(7, *index) < 0.25).count();
        assert!((2_300..2_700).contains(&low), "{low}");
        assert!((0..10_000).all(|index| (0.0..1.0).contains(&fraction(7, index))));
        assert!(fraction(7, 1) == fraction(7, 1) && fraction(7, 1) != fraction(8, 1));
    }

    #[test]
    fn text_boundaries_change_the_hash() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_ne!(hash(&["a", ""]), hash(&["a"]));
    }
}
