//! The one rule for what is too long: texts are cut with `…`, parts that do not fit are left out from the end, and a
//! last line says so and leads to the whole.

use muster_core::chat::fit::length;
use slack_morphism::prelude::SlackBlock;

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
