//! What Discord's markdown makes of a text: everything in it that is more than text.
//! <https://docs.discord.com/developers/reference#message-formatting>

/// Something that is more than text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Live {
    /// `<@1>`, `<#1>`, `<t:1:R>` and their like, without the brackets.
    Bracketed(String),
    /// The address of a masked link.
    Link(String),
    /// An address that stands as it is.
    Address(String),
    /// Small print, a heading, an item of a list, a quotation: how it begins.
    Row(String),
    /// Anything else: emphasis, a spoiler, an emoji, everybody, a fence that is never closed.
    Mark(String),
}

/// All that is live in a text. Bold marks in pairs and code are left out: they change nothing but the look.
pub(super) fn live(text: &str) -> Vec<Live> {
    let mut found = Vec::new();
    let mut bold = 0;
    let mut rest = text;
    let mut starts_row = true;
    while let Some(c) = rest.chars().next() {
        if starts_row {
            found.extend(row(rest));
        }
        let (live, length) = at(rest, c);
        bold += usize::from(rest.starts_with("**") && length == 2);
        found.extend(live);
        starts_row = c == '\n' || (starts_row && c.is_whitespace());
        rest = &rest[length..];
    }
    found.extend((bold % 2 == 1).then(|| Live::Mark("**".to_owned())));
    found
}

/// What is live where a text begins, and how long it is.
fn at(text: &str, c: char) -> (Option<Live>, usize) {
    let after = &text[c.len_utf8()..];
    let mark = |mark: &str| (Some(Live::Mark(mark.to_owned())), mark.len());
    match c {
        '\\' => match after.chars().next().filter(|c| !c.is_alphanumeric() && !c.is_whitespace()) {
            Some(escaped) => (None, 1 + escaped.len_utf8()),
            None => (None, 1),
        },
        '`' => {
            let fence = if text.starts_with("```") { "```" } else { "`" };
            match text[fence.len()..].find(fence) {
                Some(end) => (None, end + 2 * fence.len()),
                None => mark(fence),
            }
        }
        '<' => match text.find('>') {
            Some(end) => (Some(Live::Bracketed(text[1..end].to_owned())), end + 1),
            None => (None, 1),
        },
        '[' => link(text).map_or_else(|| mark("["), |(url, length)| (Some(Live::Link(url)), length)),
        '*' if text.starts_with("**") => (None, 2),
        '*' | '_' => mark(&text[..1]),
        '~' if text.starts_with("~~") => mark("~~"),
        '|' if text.starts_with("||") => mark("||"),
        '@' if after.starts_with("everyone") || after.starts_with("here") => mark("@"),
        ':' => match after.split_once(':').map(|(name, _)| name) {
            Some(name) if is_emoji(name) => mark(&text[..name.len() + 2]),
            Some(_) | None => (None, 1),
        },
        'h' if text.starts_with("http://") || text.starts_with("https://") => {
            let end = text.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(text.len());
            (Some(Live::Address(text[..end].to_owned())), end)
        }
        _ => (None, c.len_utf8()),
    }
}

fn is_emoji(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(&b))
}

/// `[words](https://…)`
fn link(text: &str) -> Option<(String, usize)> {
    let mut escaped = false;
    let close = text.char_indices().skip(1).find_map(|(at, c)| {
        let closes = c == ']' && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at)
    })?;
    let url = text[close + 1..].strip_prefix('(')?;
    let end = url.find(')')?;
    Some((url[..end].to_owned(), close + 2 + end + 1))
}

/// What counts only where a row begins.
fn row(text: &str) -> Option<Live> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text[digits..].starts_with(['.', ')']).then(|| &text[..digits + 1]).filter(|_| digits > 0);
    let signs = ["-# ", "# ", "## ", "### ", "- ", "* ", "+ ", ">"];
    let sign = signs.into_iter().find(|sign| text.starts_with(sign));
    sign.or(number).map(|row| Live::Row(row.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_more_than_text_is_found_and_what_is_escaped_is_not() {
        let mark = |mark: &str| vec![Live::Mark(mark.to_owned())];
        assert_eq!(live("a <@1>"), [Live::Bracketed("@1".to_owned())]);
        assert_eq!(live(r"[a\]b](https://x)"), [Live::Link("https://x".to_owned())]);
        assert_eq!(live("a\n # b"), [Live::Row("# ".to_owned())]);
        assert_eq!(live("1. b"), [Live::Row("1.".to_owned())]);
        assert_eq!(live("see https://x y"), [Live::Address("https://x".to_owned())]);
        assert_eq!(
            [live("a *b"), live("**a"), live("x ||y"), live("@here"), live(":fire:"), live("``` x")],
            [mark("*"), mark("**"), mark("||"), mark("@"), mark(":fire:"), mark("```"),]
        );
        let tame = r"\<\@1> \[a\](b) **x\*** `<@1> *` 10\:42 \:fire: a-b a. \# \@here";
        assert_eq!(live(tame), [] as [Live; 0]);
    }
}
