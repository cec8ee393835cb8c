//! A parser for the INI format of credentials files.
//!
//! The values are borrowed. INI crates copy them and do not wipe the copies, which contain secrets.

/// Sections with their keys and values, in the order of the text.
pub(super) struct Ini<'a>(Vec<(&'a str, Vec<(&'a str, &'a str)>)>);

/// The keys and values of one section.
pub(super) struct Section<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Ini<'a> {
    /// Parses a text.
    ///
    /// Keys and values are separated by `=` or `:`, whichever is first. Comments begin with `#` or `;`.
    /// Values can be quoted. Keys before the first section are ignored.
    ///
    /// # Errors
    ///
    /// The number of the first invalid line.
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
            let (key, value) = line.split_once(['=', ':']).ok_or(number)?;
            let key = key.trim_end();
            match sections.last_mut() {
                Some((_, pairs)) if !key.is_empty() => pairs.push((key, parse_value(value))),
                _ => return Err(number),
            }
        }
        Ok(Ini(sections))
    }

    /// Returns the section of this name. Sections of the same name are merged.
    pub(super) fn section(&self, name: &str) -> Option<Section<'a>> {
        let mut sections = self.0.iter().filter(|(known, _)| *known == name && !name.is_empty());
        let mut pairs = sections.next()?.1.clone();
        sections.for_each(|(_, more)| pairs.extend(more));
        Some(Section(pairs))
    }
}

impl<'a> Section<'a> {
    /// Returns the last value of a key, if it is not empty.
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        let mut pairs = self.0.iter().rev();
        let (_, value) = pairs.find(|(known, _)| known.eq_ignore_ascii_case(key))?;
        Some(*value).filter(|value| !value.is_empty())
    }
}

/// Removes a comment and quotes from a value.
fn parse_value(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some((inner, _)) = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote))
        {
            return inner;
        }
    }
    value.split(['#', ';']).next().unwrap_or_default().trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_comments_quotes_and_repeated_sections() {
        let text = "\u{feff}; a comment\nstray = 1\n[ default ]\r\nType = access_key # why\r\n\
                    id=a=b;c#d\nrole: acs:ram::1:r\n  quoted = \"x # y\"  \nempty =\nhash = # nothing\ntype = later\n\
                    [other]\nid = o\n[default]\nlate = 'z'\n";
        let ini = Ini::parse(text).unwrap();
        let section = ini.section("default").unwrap();
        for (key, value) in [
            ("type", Some("later")),
            ("id", Some("a=b")),
            ("role", Some("acs:ram::1:r")),
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
    fn reports_the_invalid_line() {
        for (text, line) in [("[default", 1), ("a=1\nnonsense", 2), ("\n\n = 3", 3)] {
            assert_eq!(Ini::parse(text).err(), Some(line), "{text:?}");
        }
    }
}
