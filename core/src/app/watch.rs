//! Looking after those who are on call, hour by hour: the first look sets the timer for all others.

use super::Muster;
use super::alone::Cause;
use crate::decide::{Needs, watch};
use crate::ids::RequestId;
use crate::ports::store::StoreError;

impl Muster {
    /// Begins to look after those who are on call, unless that was begun before.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn begin_watch(&self) -> Result<(), StoreError> {
        let cause = Cause { needs: Needs::default(), request: RequestId::from("!watch:first"), fired: None };
        self.decide_alone(cause, watch::begin).await
    }
}
