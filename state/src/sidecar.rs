//! Files beside a state on this machine, such as the key of its fingerprints, and copying them when the state moves.
//!
//! Not here: which files these are, which the program knows, and the state itself ([`Transfer`](crate::Transfer)).

use std::path::Path;

use zeroize::Zeroizing;

use crate::{
    clock::{Clock as _, SystemClock},
    disk::{Access, Folder as _, RealFolder, write_all},
    error::Error,
    lease::random_hex,
};

/// Copies the file `name`, which stands beside a state, from one folder of this machine to another, if it is there:
/// durably, for its owner alone, and following no link. Another file of that name is given one that ends in a number.
/// Returns whether there was anything to copy.
///
/// # Errors
/// When it could not be read or written.
pub fn copy_sidecar(name: &str, from: &Path, to: &Path) -> Result<bool, Error> {
    let failed = |folder: &Path, doing| {
        let path = folder.join(name);
        move |source| Error::File { path, doing, source }
    };
    let read = |folder: &Path| {
        let file = RealFolder::at(folder).open(name, Access::Read);
        let text = file.and_then(|file| file.map(|file| file.read()).transpose());
        text.map(|text| text.map(Zeroizing::new))
            .map_err(failed(folder, "read"))
    };
    let Some(bytes) = read(from)? else {
        return Ok(false);
    };
    let there = read(to)?;
    if there.as_ref() == Some(&bytes) {
        return Ok(false);
    }
    let (new, folder) = (format!("{name}.{}", random_hex()?), RealFolder::at(to));
    let written = folder.make().and_then(|()| folder.create(&new)).and_then(|file| {
        write_all(&*file, 0, &bytes)?;
        file.sync()?;
        if there.is_some() {
            folder.rename(name, &format!("{name}.{}", SystemClock.wall_ms()))?;
        }
        folder.rename(&new, name)?;
        folder.sync()
    });
    written.map_err(failed(to, "write"))?;
    Ok(true)
}
