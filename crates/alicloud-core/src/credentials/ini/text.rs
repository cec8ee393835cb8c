//! INI text, as far as profiles need it.
//!
//! Written by hand, because it borrows: the crates for this copy each value and free the copies with
//! the secrets still in them.

/// Sections of keys and values, in the order of the text.
pub(super) struct Ini<'a>(Vec<(&'a str, Vec<(&'a str, &'a str)>)>);

/// All that a text says of one section.
pub(super) struct Section<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Ini<'a> {
    /// Reads a text. The error is the number of the line that means nothing.
    ///
    /// Comments begin with `#` or `;` at the begin of a line, or behind a blank. Values may stand in
    /// quotes. What stands in front of the first section belongs to none.
    pub(super) fn parse(text: &'a str) -> Result<Ini<'a>, usize> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut sections = Vec::from([("", Vec::new())]);
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            if let Some(rest) = line.strip_prefix('[') {
                let (name, _) = rest.split_once(']').ok_or(number)?;
                sections.push((name.trim(), Vec::new()));
                continue;
            }
            let (key, value) = line.split_once('=').ok_or(number)?;
            let key = key.trim_end();
            match sections.last_mut() {
                Some((_, pairs)) if !key.is_empty() => pairs.push((key, clean(value))),
                _ => return Err(number),
            }
        }
        Ok(Ini(sections))
    }

    /// A section by its name; one that stands there more than once is one.
    pub(super) fn section(&self, name: &str) -> Option<Section<'a>> {
        let mut same = self.0.iter().filter(|(known, _)| *known == name && !name.is_empty());
        let mut pairs = same.next()?.1.clone();
        same.for_each(|(_, more)| pairs.extend(more));
        Some(Section(pairs))
    }
}

impl<'a> Section<'a> {
    /// A value that is not empty; the last one of several.
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        let mut pairs = self.0.iter().rev();
        let (_, value) = pairs.find(|(known, _)| known.eq_ignore_ascii_case(key))?;
        Some(*value).filter(|value| !value.is_empty())
    }
}

/// A value without its comment and its quotes.
fn clean(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some((inner, _)) = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote))
        {
            return inner;
        }
    }
    let mut before = ' ';
    for (at, character) in value.char_indices() {
        if matches!(character, '#' | ';') && before.is_whitespace() {
            return value.get(..at).unwrap_or_default().trim_end();
        }
        before = character;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let text = "\u{feff}; a comment\nstray = 1\n[ default ]\r\nType = access_key # why\r\n\
                    id=a=b;c#d\n  quoted = \"x # y\"  \nempty =\nhash = # nothing\ntype = later\n\
                    [other]\nid = o\n[default]\nlate = 'z'\n";
        let ini = Ini::parse(text).unwrap();
        let section = ini.section("default").unwrap();
        for (key, value) in [
            ("type", Some("later")),
            ("id", Some("a=b;c#d")),
            ("quoted", Some("x # y")),
            ("empty", None),
            ("hash", None),
            ("late", Some("z")),
            ("stray", None),
        ] {
            assert_eq!(section.get(key), value, "{key}");
        }
        assert_eq!(ini.section("other").unwrap().get("id"), Some("o"));
        assert!(ini.section("").is_none() && ini.section("Default").is_none());
    }

    #[test]
    fn says_which_line_means_nothing() {
        for (text, line) in [("[default", 1), ("a=1\nnonsense", 2), ("\n\n = 3", 3)] {
            assert_eq!(Ini::parse(text).err(), Some(line), "{text:?}");
        }
    }
}
