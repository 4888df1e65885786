//! Looking after those who are on call goes on by a timer, which is set here.

use super::Muster;
use super::alone::Cause;
use crate::decide::{Needs, watch};
use crate::ids::RequestId;
use crate::ports::store::StoreError;

impl Muster {
    /// Begins to look after those who are on call, unless that goes on already: to be called after a start.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn begin_watch(&self) -> Result<(), StoreError> {
        let cause = Cause { needs: Needs::default(), request: RequestId::from("!watch:first"), fired: None };
        self.decide_alone(cause, watch::begin).await.map(drop)
    }
}
