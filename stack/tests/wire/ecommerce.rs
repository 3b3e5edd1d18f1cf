//! The whole platform over the wire: all four verbs.
