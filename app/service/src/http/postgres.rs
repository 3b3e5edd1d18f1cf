//! The errors of PostgreSQL as failures of a request.

use super::problem::Problem;
use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

impl From<tokio_postgres::Error> for Problem {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(state) = error.code() else {
            // Without a code the error is not the server's: the connection is lost, or the call itself is wrong.
            return if error.is_closed() || std::error::Error::source(&error).is_some() {
                Self::unavailable(&error)
            } else {
                Self::internal(&error)
            };
        };
        match state {
            &SqlState::QUERY_CANCELED
            | &SqlState::LOCK_NOT_AVAILABLE
            | &SqlState::T_R_DEADLOCK_DETECTED
            | &SqlState::T_R_SERIALIZATION_FAILURE => Self::unavailable(&error),
            state
                if ["08", "53", "57", "25"]
                    .iter()
                    .any(|class| state.code().starts_with(class)) =>
            {
                Self::unavailable(&error)
            }
            _ => Self::internal(&error),
        }
    }
}

impl From<PoolError> for Problem {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) if error.code().is_some() => error.into(),
            error => Self::unavailable(&error),
        }
    }
}
