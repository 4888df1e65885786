//! Whoever signs for Muster what others are to believe.

/// Signs orders for runners.
pub trait Signer: Send + Sync {
    /// The signature of an order, in letters that JSON takes as they are.
    fn sign(&self, order: &str) -> String;
}
