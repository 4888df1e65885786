//! The one rule for what is too long: texts are cut with `…`, parts that do not fit are left out from the end, and a
//! last line says so and leads to the whole.

use super::limits::length;
use slack_morphism::prelude::SlackBlock;

/// The text, or as much of it as fits with `…` after it. `limit` is in units of [`length`] and at least 1.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if length(text) <= limit {
        return text.to_owned();
    }
    let mut room = limit.saturating_sub(1);
    let mut out: String = text
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= room;
            room = room.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// Splits a text into pieces that are no longer than `limit`, at white space where there is some.
pub(super) fn pieces(text: &str, limit: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while length(rest) > limit {
        let mut room = limit;
        let end = rest.char_indices().find_map(|(at, c)| {
            let fits = c.len_utf16() <= room;
            room = room.saturating_sub(c.len_utf16());
            (!fits).then_some(at)
        });
        let end = end.unwrap_or(rest.len());
        let soft = rest[..end].rfind(char::is_whitespace).filter(|at| *at > end / 2);
        let at = soft.map_or(end, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
        let (piece, after) = rest.split_at(at);
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}

/// How much a surface holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surface {
    /// Blocks.
    pub(super) blocks: usize,
    /// Their JSON altogether, in units of [`length`].
    pub(super) size: usize,
}

/// What is to be shown, by what may be left out.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Always shown: the title.
    pub(super) head: Vec<SlackBlock>,
    /// Left out from the end.
    pub(super) body: Vec<SlackBlock>,
    /// What one can do; the last are left out only when they alone are too much.
    pub(super) actions: Vec<SlackBlock>,
    /// Always shown, below: the footer.
    pub(super) foot: Vec<SlackBlock>,
    /// Whether something was left out already.
    pub(super) lacking: bool,
}

/// The blocks that fit, with `notice` among them when something is left out.
pub(super) fn fit(parts: Parts, surface: Surface, notice: Option<SlackBlock>) -> Vec<SlackBlock> {
    let mut left = surface;
    for block in parts.head.iter().chain(&parts.foot).chain(&notice) {
        left.take(block);
    }
    let (actions, all_actions) = left.fill(parts.actions);
    let (body, all_body) = left.fill(parts.body);
    let notice = notice.filter(|_| parts.lacking || !all_actions || !all_body);
    [parts.head, body, notice.into_iter().collect(), actions, parts.foot].into_iter().flatten().collect()
}

impl Surface {
    /// Takes the place of a block, if there is any.
    fn take(&mut self, block: &SlackBlock) -> bool {
        let size = serde_json::to_string(block).map_or(usize::MAX, |json| length(&json).saturating_add(1));
        let fits = self.blocks > 0 && size <= self.size;
        if fits {
            self.blocks -= 1;
            self.size -= size;
        }
        fits
    }

    /// The first blocks that fit, and whether those are all.
    fn fill(&mut self, blocks: Vec<SlackBlock>) -> (Vec<SlackBlock>, bool) {
        let all = blocks.len();
        let kept: Vec<_> = blocks.into_iter().take_while(|block| self.take(block)).collect();
        let is_all = kept.len() == all;
        (kept, is_all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_kept_and_what_does_not_ends_with_a_sign() {
        assert_eq!(cut("checkout", 8), "checkout");
        assert_eq!(cut("checkout is down", 9), "checkout…");
        assert_eq!(cut("checkout is down", 10), "checkout…", "no space before the sign");
        assert_eq!(cut("🔥🔥🔥", 4), "🔥…", "a character is never torn");
        assert_eq!(cut("x", 0), "…");
    }

    #[test]
    fn pieces_are_short_enough_break_at_spaces_and_lose_nothing() {
        for text in [
            "",
            "one two three four",
            "onetwothreefourfive",
            "🔥 🔥🔥🔥🔥🔥🔥🔥",
            "a\n\n\n\n\n\n\n\n\n\n\nb",
            "日本語のタイトルを書く",
        ] {
            let pieces = pieces(text, 8);
            assert_eq!(pieces.concat(), text);
            assert!(pieces.iter().all(|piece| length(piece) <= 8), "{pieces:?}");
        }
        assert_eq!(pieces("one two three four", 8), ["one two ", "three ", "four"]);
    }
}
