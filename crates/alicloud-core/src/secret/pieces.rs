//! Search for pieces of long secrets.

use std::ops::Range;

use zeroize::Zeroizing;

use super::decoded::CompactText;

/// Length in bytes of the groups that are indexed.
const GROUP_LENGTH: usize = 8;

/// Length in bytes from which a piece of a secret is removed, without blanks and `+`: the shortest one that
/// contains a group that starts at a multiple of its length.
///
/// In base64 these are 90 bits, which cannot be there by chance. A shorter piece can be a word, a region or a
/// host that a secret contains.
const MIN_PIECE_LENGTH: usize = 2 * GROUP_LENGTH - 1;

/// Maximum number of equal groups with other bytes around them, which bounds the time of a search.
const MAX_EQUAL_GROUPS: usize = 16;

const HASH_BITS: u32 = 12;

/// An index of the pieces of secrets, for a search in linear time.
///
/// It contains every eighth group of eight bytes, and a search compares what is around an equal group in the
/// text. It stores positions and no further copy of the secrets.
#[derive(Default)]
pub(super) struct PieceIndex {
    patterns: Vec<Zeroizing<Vec<u8>>>,
    groups: Vec<Group>,
    /// The first group for each hash. Empty without groups.
    first_groups: Vec<Option<u32>>,
}

#[derive(Clone, Copy)]
struct Group {
    pattern: usize,
    offset: usize,
    /// The next group with the same hash.
    next: Option<u32>,
}

impl PieceIndex {
    /// Adds a pattern. A pattern that is shorter than a piece is only found as a whole.
    pub(super) fn add(&mut self, pattern: &[u8]) {
        let pattern = CompactText::new(pattern).into_bytes();
        let index = self.patterns.len();
        let groups = pattern.windows(GROUP_LENGTH).enumerate().step_by(GROUP_LENGTH);
        let groups: Vec<_> = groups.map(|(offset, group)| (offset, hash(group))).collect();
        self.patterns.push(pattern);
        for (offset, hash) in groups {
            self.add_group(Group { pattern: index, offset, next: None }, hash);
        }
    }

    fn add_group(&mut self, mut group: Group, hash: usize) {
        let around = self.around(&group);
        let content = around.1.get(..GROUP_LENGTH);
        let equal = || {
            self.with_hash(hash)
                .map(|known| self.around(known))
                .filter(|(_, known)| known.get(..GROUP_LENGTH) == content)
        };
        if equal().any(|known| known == around) || equal().count() >= MAX_EQUAL_GROUPS {
            return;
        }
        let Ok(index) = u32::try_from(self.groups.len()) else { return };
        self.first_groups.resize(1 << HASH_BITS, None);
        if let Some(first) = self.first_groups.get_mut(hash) {
            group.next = first.replace(index);
            self.groups.push(group);
        }
    }

    fn with_hash(&self, hash: usize) -> impl Iterator<Item = &Group> {
        let group_at = |index: u32| self.groups.get(usize::try_from(index).ok()?);
        let first = self.first_groups.get(hash).copied().flatten().and_then(group_at);
        std::iter::successors(first, move |group| group.next.and_then(group_at))
    }

    /// Returns the bytes before a group and those from its start, as far as a piece with this group extends.
    fn around(&self, group: &Group) -> (&[u8], &[u8]) {
        let pattern = self.patterns.get(group.pattern).map_or(&[][..], |pattern| pattern);
        around(pattern, group.offset)
    }

    /// Adds the ranges of the pieces in a text.
    pub(super) fn search(&self, text: &CompactText, found: &mut Vec<Range<usize>>) {
        if self.groups.is_empty() {
            return;
        }
        for (position, window) in text.bytes().windows(GROUP_LENGTH).enumerate() {
            for group in self.with_hash(hash(window)) {
                let Some(piece) = self.piece_at(group, text.bytes(), position) else { continue };
                match found.last_mut() {
                    Some(last) if last.end >= piece.start => last.end = last.end.max(piece.end),
                    _ => found.push(piece),
                }
            }
        }
    }

    /// Returns the range of the piece that has this group at this position of a text.
    fn piece_at(&self, group: &Group, text: &[u8], position: usize) -> Option<Range<usize>> {
        let (ours, theirs) = (self.around(group), around(text, position));
        let is_equal = |(ours, theirs): &(&u8, &u8)| ours == theirs;
        let after = ours.1.iter().zip(theirs.1).take_while(is_equal).count();
        if after < GROUP_LENGTH {
            return None;
        }
        let before = ours.0.iter().rev().zip(theirs.0.iter().rev()).take_while(is_equal).count();
        let pattern_length = self.patterns.get(group.pattern)?.len();
        let is_piece = before + after >= MIN_PIECE_LENGTH.min(pattern_length);
        is_piece.then(|| position - before..position + after)
    }
}

fn around(text: &[u8], position: usize) -> (&[u8], &[u8]) {
    let (before, after) = text.split_at_checked(position).unwrap_or_default();
    let before = before.get(before.len().saturating_sub(GROUP_LENGTH)..).unwrap_or_default();
    (before, after.get(..2 * GROUP_LENGTH).unwrap_or(after))
}

fn hash(group: &[u8]) -> usize {
    let number = group.first_chunk().copied().map_or(0, u64::from_le_bytes);
    let hash = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - HASH_BITS);
    usize::try_from(hash).unwrap_or_default()
}
