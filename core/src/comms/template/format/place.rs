//! Where a character of a TOML string stands in the file: escapes, and the line that `"""` begins with, are not in the string.

/// The place in `file` of the character at `at` in a string, which begins with its quotes at `start`.
/// <https://toml.io/en/v1.0.0#string>
pub(super) fn place(file: &str, start: usize, (string, at): (&str, usize)) -> usize {
    let raw = file.get(start..).unwrap_or_default();
    let is_literal = raw.starts_with('\'');
    let is_long = raw.starts_with("\"\"\"") || raw.starts_with("'''");
    let mut seen = if is_long { 3 } else { 1 };
    if is_long {
        seen += raw[seen.min(raw.len())..]
            .find('\n')
            .filter(|&end| raw[seen..seen + end].trim().is_empty())
            .map_or(0, |end| end + 1);
    }
    let mut read = 0;
    for said in string.chars() {
        // A backslash at the end of a line takes the space that follows away.
        while !is_literal && is_continued(&raw[seen.min(raw.len())..]) {
            let rest = &raw[seen + 1..];
            seen += 1 + rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
        }
        if read >= at {
            break;
        }
        read += said.len_utf8();
        seen += width(&raw[seen.min(raw.len())..], is_literal, said);
    }
    start + seen.min(raw.len())
}

fn is_continued(raw: &str) -> bool {
    let line = raw.strip_prefix('\\').map(|rest| rest.lines().next().unwrap_or_default());
    line.is_some_and(|line| line.trim().is_empty())
}

/// How many bytes of the file one character of the string takes.
fn width(raw: &str, is_literal: bool, said: char) -> usize {
    let mut written = raw.chars();
    match (written.next(), written.next()) {
        (Some('\\'), Some('u')) if !is_literal => 6,
        (Some('\\'), Some('U')) if !is_literal => 10,
        (Some('\\'), Some('x')) if !is_literal => 4,
        (Some('\\'), Some(_)) if !is_literal => 2,
        (Some('\r'), Some('\n')) if said == '\n' => 2,
        (Some(first), _) => first.len_utf8(),
        (None, _) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::de::DeTable;

    #[track_caller]
    fn found(file: &str, character: char) {
        let table = DeTable::parse(file).expect("TOML");
        let value = table.get_ref().values().next().expect("a value");
        let string = value.get_ref().as_str().expect("a string");
        let at = place(file, value.span().start, (string, string.find(character).expect("the character")));
        assert!(file[at..].starts_with(character), "{file:?}: {:?}", &file[at..]);
    }

    #[test]
    fn a_character_is_found_however_the_string_is_written() {
        found("a = \"xå{y\"", '{');
        found("\n\na = 'x\\{y'", '{');
        found("a = \"\"\"\none\ntwo {\n\"\"\"", '{');
        found("a = \"\"\"\r\none\r\ntwo {\r\n\"\"\"", '{');
        found("a = '''\none\n\\{'''", '{');
        found("a = \"\\u00e5\\U0001F600\\n\\\"{\"", '{');
        found("a = \"\"\"one \\\n\n   two {\"\"\"", '{');
        found("a = \"\"\"\\\n   {\"\"\"", '{');
    }
}
