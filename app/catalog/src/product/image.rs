//! The images of products: their kinds, and their addresses, which are hashes of their contents.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The kind of an image, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
}

impl ImageKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Png, Self::Jpeg, Self::Webp];

    /// The kind of an image; `None` when the bytes are none.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    /// The ending of an address.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
        }
    }

    /// The content type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    /// The kind that an address names.
    pub fn of_address(address: &str) -> Option<Self> {
        let extension = address.rsplit('.').next()?;
        Self::ALL.into_iter().find(|kind| kind.extension() == extension)
    }

    /// The address of an image of this kind.
    pub fn address(self, bytes: &[u8]) -> String {
        let mut address = "/api/images/".to_owned();
        for byte in &Sha256::digest(bytes)[..16] {
            // A text takes everything that is written to it.
            let _ = write!(address, "{byte:02x}");
        }
        address.push('.');
        address.push_str(self.extension());
        address
    }
}
