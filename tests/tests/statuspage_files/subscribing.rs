//! Subscribing, confirming and leaving, as browsers and mail programs do it.
