//! A state in a `PostgreSQL` database: one row for the snapshot and the lease, one row per journal frame.
//!
//! Time is the server's, so that clocks of several machines need not agree. Every write names the lease's token and is
//! one transaction with the check that it is still held, so that a holder that was dispossessed writes nothing more.
//! When a connection breaks, the exchange is made again on a new one. Durability is the server's: a server with
//! `fsync = off` guarantees none.

mod connection;
mod exchange;

use std::{path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use sha2::{Digest, Sha256};

use self::{
    connection::Connection,
    exchange::{Session, from_number, from_text, held, is_missing, number, seconds, to_text},
};
use crate::{
    backend::{Backend, Backup, Journal, LeaseStatus, Stored},
    error::Error,
    lease::{Held, Holder, Lease, LeaseConfig, SnapshotRef},
};

/// A state in a `PostgreSQL` database.
pub struct Postgres {
    connection: Arc<Connection>,
    name: String,
}

impl Postgres {
    /// The state called `name`, such as `shop/production`, in the database at `url`, such as
    /// `postgresql://tenon@db.example.com/infrastructure`. The connection is encrypted and the server's certificate is
    /// checked, by the PEM file `roots` or else by the system's certificates, unless the server is this very machine.
    ///
    /// # Errors
    /// When `url` cannot be understood. Nothing is connected yet.
    pub fn new(url: &str, name: impl Into<String>, roots: Option<PathBuf>) -> Result<Self, Error> {
        let connection = Connection::new(url, roots).map_err(|source| Error::Backend {
            location: "the address of the PostgreSQL database".to_owned(),
            doing: "understand it",
            source: source.into(),
        })?;
        Ok(Self {
            connection: Arc::new(connection),
            name: name.into(),
        })
    }

    /// Signs in with `password`, unless the address has one. Says nothing to a connection that is made already.
    #[must_use]
    pub fn or_password(mut self, password: &str) -> Self {
        if let Some(connection) = Arc::get_mut(&mut self.connection) {
            connection.or_password(password);
        }
        self
    }
}

impl Postgres {
    /// Names of the states of the database that begin with this one's name and a `/`, without that: of `shop` those of its
    /// environments.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn names(&self) -> Result<Vec<String>, Error> {
        let names = self.exchange("list the states in", move |Session { client, name, .. }| {
            Box::pin(async move {
                let all = "SELECT substr(name, length($1) + 2) AS inner_name FROM tenon.state
                            WHERE snapshot IS NOT NULL AND starts_with(name, $1 || '/') ORDER BY name";
                let rows = match client.query(all, &[&name]).await {
                    Err(error) if is_missing(&error) => return Ok(vec![]),
                    rows => rows?,
                };
                let names = rows.iter().map(|row| row.try_get("inner_name"));
                Ok(names.collect::<Result<Vec<String>, _>>()?)
            })
        });
        Ok(names
            .await?
            .into_iter()
            .filter(|name| !name.contains('/'))
            .collect())
    }
}

#[async_trait]
impl Backend for Postgres {
    fn location(&self) -> String {
        format!(
            "{} in the PostgreSQL database {}",
            self.name,
            self.connection.location()
        )
    }

    async fn acquire(&self, holder: &Holder, terms: &LeaseConfig) -> Result<Lease, Error> {
        let who = &to_text(Some(holder))?;
        let taken = self
            .exchange("take the lease", move |session| {
                Box::pin(async move {
                    let Session { client, name, .. } = &session;
                    let add = "INSERT INTO tenon.state (name) VALUES ($1) ON CONFLICT DO NOTHING";
                    match client.execute(add, &[&name]).await {
                        Err(error) if is_missing(&error) => {
                            session.make_tables().await?;
                            client.execute(add, &[&name]).await?;
                        }
                        other => {
                            other?;
                        }
                    }
                    // Ours already when the answer to an earlier try was lost.
                    let take = "UPDATE tenon.state
                       SET holder = $2, token = $3, fence = fence + 1,
                           until = clock_timestamp() + $4 * interval '1 second'
                     WHERE name = $1 AND (token IS NULL OR token = $3 OR until <= clock_timestamp())
                 RETURNING fence, lease_mark";
                    let row = client
                        .query_opt(take, &[&name, &who, &holder.token, &seconds(terms.ttl)])
                        .await?;
                    if let Some(row) = row {
                        let snapshot_ref = from_text(row.try_get("lease_mark")?)?;
                        return Ok(Ok((from_number(row.try_get("fence")?), snapshot_ref)));
                    }
                    let look =
                        "SELECT holder, fence, extract(epoch FROM until - clock_timestamp())::float8 AS left
                              FROM tenon.state WHERE name = $1";
                    Ok(Err(held(&client.query_one(look, &[&name]).await?)?))
                })
            })
            .await?;
        match taken {
            Ok((fence, snapshot_ref)) => Ok(Lease {
                holder: holder.clone(),
                fence,
                ttl: Some(terms.ttl),
                snapshot_ref,
                tag: String::new(),
            }),
            Err(held) => {
                // The lease expired between the two statements: the next attempt gets it.
                let nobody = || Held {
                    holder: holder.clone(),
                    fence: 0,
                    left: Some(Duration::ZERO),
                };
                Err(Error::Locked {
                    location: self.location(),
                    held: Box::new(held.unwrap_or_else(nobody)),
                })
            }
        }
    }

    async fn renew(&self, lease: &Lease, terms: &LeaseConfig) -> Result<Lease, Error> {
        let snapshot_ref = &to_text(lease.snapshot_ref.as_ref())?;
        self.exchange("renew the lease", move |Session { client, name, .. }| {
            Box::pin(async move {
                let renew = "UPDATE tenon.state
                   SET until = clock_timestamp() + $3 * interval '1 second', fence = $4, lease_mark = $5
                 WHERE name = $1 AND token = $2 AND until > clock_timestamp()";
                let token = &lease.holder.token;
                let fence = number(lease.fence);
                let renewed = client
                    .execute(renew, &[&name, token, &seconds(terms.ttl), &fence, &snapshot_ref])
                    .await?;
                if renewed == 1 {
                    Ok(())
                } else {
                    Err(self.lost("it ran out or was taken away"))
                }
            })
        })
        .await?;
        Ok(Lease {
            ttl: Some(terms.ttl),
            ..lease.clone()
        })
    }

    async fn release(&self, lease: &Lease) -> Result<(), Error> {
        let snapshot_ref = &to_text(lease.snapshot_ref.as_ref())?;
        self.exchange("release the lease", move |Session { client, name, again }| {
            Box::pin(async move {
                let release =
                    "UPDATE tenon.state SET holder = NULL, token = NULL, until = NULL, lease_mark = $3
                            WHERE name = $1 AND token = $2";
                let released = client
                    .execute(release, &[&name, &lease.holder.token, &snapshot_ref])
                    .await?;
                if released == 1 || again {
                    Ok(())
                } else {
                    Err(self.lost("it was taken away"))
                }
            })
        })
        .await
    }

    async fn lease_status(&self) -> Result<LeaseStatus, Error> {
        self.exchange("look at the lease", move |Session { client, name, .. }| {
            Box::pin(async move {
                let look = "SELECT holder, fence, lease_mark,
                               extract(epoch FROM until - clock_timestamp())::float8 AS left
                          FROM tenon.state WHERE name = $1";
                match client.query_opt(look, &[&name]).await {
                    Ok(Some(row)) => Ok(LeaseStatus {
                        held: held(&row)?,
                        snapshot_ref: from_text(row.try_get("lease_mark")?)?,
                    }),
                    Ok(None) => Ok(LeaseStatus::default()),
                    Err(error) if is_missing(&error) => Ok(LeaseStatus::default()),
                    Err(error) => Err(error.into()),
                }
            })
        })
        .await
    }

    async fn unlock(&self) -> Result<Option<Held>, Error> {
        self.exchange("take the lease away", move |Session { client, name, .. }| {
            Box::pin(async move {
                let unlock = "WITH old AS (
                    SELECT name, holder, fence, extract(epoch FROM until - clock_timestamp())::float8 AS left
                      FROM tenon.state WHERE name = $1 FOR UPDATE)
                UPDATE tenon.state SET holder = NULL, token = NULL, until = NULL
                  FROM old WHERE tenon.state.name = old.name
             RETURNING old.holder, old.fence, old.left";
                match client.query_opt(unlock, &[&name]).await {
                    Ok(Some(row)) => held(&row),
                    Ok(None) => Ok(None),
                    Err(error) if is_missing(&error) => Ok(None),
                    Err(error) => Err(error.into()),
                }
            })
        })
        .await
    }

    async fn read_journal(&self) -> Result<Option<Journal>, Error> {
        self.exchange("read the journal", move |Session { client, name, .. }| {
            Box::pin(async move {
                // One statement sees one moment.
                let read = "SELECT journal_mark, sequence, frame
                          FROM tenon.state LEFT JOIN tenon.journal USING (name)
                         WHERE name = $1 AND journal_mark IS NOT NULL ORDER BY sequence";
                let rows = match client.query(read, &[&name]).await {
                    Err(error) if is_missing(&error) => return Ok(None),
                    rows => rows?,
                };
                let Some(first) = rows.first() else {
                    return Ok(None);
                };
                let snapshot_ref: Option<SnapshotRef> = from_text(first.try_get("journal_mark")?)?;
                let frames = rows.iter().filter_map(|row| row.try_get("frame").transpose());
                let frames = frames.collect::<Result<Vec<String>, _>>()?;
                Ok(Some(Journal {
                    snapshot_ref,
                    frames,
                    torn: None,
                }))
            })
        })
        .await
    }

    async fn load(&self) -> Result<Option<Stored>, Error> {
        self.exchange("read the state", move |Session { client, name, .. }| {
            Box::pin(async move {
                let read = "SELECT snapshot, tag FROM tenon.state WHERE name = $1 AND snapshot IS NOT NULL";
                match client.query_opt(read, &[&name]).await {
                    Ok(Some(row)) => Ok(Some(Stored {
                        bytes: row.try_get("snapshot")?,
                        tag: row.try_get("tag")?,
                    })),
                    Ok(None) => Ok(None),
                    Err(error) if is_missing(&error) => Ok(None),
                    Err(error) => Err(error.into()),
                }
            })
        })
        .await
    }

    async fn save(&self, lease: &Lease, bytes: Vec<u8>, expected: Option<&str>) -> Result<String, Error> {
        let (tag, bytes) = (&hex::encode(Sha256::digest(&bytes)), &bytes);
        self.exchange("write the state", move |Session { client, name, again }| {
            Box::pin(async move {
                let token = &lease.holder.token;
                let save = "UPDATE tenon.state SET snapshot = $3, tag = $4
                         WHERE name = $1 AND token = $2 AND until > clock_timestamp()
                           AND tag IS NOT DISTINCT FROM $5";
                if client
                    .execute(save, &[&name, token, &bytes, &tag, &expected])
                    .await?
                    == 1
                {
                    return Ok(());
                }
                let look = "SELECT tag FROM tenon.state
                         WHERE name = $1 AND token = $2 AND until > clock_timestamp()";
                match client.query_opt(look, &[&name, token]).await? {
                    Some(row) if again && row.try_get::<_, Option<&str>>("tag")? == Some(tag.as_str()) => {
                        Ok(())
                    }
                    Some(_) => Err(Error::Conflict {
                        location: self.location(),
                    }
                    .into()),
                    None => Err(self.lost("it ran out or was taken away")),
                }
            })
        })
        .await?;
        Ok(tag.clone())
    }

    async fn reserve(&self, lease: &Lease, _bytes: u64) -> Result<(), Error> {
        // Room is the server's to watch over; that it can be written to is worth knowing before the first call.
        self.exchange(
            "check that the journal can be written",
            move |Session { client, name, .. }| {
                Box::pin(async move {
                    let touch = "UPDATE tenon.state SET fence = $3
                          WHERE name = $1 AND token = $2 AND until > clock_timestamp()";
                    let touched = client
                        .execute(touch, &[&name, &lease.holder.token, &number(lease.fence)])
                        .await?;
                    if touched == 1 {
                        Ok(())
                    } else {
                        Err(self.lost("it ran out or was taken away"))
                    }
                })
            },
        )
        .await
    }

    async fn append(&self, lease: &Lease, sequence: u64, frame: &str) -> Result<(), Error> {
        self.exchange("write to the journal", move |Session { client, name, .. }| {
            Box::pin(async move {
                // With the share lock, either a process that takes the lease waits for this insert, or this insert
                // finds the lease taken.
                let append = "WITH lease AS (
                    SELECT name FROM tenon.state
                     WHERE name = $1 AND token = $2 AND until > clock_timestamp() FOR SHARE)
                INSERT INTO tenon.journal (name, sequence, fence, frame)
                SELECT name, $3, $4, $5 FROM lease
                ON CONFLICT DO NOTHING";
                let (number_, fence) = (number(sequence), number(lease.fence));
                if client
                    .execute(append, &[&name, &lease.holder.token, &number_, &fence, &frame])
                    .await?
                    == 1
                {
                    return Ok(());
                }
                let look = "SELECT frame FROM tenon.journal WHERE name = $1 AND sequence = $2";
                match client.query_opt(look, &[&name, &number_]).await? {
                    // Written by the try whose answer was lost: a frame names its writer, so an equal one is ours.
                    Some(row) if row.try_get::<_, &str>("frame")? == frame => Ok(()),
                    Some(_) => Err(self.lost(&format!("frame {sequence} was written by somebody else"))),
                    None => Err(self.lost("it ran out or was taken away")),
                }
            })
        })
        .await
    }

    async fn reset_journal(&self, lease: &Lease, snapshot_ref: &SnapshotRef) -> Result<(), Error> {
        let text = &to_text(Some(snapshot_ref))?;
        self.exchange("start a new journal", move |Session { client, name, .. }| {
            Box::pin(async move {
                let reset = "WITH lease AS (
                    UPDATE tenon.state SET journal_mark = $3, lease_mark = $3
                     WHERE name = $1 AND token = $2 AND until > clock_timestamp() RETURNING name),
                dropped AS (
                    DELETE FROM tenon.journal USING lease
                     WHERE tenon.journal.name = lease.name AND sequence <= $4)
                SELECT name FROM lease";
                let through = number(snapshot_ref.sequence);
                match client
                    .query_opt(reset, &[&name, &lease.holder.token, &text, &through])
                    .await?
                {
                    Some(_) => Ok(()),
                    None => Err(self.lost("it ran out or was taken away")),
                }
            })
        })
        .await
    }

    async fn move_to_backup(&self, lease: &Lease, suffix: &str) -> Result<Backup, Error> {
        let to = &format!("{}@{suffix}", self.name);
        self.exchange(
            "move the state to a backup",
            move |Session { client, name, .. }| {
                Box::pin(async move {
                    // One statement, so one transaction. Done before when an earlier try's answer was lost.
                    let backup = "WITH lease AS (
                            SELECT name, snapshot, tag, journal_mark FROM tenon.state
                             WHERE name = $1 AND token = $2 AND until > clock_timestamp() FOR UPDATE),
                        copy AS (
                            INSERT INTO tenon.state (name, snapshot, tag, journal_mark)
                            SELECT $3, snapshot, tag, journal_mark FROM lease ON CONFLICT DO NOTHING),
                        frames AS (
                            UPDATE tenon.journal SET name = $3 FROM lease
                             WHERE tenon.journal.name = lease.name RETURNING sequence),
                        cleared AS (
                            UPDATE tenon.state SET snapshot = NULL, tag = NULL, journal_mark = NULL
                              FROM lease WHERE tenon.state.name = lease.name)
                        SELECT (SELECT max(sequence) FROM frames) AS sequence FROM lease";
                    let token = &lease.holder.token;
                    let Some(row) = client.query_opt(backup, &[&name, token, to]).await? else {
                        return Err(self.lost("it ran out or was taken away"));
                    };
                    let sequence: Option<i64> = row.try_get("sequence")?;
                    let locations = vec![format!(
                        "{to} in the PostgreSQL database {}",
                        self.connection.location()
                    )];
                    Ok(Backup {
                        locations,
                        sequence: sequence.map(from_number).unwrap_or_default(),
                    })
                })
            },
        )
        .await
    }
}
