//! The style of the page: one sheet within each page, with the operator's accent made readable.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::fmt;

const SHEET: &str = include_str!("../assets/page.css");
const ACCENT: Colour = Colour([0x1d, 0x4f, 0xc4]);
const WHITE: Colour = Colour([0xff; 3]);
const BLACK: Colour = Colour([0; 3]);
const LIGHT: Surfaces = Surfaces { page: Colour([0xf5, 0xf6, 0xf8]), card: WHITE };
const DARK: Surfaces = Surfaces { page: Colour([0x0f, 0x12, 0x17]), card: Colour([0x18, 0x1c, 0x23]) };

/// What text needs against what is behind it: <https://www.w3.org/TR/WCAG22/#contrast-minimum>.
const CONTRAST: f64 = 4.5;

/// The sheet, and its hash for the content security policy: <https://www.w3.org/TR/CSP3/#match-element-to-source-list>.
#[derive(Debug)]
pub(crate) struct Style {
    pub(crate) sheet: String,
    pub(crate) policy: String,
}

impl Style {
    /// The style with that accent, `#rrggbb`; with our own, if it is none.
    pub(crate) fn with(accent: Option<&str>) -> Self {
        let accent = accent.and_then(Colour::read).unwrap_or(ACCENT);
        let (light, dark) = (LIGHT.colours(accent), DARK.colours(accent));
        // Every page holds all of it: what is there for whoever edits it is left out.
        let own: String = SHEET.lines().map(str::trim).collect();
        let sheet = format!(":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}{own}");
        let hash = STANDARD.encode(Sha256::digest(sheet.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; img-src 'self' data:; form-action 'self'; base-uri 'none'"
        );
        Self { sheet, policy }
    }
}

/// What is behind text.
struct Surfaces {
    page: Colour,
    card: Colour,
}

impl Surfaces {
    /// The colours that follow from the accent. What is written on the accent has the colour of the page, against which it can be read.
    fn colours(&self, accent: Colour) -> String {
        let accent = accent.readable_on([self.page, self.card]);
        format!("--bg:{};--card:{};--accent:{accent}", self.page, self.card)
    }
}

/// A colour, as red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour([u8; 3]);

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Colour {
    fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>
    fn luminance(self) -> f64 {
        let linear = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        let [red, green, blue] = linear;
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>
    fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The same, `part` of a hundred towards another.
    fn towards(self, other: Self, part: u16) -> Self {
        let mut mixed = self.0;
        for (own, other) in mixed.iter_mut().zip(other.0) {
            let sum = u16::from(*own) * (100 - part) + u16::from(other) * part;
            *own = u8::try_from(sum / 100).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }

    /// The nearest that can be read on all of these: darker on what is light, lighter on what is dark.
    fn readable_on(self, surfaces: [Self; 2]) -> Self {
        let end = if surfaces[0].luminance() > 0.2 { BLACK } else { WHITE };
        let is_readable = |colour: &Self| surfaces.iter().all(|surface| colour.contrast(*surface) >= CONTRAST);
        (0..=100).map(|part| self.towards(end, part)).find(is_readable).unwrap_or(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        let grey = Colour::read("#767676").expect("a colour");
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 1e-9);
        assert!((grey.contrast(WHITE) - 4.54).abs() < 0.005, "{}", grey.contrast(WHITE));
    }

    #[test]
    fn whatever_the_accent_it_can_be_read() {
        let parts = [0, 64, 128, 192, 255];
        for accent in parts.iter().flat_map(|r| parts.iter().flat_map(move |g| parts.map(|b| Colour([*r, *g, b])))) {
            for surfaces in [LIGHT, DARK] {
                let shown = accent.readable_on([surfaces.page, surfaces.card]);
                assert!(shown.contrast(surfaces.page) >= CONTRAST, "{accent} became {shown}");
                assert!(shown.contrast(surfaces.card) >= CONTRAST, "{accent} became {shown}");
            }
        }
    }

    #[test]
    fn a_good_accent_stays_as_it_is() {
        let green = Colour::read("#0f6b4f").expect("a colour");
        assert_eq!(green.readable_on([LIGHT.page, LIGHT.card]), green);
        assert!(Style::with(Some("#0f6b4f")).sheet.contains("--accent:#0f6b4f"));
    }

    #[test]
    fn what_is_no_colour_is_not_let_in() {
        let own = Style::with(None).sheet;
        for wrong in ["", "red", "#12", "#12345g", "#ååå", "0f6b4f", "#fff}body{display:none"] {
            assert_eq!(Style::with(Some(wrong)).sheet, own, "{wrong}");
        }
    }
}
