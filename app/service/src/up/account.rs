//! The account that a data store runs as, and the folder of its data.

use super::error::Error;
use std::path::PathBuf;

/// An account of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// The user's number.
    pub uid: u32,
    /// The group's number.
    pub gid: u32,
}

/// The account to run `program` as: `None` for the present one, unless that is root, as which a data store refuses to
/// run or should not; then the first of `accounts` that exists.
///
/// # Errors
/// [`Error::NoAccount`] when none of them exists.
pub fn server_account(program: &'static str, accounts: &[&'static str]) -> Result<Option<Account>, Error> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let file = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let account = accounts.iter().find_map(|name| named(&file, name));
    account.map(Some).ok_or_else(|| Error::NoAccount {
        program,
        accounts: accounts.to_vec(),
    })
}

fn named(accounts: &str, name: &str) -> Option<Account> {
    accounts.lines().find_map(|line| {
        let mut parts = line.split(':');
        (parts.next() == Some(name)).then_some(())?;
        let uid = parts.nth(1)?.parse().ok()?;
        let gid = parts.next()?.parse().ok()?;
        Some(Account { uid, gid })
    })
}

/// The default folder of the data. For root it is outside of root's home, which the data store's account cannot enter.
pub fn data_folder(name: &str) -> PathBuf {
    if rustix::process::geteuid().is_root() {
        return PathBuf::from("/var/lib").join(name);
    }
    let folder = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    folder.or_else(home).unwrap_or_else(std::env::temp_dir).join(name)
}

#[cfg(test)]
mod tests {
    use super::{Account, named};

    #[test]
    fn reads_the_account_file() {
        let file =
            "root:x:0:0:root:/root:/bin/bash\npostgres:x:106:113:PostgreSQL:/var/lib/postgresql:/bin/bash\n";
        assert_eq!(named(file, "postgres"), Some(Account { uid: 106, gid: 113 }));
        assert_eq!(named(file, "nobody"), None);
        assert_eq!(named("postgres:x\n", "postgres"), None);
    }
}
