//! The status page as customers see it: its markup, and how it looks and reads in a real browser.

mod browser;
mod hostile;
mod markup;
mod truth;
mod words;
