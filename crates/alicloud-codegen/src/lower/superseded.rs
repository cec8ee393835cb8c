//! Decides whether a parameter or field is superseded by another of nearly the same name.

/// A parameter or field, as its description presents it.
pub(crate) struct Evidence<'a> {
    /// The name on the wire.
    pub(crate) wire: &'a str,
    /// Whether the description says `deprecated: true`.
    pub(crate) flag: bool,
    /// The title and the description.
    pub(crate) texts: Vec<&'a str>,
}

/// Words by which a text says that its own subject is out of use, in lower case.
const RETIRED: &[&str] = &[
    "deprecated",
    "obsolete",
    "superseded",
    "discontinued",
    "outdated",
    "legacy",
    "no longer",
    "will be removed",
    "to be removed",
    "not recommended",
    "废弃",
    "弃用",
    "作废",
    "已过时",
    "已下线",
    "即将下线",
    "停止使用",
    "停用",
    "不再使用",
    "不再支持",
    "不再推荐",
    "不再维护",
    "不推荐",
    "不建议使用",
    "将被移除",
    "将移除",
];

/// Words before the name of the parameter to use, in lower case.
const USE: &[&str] = &[
    "use ",
    "using ",
    "prefer ",
    "recommend ",
    "switch to ",
    "migrate to ",
    "replaced by ",
    "replaced with ",
    "superseded by ",
    "in favor of ",
    "in favour of ",
    "使用",
    "改用",
    "采用",
    "推荐",
    "换成",
    "替换为",
    "替代为",
    "由",
    "被",
];

/// Words that reverse or weaken the meaning of a word of [`USE`]: before it.
const NOT: &[&str] =
    &["not ", "never ", "don't ", "when you ", "if you ", "勿", "不", "不要", "不能", "如果", "若"];

/// Words that reverse or weaken the meaning of a word of [`USE`]: between it and the name.
const WITH: &[&str] = &[
    "instead of ",
    "rather than ",
    "with ",
    "together ",
    "both ",
    "either ",
    "and ",
    "or ",
    "代替",
    "替代",
    "取代",
    "而不是",
    "了",
];

/// Maximum distance in bytes between a word of [`USE`] and the name.
const MAX_DISTANCE: usize = 60;

/// With more members, the texts are not compared: each would be searched for the name of each.
const MAX_TWINS: usize = 16;

/// Returns for each member of a group of similar names whether it is superseded by another member.
///
/// The rule: a member is superseded if it is marked `deprecated: true`, or if a sentence of its title
/// or description says that it is out of use, or recommends another member instead. If that applies to
/// all members, only the mark counts; if that does not tell them apart either, none is superseded.
pub(crate) fn superseded(group: &[Evidence<'_>]) -> Vec<bool> {
    let by_flag: Vec<bool> = group.iter().map(|member| member.flag).collect();
    let decides = |marks: &[bool]| marks.contains(&true) && marks.contains(&false);
    if group.len() <= MAX_TWINS {
        let by_text = (0..group.len()).map(|index| says_so(group, index));
        let either: Vec<bool> =
            by_flag.iter().zip(by_text).map(|(flag, text)| *flag || text).collect();
        if decides(&either) {
            return either;
        }
    }
    if decides(&by_flag) { by_flag } else { vec![false; group.len()] }
}

/// Returns whether the texts of a member say that it is superseded.
fn says_so(group: &[Evidence<'_>], index: usize) -> bool {
    let Some(member) = group.get(index) else { return false };
    let twins: Vec<&str> =
        group.iter().map(|other| other.wire).filter(|wire| *wire != member.wire).collect();
    member
        .texts
        .iter()
        .flat_map(|text| text.split(['。', '\n', ';', '；', '!', '！']))
        .flat_map(|part| part.split(". "))
        .any(|sentence| sentence_says_so(sentence, &twins))
}

fn sentence_says_so(sentence: &str, twins: &[&str]) -> bool {
    let lower = sentence.to_ascii_lowercase();
    let is_retired = RETIRED.iter().any(|word| lower.contains(word));
    let mut is_about_twin = false;
    for twin in twins {
        for start in mentions(sentence, twin) {
            let (before, after) = around(&lower, start, twin.len());
            if !is_retired && !is_name(sentence, start, twin) {
                continue;
            }
            let is_offered = after.contains("instead") && !after.contains("instead of");
            if is_recommended(before) || is_offered {
                return true;
            }
            is_about_twin |= is_name(sentence, start, twin);
        }
    }
    is_retired && !is_about_twin && is_about_itself(&lower)
}

/// Words by which a sentence is about the parameter that it describes, in lower case.
const ITSELF: &[&str] = &[
    "this parameter",
    "this field",
    "this property",
    "parameter is",
    "parameter has been",
    "parameter will be",
    "field is",
    "field has been",
    "field will be",
    "该参数",
    "此参数",
    "本参数",
    "参数已",
    "参数即将",
    "参数将",
    "该字段",
    "此字段",
    "本字段",
    "字段已",
    "字段即将",
    "字段将",
];

/// Returns whether a sentence that says that something is out of use means its own parameter: it names it,
/// it starts with the word, or the word is in brackets. "A deprecated image" means something else.
fn is_about_itself(lower: &str) -> bool {
    let is_filler = |character: char| {
        character.is_ascii_punctuation()
            || character.is_whitespace()
            || matches!(
                character,
                '【' | '】' | '（' | '）' | '，' | '：' | '、' | '已' | '即' | '将' | '被'
            )
    };
    let core = lower.trim_matches(is_filler);
    ITSELF.iter().any(|word| lower.contains(word))
        || RETIRED.iter().any(|word| {
            let word = word.trim_matches(is_filler);
            core.starts_with(word)
                || ["(", "[", "【", "（"].iter().any(|open| {
                    lower.contains(&format!("{open}{word}"))
                        || lower.contains(&format!("{open}已{word}"))
                })
        })
}

/// Returns the positions where a text contains a name as a whole word, in the same case.
fn mentions<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let found = text.match_indices(name).filter(move |(start, _)| {
        let (before, after) = around(text, *start, name.len());
        !before.chars().next_back().is_some_and(is_word)
            && !after.chars().next().is_some_and(is_word)
    });
    found.map(|(start, _)| start).filter(move |_| !name.is_empty())
}

fn around(text: &str, start: usize, length: usize) -> (&str, &str) {
    (text.get(..start).unwrap_or_default(), text.get(start + length..).unwrap_or_default())
}

/// Returns whether a word is meant as the name of a parameter: `key` can also be the common word.
fn is_name(sentence: &str, start: usize, name: &str) -> bool {
    let (before, after) = around(sentence, start, name.len());
    let is_marked = before.ends_with(['`', '"', '\'', '“', '「', '【', '.', '*']);
    let next = after.trim_start_matches(['`', '"', '\'', '”', '」', '】', '*', ' ']);
    is_marked
        || ["parameter", "field", "参数", "字段"].iter().any(|noun| next.starts_with(noun))
        || name.bytes().any(|byte| !byte.is_ascii_lowercase())
}

/// Returns whether the text before a name recommends it.
fn is_recommended(before: &str) -> bool {
    let last = USE.iter().filter_map(|word| Some((before.rfind(word)?, word.len()))).max();
    let Some((start, length)) = last else { return false };
    let (context, between) = around(before, start, length);
    between.len() <= MAX_DISTANCE
        && !NOT.iter().any(|word| context.ends_with(word))
        && !WITH.iter().any(|word| between.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Judges `key` and `Key` by their texts.
    fn judge(key: &str, capital_key: &str) -> (bool, bool) {
        let evidence = |wire, text| Evidence { wire, flag: false, texts: vec![text] };
        match superseded(&[evidence("key", key), evidence("Key", capital_key)]).as_slice() {
            [first, second] => (*first, *second),
            _ => (false, false),
        }
    }

    #[test]
    fn a_text_about_something_else_that_is_out_of_use_is_not_of_a_superseded_one() {
        for text in [
            "Key of a deprecated template.",
            "The status. Valid values: Deprecated, Active.",
            "Whether to include deprecated images.",
            "是否包含已废弃的镜像",
            "Replaces key, which is no longer supported.",
            "The tag key. The parameter key is discontinued; use Key.",
            "推荐使用。key已废弃。",
            "Removes versions that are no longer used.",
        ] {
            assert_eq!(judge("The key.", text), (false, false), "{text}");
        }
    }

    #[test]
    fn a_text_that_recommends_the_other_name_is_of_the_superseded_one() {
        for text in [
            "The key. Use `Tag.N.Key` instead.",
            "We recommend that you use the Key parameter.",
            "Deprecated.",
            "This parameter is deprecated, use `Key`.",
            "This field will be removed.",
            "Replaced by Key.",
            "`Key` should be set instead.",
            "标签键。\n\n> 建议尽量使用Tag.N.Key参数。",
            "已废弃，请使用 Key。",
            "该参数不推荐使用。",
            "已被`Key`取代。",
        ] {
            assert_eq!(judge(text, "The key of the tag."), (true, false), "{text}");
        }
    }

    #[test]
    fn a_text_about_the_superseded_name_is_of_the_current_one() {
        for text in [
            "Replaces the deprecated `key`.",
            "`Tag.N.key` is deprecated, use this one.",
            "Tag.N.key已废弃，请使用本参数。",
            "Use this instead of `key`.",
        ] {
            assert_eq!(judge("The key.", text), (false, false), "{text}");
            assert_eq!(judge("Deprecated.", text), (true, false), "{text}");
        }
    }

    #[test]
    fn other_texts_decide_nothing() {
        for text in [
            "Do not use `Key`.",
            "Use it together with `Key`.",
            "Use either this or `Key`.",
            "Ignored when you use `Key`.",
            "如果使用了Key参数，则忽略。",
            "请勿使用 Key。",
            "",
        ] {
            assert_eq!(judge(text, "Use the tag key to select."), (false, false), "{text}");
        }
        assert_eq!(judge("Deprecated.", "Deprecated."), (false, false));
    }

    #[test]
    fn a_mark_decides_where_the_texts_do_not() {
        let evidence = |wire, flag| Evidence { wire, flag, texts: vec!["Deprecated."] };
        assert_eq!(superseded(&[evidence("a", true), evidence("A", false)]), [true, false]);
        assert_eq!(superseded(&[evidence("a", true), evidence("A", true)]), [false, false]);
    }
}
