//! A page as it is read: its words, without how they look.

/// What stands in a page, a line for each block of it.
///
/// # Panics
/// When a tag does not end.
#[must_use]
pub fn reading(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page.split_once("<body").map_or(page, |(_, body)| body.split_once('>').expect("a tag ends").1);
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(&before.split_whitespace().collect::<Vec<_>>().join(" "));
        let (tag, after) = after.split_once('>').expect("a tag ends");
        let name: String = tag.trim_start_matches('/').chars().take_while(|letter| letter.is_alphanumeric()).collect();
        text.push(if ["a", "b", "em", "span", "strong", "time", "small"].contains(&name.as_str()) {
            ' '
        } else {
            '\n'
        });
        rest = after;
    }
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    marks.iter().fold(lines.join("\n"), |text, (mark, letter)| text.replace(mark, letter))
}
